package engine_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestWhenEnded calls once, when the end is durable: for a run that is open, one that is
// closed and one that is not there.
func TestWhenEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo)
		run := w.start(w.deploy(1, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`), "x", `{}`)
		var calls atomic.Int64
		then := func() {
			if h, err := w.engine.Head(t.Context(), run); err != nil || !h.Status.Closed() {
				t.Errorf("the end is not durable: %+v, %v", h, err)
			}
			calls.Add(1)
		}
		when := func() {
			if err := w.engine.WhenEnded(t.Context(), run, then); err != nil {
				t.Fatal(err)
			}
		}
		when()
		when()
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if n := calls.Load(); n != 0 {
			t.Errorf("%d calls before the end", n)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		when()
		if n := calls.Load(); n != 3 {
			t.Errorf("%d calls, want 3", n)
		}
		gone := false
		if err := w.engine.WhenEnded(t.Context(), run+1, func() { gone = true }); err != nil || !gone {
			t.Errorf("a run that is not there: %t, %v", gone, err)
		}
	})
}
