package standin

import (
	"context"
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// counts follow the logs of the executions that have mocks. What they hold can
// be read off the logs again at any time.
type counts struct {
	mu   sync.Mutex // guards runs
	runs map[store.RunID]*count
}

// count is how far the log of one execution was read.
type count struct {
	mu     sync.Mutex // guards what follows
	run    interpreter.Run
	next   uint64   // position of the log
	states []string // of the tasks, in the order of their ids, which begin with 1
	broken error
}

// maxCounts bounds the executions that are followed at a time.
const maxCounts = 1000

// of is the count of a run. Beyond the bound, any other one is forgotten.
func (c *counts) of(run store.RunID) *count {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := c.runs[run]
	if found == nil {
		for old := range c.runs {
			if len(c.runs) < maxCounts {
				break
			}
			delete(c.runs, old)
		}
		found = &count{}
		c.runs[run] = found
	}
	return found
}

// invocation is how many tasks of the same state the execution had before.
func (s *StandIn) invocation(ctx context.Context, run store.RunID, task *interpreter.Task) (int, error) {
	c := s.counts.of(run)
	c.mu.Lock()
	defer c.mu.Unlock()
	if uint64(len(c.states)) < task.ID {
		if err := s.follow(ctx, c, run); err != nil {
			return 0, err
		}
	}
	if uint64(len(c.states)) < task.ID {
		return 0, fmt.Errorf("task %d is not in the log of execution %d", task.ID, run)
	}
	n := 0
	for _, state := range c.states[:task.ID-1] {
		if state == task.State {
			n++
		}
	}
	return n, nil
}

// follow reads what the log has more than was read.
func (s *StandIn) follow(ctx context.Context, c *count, run store.RunID) error {
	if c.run == nil {
		head, err := s.engine.Head(ctx, run)
		if err != nil {
			return err
		}
		def, err := s.engine.Definition(ctx, run)
		if err != nil {
			return err
		}
		c.run = def.Program.New(s.engine.Info(def, head))
	}
	err := s.engine.EntriesFrom(ctx, run, c.next, func(e engine.Entry) bool {
		c.apply(e)
		return c.broken == nil
	})
	if err == nil {
		err = c.broken
	}
	return err
}

// apply folds an entry, and notes the tasks that it scheduled: no fact both
// schedules a task and ends it.
func (c *count) apply(e engine.Entry) {
	for _, fact := range e.Facts {
		if err := c.run.Apply(fact, e.At); err != nil {
			c.broken = fmt.Errorf("entry %d: %w", e.Position, err)
			return
		}
		for {
			task, _ := c.run.Task(uint64(len(c.states)) + 1)
			if task == nil {
				break
			}
			c.states = append(c.states, task.State)
		}
	}
	c.next = e.Position + 1
}
