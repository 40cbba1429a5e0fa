package sfn

import (
	"context"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/engine"
)

func TestPollersOfOneActivity(t *testing.T) {
	p := pollers{limit: 2}
	for _, name := range []string{"a", "a", "b"} {
		if !p.enter(name) {
			t.Errorf("%s was refused", name)
		}
	}
	if p.enter("a") {
		t.Error("a third one may wait for a")
	}
	p.leave("a")
	if !p.enter("a") {
		t.Error("no other may wait after one has gone")
	}
	for range 2 {
		p.leave("a")
	}
	if p.leave("b"); len(p.byName) != 0 {
		t.Errorf("%v is left", p.byName)
	}
	unbounded := &pollers{}
	for range 2 {
		if !unbounded.enter("a") {
			t.Error("no limit is a limit")
		}
	}
}

func TestTooManyPollers(t *testing.T) {
	w := newWorld(t)
	w.pollers.limit = 1
	w.cfg.Limits.PollTime = time.Hour
	activity := w.must("CreateActivity", map[string]any{"name": "work"})["activityArn"].(string)
	idle := idle{w.cfg.Engine, make(chan struct{}), make(chan struct{})}
	w.cfg.Engine = idle
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		w.must("GetActivityTask", map[string]any{"activityArn": activity})
	}()
	<-idle.waits
	w.fails("GetActivityTask", map[string]any{"activityArn": activity}, "ActivityWorkerLimitExceeded: Activity Worker Limit Exceeded: '"+activity+"'")
	close(idle.end)
	<-answered
}

// idle is an engine that has no work and says so at the end only.
type idle struct {
	Engine
	waits, end chan struct{}
}

func (i idle) Poll(context.Context, string, string) (*engine.WorkItem, error) {
	close(i.waits)
	<-i.end
	return nil, nil
}
