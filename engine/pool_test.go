package engine

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestPoolRunsEverythingWithinItsBound(t *testing.T) {
	p := newPool(4)
	var running, most, done atomic.Int64
	for range 1000 {
		p.do(func() {
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			running.Add(-1)
			done.Add(1)
		})
	}
	p.wait()
	p.close()
	if done.Load() != 1000 || most.Load() > 4 {
		t.Errorf("%d ran, %d at a time", done.Load(), most.Load())
	}
}

func TestPoolGivesBlockedFunctionsAGoroutineEach(t *testing.T) {
	p := newPool(100)
	var all sync.WaitGroup
	all.Add(100)
	for range 100 {
		p.do(func() {
			all.Done()
			all.Wait() // ends only when all hundred run at the same time
		})
	}
	p.wait()
	for range 100 { // and again, with parked goroutines
		all.Add(1)
	}
	for range 100 {
		p.do(func() { all.Done(); all.Wait() })
	}
	p.wait()
	p.close()
}

func TestPoolWithOneGoroutineKeepsTheOrder(t *testing.T) {
	p := newPool(1)
	var got []int
	for i := range 100 {
		p.do(func() { got = append(got, i) })
	}
	p.wait()
	p.close()
	for i, n := range got {
		if i != n {
			t.Fatalf("order %v", got)
		}
	}
}

func BenchmarkPool(b *testing.B) {
	p := newPool(4096)
	var n atomic.Int64
	b.ReportAllocs()
	for b.Loop() {
		p.do(func() { n.Add(1) })
	}
	p.wait()
	p.close()
}

// TestPoolKeepsNothingOfWhatItHasDone: also where something always waits.
func TestPoolKeepsNothingOfWhatItHasDone(t *testing.T) {
	p := newPool(1)
	left := 100_000
	var next func()
	next = func() {
		if left--; left > 0 {
			p.do(next)
		}
	}
	block := make(chan struct{})
	p.do(func() { <-block })
	for range 10 {
		p.do(next) // nine of them wait whenever one runs
	}
	close(block)
	p.wait()
	if room := cap(p.waiting); room > 1000 {
		t.Errorf("there is room for %d functions where ten waited", room)
	}
	p.close()
}
