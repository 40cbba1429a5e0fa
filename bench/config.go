package bench

import (
	"errors"
	"fmt"
)

// Kind of a workload.
type Kind string

// The workloads.
const (
	One    Kind = "one"    // one task
	Seq    Kind = "seq"    // Config.Steps tasks in a row
	Fanout Kind = "fanout" // an inline Map over Config.Items, one task each
	Sleep  Kind = "sleep"  // a Wait of an hour, only started
	// Express runs an Express machine of five states (Pass, Choice, Task, Pass,
	// Succeed) synchronously, in memory.
	Express Kind = "express"
	// Map runs a distributed Map over Config.Items rows of a file, and then starts as
	// many executions of the same states one by one.
	Map Kind = "map"
	// Recover kills a process with executions of Config.Steps tasks under way, and
	// measures how long another one takes until all have ended.
	Recover Kind = "recover"
)

// Config of a run.
type Config struct {
	Kind Kind
	// Steps is the number of tasks of Seq (default 5); of states of Express.
	Steps int
	// Items is the number of items of Fanout (default 1000), and of rows of Map
	// (default 100000).
	Items int
	// Executions to run in all (default: by workload).
	Executions int
	// Concurrency is how many executions are under way at a time (default 64).
	Concurrency int
	// Store is "memory" or the folder of a new embedded store; empty makes one in
	// a temporary folder.
	Store string
	// Tasks says who does the work: inprocess, http or lambda (default inprocess).
	Tasks string
	// API starts executions through the HTTP API instead of calls in the process.
	API bool
	// Payload is the size of the input in bytes (default 100).
	Payload int
	// CacheBytes bounds the engine's cache (default 64 MiB).
	CacheBytes int64
	// NoFloor leaves out the replay, Compact the measurement of the size.
	NoFloor, NoCompact bool
	// Profile is where to write a CPU profile of the run, or empty.
	Profile string
	// HeapProfile is where to write a profile of the memory that is held when the
	// run is over, or empty.
	HeapProfile string
}

func (c *Config) setDefaults() error {
	or := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	or(&c.Steps, 5)
	if c.Kind == Map {
		or(&c.Items, 100_000)
	}
	or(&c.Items, 1000)
	or(&c.Concurrency, 64)
	or(&c.Payload, 100)
	if c.Tasks == "" {
		c.Tasks = "inprocess"
	}
	switch c.Kind {
	case One:
		c.Steps = 1
		or(&c.Executions, 100_000)
	case Seq:
		or(&c.Executions, max(1, 250_000/c.Steps))
	case Fanout:
		or(&c.Executions, max(1, 200_000/c.Items))
	case Sleep:
		or(&c.Executions, 100_000)
	case Express:
		or(&c.Executions, 200_000)
		c.Steps, c.Store, c.NoFloor, c.NoCompact = len(expressStates), "memory", true, true
	case Map:
		c.Executions, c.NoFloor = c.Items, c.NoFloor || c.Items > mostMapFloor
	case Recover:
		or(&c.Executions, 2000)
		c.Tasks = "inprocess"
	default:
		return fmt.Errorf("no workload %q: there are one, seq, fanout, sleep, express, map and recover", c.Kind)
	}
	switch c.Tasks {
	case "inprocess", "http", "lambda":
	default:
		return fmt.Errorf("no tasks %q: there are inprocess, http and lambda", c.Tasks)
	}
	if c.Payload < 32 || c.Payload > 1<<20 {
		return errors.New("the payload must have 32 to 1048576 bytes")
	}
	return nil
}

// steps is the number of tasks of one execution.
func (c *Config) steps() int {
	switch c.Kind {
	case Fanout:
		return c.Items
	case Sleep, Map:
		return 0
	default:
		return c.Steps
	}
}
