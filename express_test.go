package fermata_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/engine"
)

const fiveStates = `{"StartAt": "A", "States": {
	"A": {"Type": "Pass", "Parameters": {"order.$": "$.order", "total": 120}, "Next": "B"},
	"B": {"Type": "Choice", "Choices": [{"Variable": "$.total", "NumericGreaterThan": 100, "Next": "C"}], "Default": "E"},
	"C": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "Next": "D"},
	"D": {"Type": "Pass", "Result": "worked", "ResultPath": "$.note", "Next": "E"},
	"E": {"Type": "Succeed"}}}`

// openExpress opens an engine with a machine m, in which Express executions may
// take so much memory.
func openExpress(t *testing.T, memory int64, work func(context.Context, any) (any, error)) *fermata.Fermata {
	t.Helper()
	f, err := fermata.Open(t.Context(), fermata.Config{
		ExpressMemory: memory,
		Handlers:      map[string]fermata.Handler{"work": fermata.Func(work)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if _, err := f.DeployExpress(t.Context(), "m", fiveStates); err != nil {
		t.Fatal(err)
	}
	return f
}

// liveHeap is the memory of what is reachable.
func liveHeap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestExpressExecutionsStayWithinTheirMemory: hundreds of thousands are started
// and nobody waits for them; what they leave behind does not outgrow its bound.
func TestExpressExecutionsStayWithinTheirMemory(t *testing.T) {
	const bound, callers = 24 << 20, 16
	executions := 200_000
	if testing.Short() {
		executions = 40_000
	}
	f := openExpress(t, bound, func(_ context.Context, in any) (any, error) { return in, nil })
	before := liveHeap()
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for i := range executions / callers {
				_, err := f.Start(t.Context(), "m", map[string]string{"order": fmt.Sprint(caller, "-", i)})
				for errors.Is(err, engine.ErrBusy) { // all of it is under way
					runtime.Gosched()
					_, err = f.Start(t.Context(), "m", nil)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	grown := liveHeap() - before
	t.Logf("%d executions, a bound of %d bytes, the heap grew by %d", executions, bound, grown)
	if grown > bound*5/4 {
		t.Errorf("the heap grew by %d bytes, the bound is %d", grown, bound)
	}
}

// TestExpressExecutionsUnderWayStayWithinTheirMemory: none of them ends, so that new
// ones are refused when the memory is full, whatever they carry and however many are
// started at once.
func TestExpressExecutionsUnderWayStayWithinTheirMemory(t *testing.T) {
	const bound = 24 << 20
	numbers := make([]int, 25_000)
	for i := range numbers {
		numbers[i] = 100 + i%900
	}
	for name, order := range map[string]any{
		"small": "1-1", "1 KB": strings.Repeat("x", 1000), "100 KB": strings.Repeat("x", 100_000), "100 KB of numbers": numbers,
	} {
		for _, callers := range []int{1, 200} {
			t.Run(fmt.Sprint(name, " by ", callers), func(t *testing.T) {
				release := make(chan struct{})
				f := openExpress(t, bound, func(context.Context, any) (any, error) { <-release; return nil, nil })
				defer close(release)
				before := liveHeap()
				var started atomic.Int64
				var group sync.WaitGroup
				for range callers {
					group.Go(func() { started.Add(fill(t, f, map[string]any{"order": order})) })
				}
				group.Wait()
				grown := liveHeap() - before
				t.Logf("%d executions, a bound of %d bytes, the heap grew by %d", started.Load(), bound, grown)
				if grown > bound*5/4 || grown < bound/2 {
					t.Errorf("the heap grew by %d bytes, the bound is %d", grown, bound)
				}
			})
		}
	}
}

// fill starts executions until one is refused.
func fill(t *testing.T, f *fermata.Fermata, input any) (started int64) {
	for ; ; started++ {
		_, err := f.Start(t.Context(), "m", input)
		if err != nil {
			if !errors.Is(err, engine.ErrBusy) {
				t.Error(err)
			}
			return started
		}
	}
}

// TestChildrenOfAMapNeedMoreThanThereIs: those for which there is no memory wait until
// others have ended.
func TestChildrenOfAMapNeedMoreThanThereIs(t *testing.T) {
	f := openExpress(t, 1<<20, func(_ context.Context, in any) (any, error) { return len(in.(string)), nil })
	_, err := f.Deploy(t.Context(), "map", distributed("EXPRESS", "",
		`"StartAt":"W","States":{"W":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}`))
	if err != nil {
		t.Fatal(err)
	}
	const children, length = 100, 60_000
	out, err := f.Run(t.Context(), "map", slices.Repeat([]string{strings.Repeat("x", length)}, children))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprint("[", strings.Repeat(fmt.Sprint(length, ","), children-1), length, "]"); string(out) != want {
		t.Errorf("got %s", out)
	}
}
