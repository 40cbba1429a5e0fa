package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// collector sets how far the heap may grow before it is collected. While little is in
// use that is five times as much (Go's default is twice): it saves a tenth of the CPU
// of a step. But it would let a server with 150 MB in use take 750 MB. So the heap may
// grow to size, once a fifth of it is in use, and to twice what is in use beyond that.
//
// A memory limit (GOMEMLIMIT, which works beside this) does not do: a server that
// comes near to it with what is in use does little else than collect.
type collector struct {
	size    atomic.Int64
	percent int // that was set last
	samples []metrics.Sample
}

const (
	defaultHeap = 256 << 20
	leastHeap   = 32 << 20

	mostGarbage  = 400 // percent of what is in use
	leastGarbage = 100
)

// processCollector is the one of this process. A node sets its size.
var processCollector = collector{samples: []metrics.Sample{
	{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
}}

// start begins to tune it, unless GOGC does.
func (c *collector) start() {
	c.size.Store(defaultHeap)
	if os.Getenv("GOGC") == "" {
		(&cycle{c}).collected()
	}
}

// cycle is an object that nothing refers to, so that every collection finds it.
type cycle struct{ *collector }

// collected is carried out after each collection.
func (c *cycle) collected() {
	metrics.Read(c.samples)
	bytes := func(i int) int64 { return int64(c.samples[i].Value.Uint64()) }
	if p := garbagePercent(c.size.Load(), bytes(0), bytes(1)+bytes(2)); p != c.percent {
		c.percent = p
		debug.SetGCPercent(p)
	}
	runtime.SetFinalizer(c, (*cycle).collected)
}

// garbagePercent is how much garbage a heap may have, in percent of what is in use
// and of the roots, which are stacks and globals: Go takes it of both.
func garbagePercent(size, used, roots int64) int {
	return int(min(max((size-used)*100/max(used+roots, 1), leastGarbage), mostGarbage))
}
