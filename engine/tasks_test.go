package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

const token = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
	"Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}}`

func TestTaskTokenEndsTheTaskOnce(t *testing.T) {
	tokens := make(chan string, 1)
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		tokens <- call.TaskToken
		return []byte(`{}`), nil
	})
	run := w.start(w.deploy(1, token), "x", `{}`)
	tok := <-tokens
	if err := w.engine.HeartbeatTask(t.Context(), tok); err != nil {
		t.Errorf("heartbeat: %v", err)
	}
	if err := w.engine.CompleteTask(t.Context(), tok, []byte(`"done"`)); err != nil {
		t.Fatal(err)
	}
	w.expect(run, `SUCCEEDED "done"`)
	for name, err := range map[string]error{
		"completing again": w.engine.CompleteTask(t.Context(), tok, []byte(`1`)),
		"late failure":     w.engine.FailTask(t.Context(), tok, nil, nil),
		"late heartbeat":   w.engine.HeartbeatTask(t.Context(), tok),
	} {
		var over *engine.TaskOverError
		if !errors.Is(err, engine.ErrClosed) || !errors.As(err, &over) || over.Queue != "" {
			t.Errorf("%s gave %v, want ErrClosed", name, err)
		}
	}
}

// TestTokenOfAWorkerNamesTheQueue, also when the task is over.
func TestTokenOfAWorkerNamesTheQueue(t *testing.T) {
	const queue = "arn:aws:states:us-east-1:123456789012:activity:work"
	w := newWorld(t, echo)
	run := w.start(w.deploy(1, activity), "x", `1`)
	item, err := w.engine.Poll(t.Context(), queue, "me")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.engine.CheckToken(item.Token); err != nil {
			t.Error(err)
		}
		err = w.engine.CompleteTask(t.Context(), item.Token, []byte(`2`))
	}
	var over *engine.TaskOverError
	if !errors.As(err, &over) || over.Queue != queue {
		t.Errorf("completing again gave %v", err)
	}
	w.expect(run, `SUCCEEDED 2`)
	for _, forged := range []string{"", "x", item.Token[:len(item.Token)-2], item.Token + "AA", strings.Repeat("A", 5000)} {
		if err := w.engine.CheckToken(forged); !errors.Is(err, engine.ErrToken) {
			t.Errorf("%.50q gave %v", forged, err)
		}
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	w := newWorld(t, echo)
	other := newWorld(t, echo)
	tokens := make(chan string, 1)
	other.cfg.Connectors["lambda"] = connector.Func(func(_ context.Context, call *connector.Call) ([]byte, error) {
		tokens <- call.TaskToken
		return []byte(`{}`), nil
	})
	_ = other.engine.Close()
	other.open()
	other.start(other.deploy(1, token), "x", `{}`)
	foreign := <-tokens
	for _, tok := range []string{"", "x", strings.Repeat("A", 44), foreign, foreign[:len(foreign)-1] + "A"} {
		if err := w.engine.CompleteTask(t.Context(), tok, []byte(`1`)); !errors.Is(err, engine.ErrToken) {
			t.Errorf("token %q gave %v", tok, err)
		}
	}
}

const activity = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:work", "End": true}}}`

func TestActivityIsHandedOutOnceAndInOrder(t *testing.T) {
	w := newWorld(t, echo)
	d := w.deploy(1, activity)
	const n = 50
	runs := make([]store.RunID, n)
	for i := range runs {
		runs[i] = w.start(d, fmt.Sprint(i), fmt.Sprint(i))
	}
	var seen sync.Map
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for {
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				item, err := w.engine.Poll(ctx, "arn:aws:states:us-east-1:123456789012:activity:work", "me")
				cancel()
				if err != nil {
					t.Error(err)
				}
				if item == nil {
					return
				}
				if _, again := seen.LoadOrStore(string(item.Input), true); again {
					t.Errorf("task %s was handed out twice", item.Input)
				}
				if err := w.engine.CompleteTask(t.Context(), item.Token, item.Input); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for i, run := range runs {
		w.expect(run, fmt.Sprintf("SUCCEEDED %d", i))
	}
}

func TestPollWaitsForWork(t *testing.T) {
	w := newWorld(t, echo)
	d := w.deploy(1, activity)
	got := make(chan *engine.WorkItem)
	go func() {
		item, err := w.engine.Poll(t.Context(), "arn:aws:states:us-east-1:123456789012:activity:work", "me")
		if err != nil {
			t.Error(err)
		}
		got <- item
	}()
	run := w.start(d, "x", `7`)
	item := <-got
	if item == nil {
		t.Fatal("no item")
	}
	name := "Broken"
	if err := w.engine.FailTask(t.Context(), item.Token, &name, nil); err != nil {
		t.Fatal(err)
	}
	w.expect(run, "FAILED Broken")
}
