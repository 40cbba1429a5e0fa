package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// TestView shows a run that is at work, one that has ended, and none.
func TestView(t *testing.T) {
	held, release := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		close(held)
		<-release
		return call.Payload, nil
	})
	active := func(r interpreter.Run) any { return r.Active() }
	run := w.start(w.deploy(1, oneTask), "x", `{}`)
	<-held
	if n, head, err := w.engine.View(t.Context(), run, active); n != 1 || err != nil || head.Name != "x" || head.Status != store.Running {
		t.Errorf("at work: %v, %+v, %v", n, head, err)
	}
	close(release)
	w.expect(run, `SUCCEEDED {}`)
	if n, head, err := w.engine.View(t.Context(), run, active); n != 0 || err != nil || head.Status != store.Succeeded {
		t.Errorf("ended: %v, %+v, %v", n, head, err)
	}
	if _, _, err := w.engine.View(t.Context(), 1<<40, active); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a run that is not there: %v", err)
	}
	if err := w.engine.Close(); err != nil {
		t.Fatal(err)
	}
	if n, _, err := w.engine.View(t.Context(), run, active); n != 0 || err != nil {
		t.Errorf("of an engine that is closed: %v, %v", n, err)
	}
}
