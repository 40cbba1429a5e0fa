package sim

import (
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
)

// changeSoon has somebody change the settings of a map run while it runs, perhaps.
// Whether it fails stays as it was: else that would be a matter of chance.
func (w *World) changeSoon(l *ledger) {
	if !w.maps.chance(w.plan.Update) {
		return
	}
	l.maps.changes = true
	change := w.drawChange(l.maps.model)
	w.after(w.maps.between(0, 20*time.Second), func() { w.change(l, change) })
}

// change asks for a change until that is acknowledged.
func (w *World) change(l *ledger, change *maprun.Change) {
	again := func() { w.change(l, change) }
	cmd := interpreter.Update{Change: change.Text()}
	w.tracef("run %d is to be changed: %s", l.run, cmd.Change)
	w.ask(&question{run: l.run, cmd: cmd, done: func(a core.Answer) {
		if a.Err != nil && a.Err != core.ErrNotFound {
			w.after(time.Second, again)
		}
	}}, again)
}

func (w *World) drawChange(m *mapModel) *maprun.Change {
	d := w.maps
	if one := int64(1); w.plan.Narrow {
		return &maprun.Change{MaxConcurrency: &one}
	}
	for {
		c := &maprun.Change{}
		concurrency, count, percentage := int64(d.upTo(6)), int64(d.upTo(6)), float64(d.upTo(100))
		if d.chance(0.6) {
			c.MaxConcurrency = &concurrency
		}
		if d.chance(0.4) {
			c.ToleratedFailureCount = &count
		}
		if d.chance(0.4) {
			c.ToleratedFailurePercentage = &percentage
		}
		if m.intolerable(changed(m.config.Settings, c)) == m.intolerable(m.config.Settings) {
			return c
		}
	}
}

func changed(s maprun.Settings, c *maprun.Change) maprun.Settings {
	if c.MaxConcurrency != nil {
		s.MaxConcurrency = *c.MaxConcurrency
	}
	if c.ToleratedFailureCount != nil {
		s.ToleratedFailureCount = *c.ToleratedFailureCount
	}
	if c.ToleratedFailurePercentage != nil {
		s.ToleratedFailurePercentage = *c.ToleratedFailurePercentage
	}
	return s
}

// has says whether a map run has the settings that somebody wanted.
func (l *ledger) has(update interpreter.Command) bool {
	c, err := maprun.ParseChange(update.(interpreter.Update).Change)
	if err != nil {
		return false
	}
	s := l.state.(*maprun.Run).Describe().Settings
	return s == changed(s, c)
}
