package engine_test

import (
	"context"
	"testing"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
)

// jobs is a connector with room for one job at a time: the next one waits until that was
// cancelled.
type jobs struct{ room, cancelled chan struct{} }

func (j *jobs) Invoke(ctx context.Context, _ *connector.Call) ([]byte, error) {
	select {
	case j.room <- struct{}{}:
		return []byte(`{}`), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (j *jobs) Cancel(context.Context, *connector.Call) error {
	<-j.room
	close(j.cancelled)
	return nil
}

// TestJobsAreCancelledBesideCalls: as many calls as there may be wait for room, which the
// end of a job makes.
func TestJobsAreCancelledBesideCalls(t *testing.T) {
	j := &jobs{room: make(chan struct{}, 1), cancelled: make(chan struct{})}
	w := newWorld(t, echo, func(c *engine.Config) {
		c.MaxCalls = 1
		c.Connectors["states"] = j
		c.ChildResult = func(end connector.ChildEnd) connector.ChildResult { return connector.ChildResult{Output: end.Output} }
	})
	d := w.deploy(1, `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
		"Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m2"}, "End": true}}}`)
	first := w.start(d, "first", `{}`)
	w.settle(first)
	w.start(d, "second", `{}`)
	w.start(d, "third", `{}`)
	if _, err := w.engine.Stop(t.Context(), first, nil, nil); err != nil {
		t.Fatal(err)
	}
	<-j.cancelled
}
