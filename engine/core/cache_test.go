package core_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// TestCacheCounts holds what the core counts for runs that wait against the memory
// that they hold.
func TestCacheCounts(t *testing.T) {
	for name, attributes := range map[string]map[string]any{
		"without attributes": nil,
		"children":           {"fermata.parent": "123/4/true/sync"},
	} {
		t.Run(name, func(t *testing.T) {
			const runs = 5000
			n := newNode(t, memstore.New(memstore.Options{}), 1, toy{atOnce: 1, rounds: 1, unowned: true})
			n.Core = core.New(core.Config{Node: 1, CacheBytes: 1 << 30})
			for i := range store.RunID(runs) {
				n.Create(nil, &core.Creation{Run: i + 1, Program: n.program, Info: numbered(i), Head: headOf(attributes)})
				n.settle()
			}
			n.effects, n.answers = nil, nil
			if held := n.Held(); held != runs {
				t.Fatalf("%d of %d mailboxes are in memory", held, runs)
			}
			counted, with := n.Cached(), heapInUse()
			n.Core = nil
			grown := with - heapInUse()
			ratio := float64(counted) / float64(grown)
			t.Logf("counted %d, held %d each: %.2f", counted/runs, grown/runs, ratio)
			if ratio < 0.85 || ratio > 1.15 {
				t.Errorf("counted %d bytes for what held %d", counted, grown)
			}
			runtime.KeepAlive(n)
		})
	}
}

// numbered is an Info with texts of its own.
func numbered(i store.RunID) interpreter.Info {
	name := fmt.Sprintf("name-of-an-execution-of-usual-length-%d", i)
	return interpreter.Info{
		Name: name, ExecutionARN: "arn:aws:states:us-east-1:123456789012:execution:machine:" + name,
		MachineARN: fmt.Sprintf("arn:aws:states:us-east-1:123456789012:stateMachine:%d", i%10),
	}
}

func headOf(attributes map[string]any) store.Head {
	h := store.Head{Machine: 1}
	for name, v := range attributes {
		h.Attributes = map[string]any{name: fmt.Sprint(v)}
	}
	return h
}

// TestCacheIsBounded: what the core counts stays within Config.CacheBytes, and
// what is over it goes, the oldest first.
func TestCacheIsBounded(t *testing.T) {
	const limit = 64 << 10
	n := newNode(t, memstore.New(memstore.Options{}), 1, toy{atOnce: 1, rounds: 1, unowned: true})
	n.Core = core.New(core.Config{Node: 1, CacheBytes: limit})
	for i := range store.RunID(500) {
		n.create(i + 1)
		if cached := n.Cached(); cached > limit {
			t.Fatalf("%d bytes are cached after %d runs", cached, i+1)
		}
	}
	if _, there := n.Inspect(1); there || n.Held() < 50 {
		t.Errorf("%d mailboxes are in memory, the first among them: %t", n.Held(), there)
	}
	if _, there := n.Inspect(500); !there {
		t.Error("the last run is not in memory")
	}
}

// heapInUse is the memory of what can be reached.
func heapInUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
