package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

const work = "arn:aws:states:us-east-1:123456789012:activity:work"

// TestTaskThatCouldNotBeHandedOutIsOfferedAgain: a worker whose request found the engine
// at its limit leaves the task to the next one, also while others wait for news of the
// queue.
func TestTaskThatCouldNotBeHandedOutIsOfferedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var held *gatedStore
		w := newWorld(t, echo, func(c *engine.Config) {
			held = &gatedStore{Store: c.Store, commits: make(chan struct{}), queues: make(chan struct{})}
			c.Store, c.Shards, c.MaxBacklog = held, 1, 1
		})
		defer w.engine.Close()
		w.start(w.deploy(1, activity), "x", `7`)
		held.gated.Store(true)
		polled := make(chan error, 2)
		for range 2 { // the first reads the queue, the second waits for what it finds
			go func() {
				_, err := w.engine.Poll(t.Context(), work, "me")
				polled <- err
			}()
			synctest.Wait()
		}
		blocked := make(chan struct{})
		go func() {
			defer close(blocked)
			w.start(w.deploy(2, oneTask), "y", `{}`)
		}()
		synctest.Wait() // the engine is at its limit
		held.queues <- struct{}{}
		busy := func() {
			if err := <-polled; !errors.Is(err, engine.ErrBusy) {
				t.Errorf("poll gave %v, want ErrBusy", err)
			}
		}
		busy()
		synctest.Wait()
		close(held.queues)
		busy() // what the first could not be given was offered to the second
		held.gated.Store(false)
		close(held.commits)
		<-blocked
		w.polls(`7`)
	})
}

// TestPollEndsWithItsContext: also where the store was to be read just then.
func TestPollEndsWithItsContext(t *testing.T) {
	w := newWorld(t, echo)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if item, err := w.engine.Poll(ctx, work, "me"); item != nil || err != nil {
		t.Errorf("poll gave %+v, %v", item, err)
	}
}

// polls wants the next task of the queue to have this input.
func (w *world) polls(want string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Second)
	defer cancel()
	item, err := w.engine.Poll(ctx, work, "me")
	if err != nil || item == nil || string(item.Input) != want {
		w.t.Fatalf("poll gave %+v, %v, want the task with %s", item, err, want)
	}
}

// gatedStore commits nothing and reads no queue until it is let, while it is gated.
type gatedStore struct {
	store.Store
	gated           atomic.Bool
	commits, queues chan struct{}
}

func (s *gatedStore) Commit(ctx context.Context, b []store.Batch) ([]store.Result, error) {
	if s.gated.Load() {
		<-s.commits
	}
	return s.Store.Commit(ctx, b)
}

func (s *gatedStore) Queue(ctx context.Context, queue string, after store.QueueRow, limit int) ([]store.QueueRow, error) {
	if s.gated.Load() {
		<-s.queues
	}
	return s.Store.Queue(ctx, queue, after, limit)
}

// unreadableStore cannot read the logs of some runs.
type unreadableStore struct {
	store.Store
	until atomic.Uint64 // they have lower ids
	loads atomic.Int64
}

func (s *unreadableStore) Load(ctx context.Context, run store.RunID, mail int) (*store.Log, error) {
	s.loads.Add(1)
	if uint64(run) < s.until.Load() {
		return nil, fmt.Errorf("load: %w: a bit has flipped", store.ErrCorrupt)
	}
	return s.Store.Load(ctx, run, mail)
}

// TestStoppedRunsDoNotBlockTheirQueue: tasks of runs that an incident has stopped are
// passed over, however many there are, and offered again when their runs are resumed.
func TestStoppedRunsDoNotBlockTheirQueue(t *testing.T) {
	const stopped = 300 // more than a page of the queue
	broken := &unreadableStore{}
	w := newWorld(t, echo, func(c *engine.Config) { broken.Store, c.Store = c.Store, broken })
	d := w.deploy(1, activity)
	var last store.RunID
	for i := range stopped {
		last = w.start(d, fmt.Sprint(i), fmt.Sprint(i))
	}
	w.reopen()
	broken.until.Store(uint64(last) + 1)
	w.start(d, "fine", `"fine"`)
	w.polls(`"fine"`)
	w.start(d, "again", `"again"`)
	before := broken.loads.Load()
	w.polls(`"again"`)
	if n := broken.loads.Load() - before; n > 100 {
		t.Errorf("%d logs were read for one task", n)
	}
	broken.until.Store(0)
	if err := w.engine.Resume(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	w.polls(fmt.Sprint(stopped - 1))
}

// TestTaskOfAResumedRunIsOfferedAgain, also where the run learns that its state machine was
// deleted meanwhile: it goes on to the end of its task.
func TestTaskOfAResumedRunIsOfferedAgain(t *testing.T) {
	broken := &unreadableStore{}
	w := newWorld(t, echo, func(c *engine.Config) { broken.Store, c.Store = c.Store, broken })
	d := w.deploy(1, activity)
	run := w.start(d, "x", `1`)
	w.reopen()
	broken.until.Store(uint64(run) + 1)
	w.start(d, "fine", `"fine"`)
	w.polls(`"fine"`)
	broken.until.Store(0)
	if err := w.engine.ResumeDeleted(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	w.polls(`1`)
}
