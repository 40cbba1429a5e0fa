package logging

import (
	"log/slog"
	"sync/atomic"
)

// losses counts what could not be logged, and says so now and then.
type losses struct {
	log     *slog.Logger
	entries atomic.Uint64 // that were not logged, or not in full
	said    uint64
	last    string // what was said last of why
}

func (l *losses) init(log *slog.Logger) { l.log = log }

func (l *losses) entry() { l.entries.Add(1) }

// failed says why something was not logged, once in a row.
func (l *losses) failed(what string, err error) {
	if text := what + err.Error(); text != l.last {
		l.last = text
		l.log.Warn("execution logs: "+what, "error", err)
	}
}

// report says how many were lost since the last report.
func (l *losses) report() {
	if n := l.entries.Load(); n != l.said {
		l.log.Warn("execution logs: entries were dropped", "entries", n-l.said, "in all", n)
		l.said = n
	}
}

// Dropped is how many entries of executions were not logged, or not in full.
func (f *Follower) Dropped() uint64 { return f.losses.entries.Load() }
