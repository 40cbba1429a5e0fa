package show

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// View is told of every step of an execution, and now and then of nothing, so
// that it can show that time passes.
type View interface {
	Step(Step)
	// Tick: it is now; the steps so far are shown.
	Tick(now time.Time)
	// Done: no more steps come.
	Done()
}

// Lines is a View that writes one line for each step: seconds since the start,
// where, what.
type Lines struct {
	out   io.Writer
	start time.Time
}

// NewLines writes to out.
func NewLines(out io.Writer) *Lines { return &Lines{out: out} }

// Step writes the step's line, if it deserves one.
func (l *Lines) Step(s Step) {
	if l.start.IsZero() {
		l.start = s.At.Time
	}
	if s.What == "" {
		return
	}
	where := "execution"
	if s.Visit != nil {
		where = s.Visit.Path
	}
	fmt.Fprintf(l.out, "%8.3fs  %-26s %s\n", s.At.Sub(l.start).Seconds(), where, Short(s.What, 200))
}

// Tick writes nothing.
func (l *Lines) Tick(time.Time) {}

// Done writes nothing.
func (l *Lines) Done() {}

// Short brings a text into one line of at most width characters.
func Short(text string, width int) string {
	return cut(strings.Join(strings.Fields(text), " "), width)
}

func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:max(width-1, 0)]) + "…"
}
