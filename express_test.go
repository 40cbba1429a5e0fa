package fermata_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
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
func openExpress(t *testing.T, memory int64) *fermata.Fermata {
	t.Helper()
	f, err := fermata.Open(t.Context(), fermata.Config{
		ExpressMemory: memory,
		Handlers:      map[string]fermata.Handler{"work": fermata.Func(func(_ context.Context, in any) (any, error) { return in, nil })},
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
	f := openExpress(t, bound)
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
