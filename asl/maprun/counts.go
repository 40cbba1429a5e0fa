package maprun

import "github.com/fermata-dev/fermata/interpreter"

// Counts tell how many items, or children, are in which state.
type Counts struct {
	Pending, Running, Succeeded, Failed, TimedOut, Aborted, Total, ResultsWritten int64
	// NotRedrivable are those that did not succeed and cannot run again,
	// PendingRedrive those that wait to.
	NotRedrivable, PendingRedrive int64
}

// add counts n more that ended so.
func (c *Counts) add(status interpreter.Status, n int64) {
	switch status {
	case interpreter.Succeeded:
		c.Succeeded += n
	case interpreter.TimedOut:
		c.TimedOut += n
	case interpreter.Aborted:
		c.Aborted += n
	default:
		c.Failed += n
	}
}

func (c *Counts) ended() int64 { return c.Succeeded + c.Failed + c.TimedOut + c.Aborted }

// unsuccessful is what the tolerance is about.
func (c *Counts) unsuccessful() int64 { return c.Failed + c.TimedOut + c.Aborted }

func (c *Counts) layout(w *codec) {
	for _, n := range []*int64{&c.Running, &c.Succeeded, &c.Failed, &c.TimedOut, &c.Aborted, &c.Total, &c.ResultsWritten} {
		w.Signed(n)
	}
}

// Description is how a map run stands.
type Description struct {
	Items, Executions Counts
	Settings
}

// Describe tells how the map run stands.
func (r *Run) Describe() Description {
	d := Description{Items: r.items, Executions: r.executions, Settings: r.settings}
	d.Items.PendingRedrive, d.Executions.PendingRedrive = r.redo.items.unsuccessful(), r.redo.waiting()
	if r.redrives > 0 && !r.status.Closed() { // as AWS shows it
		d.Items.ResultsWritten, d.Executions.ResultsWritten = 0, 0
	}
	d.Items.Pending = d.Items.Total - d.Items.Running - d.Items.ended() - d.Items.PendingRedrive
	if r.config.Batcher == nil {
		d.Executions.Total = d.Items.Total
		d.Executions.Pending = d.Items.Pending
	}
	return d
}

// exceeded says whether more items have failed than is tolerated. A percentage is
// one of all items, whose number is known once all were read. Where neither bound
// is given no failure is tolerated.
func (r *Run) exceeded() bool {
	s, failed := &r.settings, r.items.unsuccessful()
	if s.ToleratedFailureCount == 0 && s.ToleratedFailurePercentage == 0 {
		return failed > 0
	}
	if s.ToleratedFailureCount > 0 && failed > s.ToleratedFailureCount {
		return true
	}
	return s.ToleratedFailurePercentage > 0 && r.source.done &&
		float64(failed)*100 > s.ToleratedFailurePercentage*float64(r.items.Total)
}
