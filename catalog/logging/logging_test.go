package logging_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/logging"
	"github.com/fermata-dev/fermata/store/memstore"
)

// once is what is logged of an execution of twoTasks that is never interrupted.
func once() (ids []int) {
	for id := range twoTasksEvents {
		ids = append(ids, id+1)
	}
	return ids
}

// TestEveryEventIsLoggedOnce also where memory is so short that entries are read
// from the store again and tails are not kept.
func TestEveryEventIsLoggedOnce(t *testing.T) {
	for name, change := range map[string]func(*logging.Config){
		"with room":    func(*logging.Config) {},
		"without room": func(c *logging.Config) { c.QueueBytes, c.TailBytes = 1, 1 },
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, memstore.New(memstore.Options{}), change)
			w.create("m", catalog.Standard, "ALL")
			w.create("silent", catalog.Standard, "OFF")
			var all []started
			for i := range 20 {
				all = append(all, w.start("m", fmt.Sprint(i)))
			}
			silent := w.start("silent", "x")
			w.end(42, append(all, silent)...)
			w.close()
			for _, x := range all {
				if got := w.sink.of(x.arn); !slices.Equal(got, once()) {
					t.Errorf("logged %v", got)
				}
			}
			if got := w.sink.of(silent.arn); got != nil {
				t.Errorf("logged %v of a machine that does not log", got)
			}
			if n := w.logs.Dropped(); n != 0 {
				t.Errorf("%d entries were dropped", n)
			}
		})
	}
}

// TestAnOrderlyStopLogsNothingTwice: what goes on afterwards is logged from there.
func TestAnOrderlyStopLogsNothingTwice(t *testing.T) {
	w := open(t, memstore.New(memstore.Options{}))
	w.create("m", catalog.Standard, "ALL")
	ended, open1 := w.start("m", "a"), w.start("m", "b")
	w.end(2)
	w.end(1)
	w.close()
	before := append(w.sink.of(ended.arn), w.sink.of(open1.arn)...)
	store, err := w.store.Reopen()
	w.must(err)
	w = open(t, store)
	w.end(4, ended, open1)
	w.close()
	after := append(w.sink.of(ended.arn), w.sink.of(open1.arn)...)
	if all := append(before, after...); len(all) != 2*twoTasksEvents {
		t.Errorf("%d events were logged, then %d; there are %d", len(before), len(after), 2*twoTasksEvents)
	}
}

// TestACrashLosesNothing: the sink had taken nothing when the process died.
func TestACrashLosesNothing(t *testing.T) {
	w := open(t, memstore.New(memstore.Options{}))
	w.create("m", catalog.Standard, "ALL")
	w.sink.gate.Lock()
	ended := w.start("m", "ended")
	w.end(2, ended)
	waiting := w.start("m", "waiting")
	old := w
	w = open(t, w.crash())
	old.sink.gate.Unlock()
	old.buried()
	w.end(2, waiting)
	w.close()
	for _, x := range []started{ended, waiting} {
		if err := inOrder(w.sink.of(x.arn), 1, twoTasksEvents); err != nil {
			t.Errorf("%s: %v", x.arn, err)
		}
	}
}

// TestACrashRepeatsOnlyWhatIsAfterTheCheckpoint: what was logged and synced long
// before is not logged again.
func TestACrashRepeatsOnlyWhatIsAfterTheCheckpoint(t *testing.T) {
	w := open(t, memstore.New(memstore.Options{}))
	w.create("m", catalog.Standard, "ALL")
	first := w.start("m", "first")
	w.end(2, first)
	w.close()
	store, err := w.store.Reopen()
	w.must(err)
	w = open(t, store)
	second := w.start("m", "second")
	old := w
	w = open(t, w.crash())
	old.buried()
	w.end(2, second)
	w.close()
	if got := w.sink.of(first.arn); got != nil {
		t.Errorf("events %v of an execution that had long ended are logged again", got)
	}
	if err := inOrder(append(old.sink.of(second.arn), w.sink.of(second.arn)...), 1, twoTasksEvents); err != nil {
		t.Error(err)
	}
}

// TestWhatIsDroppedIsCountedAndLoggedAfterTheNextStart: the sink fails, or the
// queue is full.
func TestWhatIsDroppedIsCountedAndLoggedAfterTheNextStart(t *testing.T) {
	for name, broken := range map[string]func(*world){
		"full":    func(w *world) { w.sink.gate.Lock() },
		"failing": func(w *world) { w.sink.failing(errors.New("no space left")) },
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, memstore.New(memstore.Options{}), func(c *logging.Config) { c.QueueLength = 2 })
			w.create("m", catalog.Standard, "ALL")
			broken(w)
			var all []started
			for i := range 20 {
				all = append(all, w.start("m", fmt.Sprint(i)))
			}
			w.end(40, all...) // nothing of this waits for the sink
			if name == "full" {
				w.sink.gate.Unlock()
			}
			w.close()
			if w.logs.Dropped() == 0 {
				t.Error("nothing was counted")
			}
			old := w
			store, err := w.store.Reopen()
			w.must(err)
			w = open(t, store)
			w.close()
			for _, x := range all {
				if err := complete(append(old.sink.of(x.arn), w.sink.of(x.arn)...), twoTasksEvents); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestExpressExecutionsAreLogged, and nothing of them is looked for after a crash.
func TestExpressExecutionsAreLogged(t *testing.T) {
	w := open(t, memstore.New(memstore.Options{}))
	w.create("m", catalog.Express, "ALL")
	x := w.start("m", "a")
	w.end(2)
	ctx := t.Context()
	if _, err := w.express.Wait(ctx, x.run); err != nil {
		t.Fatal(err)
	}
	w.close()
	if got := w.sink.of(x.arn); !slices.Equal(got, once()) {
		t.Errorf("logged %v", got)
	}
}

// TestANewerCheckpointIsRefused: durable formats only move forward.
func TestANewerCheckpointIsRefused(t *testing.T) {
	s := memstore.New(memstore.Options{})
	for text, want := range map[string]bool{`{"version":1,"at":1}`: true, `{"version":2,"at":1}`: false, `{`: false} {
		if err := s.Write(t.Context(), change(text)); err != nil {
			t.Fatal(err)
		}
		c, err := catalog.Open(t.Context(), catalog.Config{Records: s, Compile: catalog.ASL(nil)})
		if err != nil {
			t.Fatal(err)
		}
		f, err := logging.New(t.Context(), logging.Config{Sink: &sink{}, Catalog: c, Store: s})
		if (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
		if f != nil {
			_ = f.Close()
		}
	}
}
