package testrun

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime/debug"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapio"
	"github.com/fermata-dev/fermata/interpreter"
)

// Runner runs tests. The zero value runs all of them, one at a time, with no
// limits on executions.
type Runner struct {
	// Parallel is how many tests run at a time.
	Parallel int
	// Only, if not nil, has to match FILE/NAME of a test for it to run.
	Only *regexp.Regexp
	// Limits of the executions, and of those of Express machines.
	Limits, ExpressLimits interpreter.Limits
	// Real are connectors for tasks that have no mock, by name. Where there is
	// none for a task, the test fails.
	Real map[string]connector.Connector
}

// Result is what came of a test.
type Result struct {
	Suite *Suite
	Test  *Test
	// Skipped: it was not run; Test.Skip says why.
	Skipped bool
	// Faults say in what the test failed; none, and it passed.
	Faults []string
	// Path are the states that were entered, in order.
	Path []string
	// Last is the last failure that happened on the way, in words.
	Last string
	// Entered are the states that were entered by any execution, by machine.
	Entered map[*Machine]map[string]bool
	// Virtual is how long the execution took in its own time, Took in real time.
	Virtual, Took time.Duration
}

// Failed says whether the test failed.
func (r *Result) Failed() bool { return len(r.Faults) > 0 }

// Name is FILE/NAME.
func (r *Result) Name() string { return r.Suite.File + "/" + r.Test.Name }

// Run runs the tests of a suite. The results come in the order of the file.
func (r *Runner) Run(ctx context.Context, s *Suite) []*Result {
	var chosen []*Test
	for _, t := range s.Tests {
		if r.Only == nil || r.Only.MatchString(s.File+"/"+t.Name) {
			chosen = append(chosen, t)
		}
	}
	results := make([]*Result, len(chosen))
	files, err := openBuckets(s)
	if err != nil {
		for i, t := range chosen {
			results[i] = &Result{Suite: s, Test: t, Faults: []string{"the buckets cannot be opened: " + err.Error()}}
		}
		return results
	}
	defer func() { _ = files.Close() }() // what was read was read
	room := make(chan struct{}, max(r.Parallel, 1))
	var running sync.WaitGroup
	for i, t := range chosen {
		room <- struct{}{}
		running.Go(func() {
			defer func() { <-room }()
			results[i] = r.one(ctx, s, t, files)
		})
	}
	running.Wait()
	return results
}

// openBuckets makes the connector that reads items from the folders of a suite.
func openBuckets(s *Suite) (*mapio.Connector, error) {
	return mapio.New(mapio.Config{Roots: s.Buckets, OnlyRoots: true})
}

// one runs a test.
func (r *Runner) one(ctx context.Context, s *Suite, t *Test, files connector.Connector) (result *Result) {
	result = &Result{Suite: s, Test: t, Entered: map[*Machine]map[string]bool{}}
	if t.Skip != "" {
		result.Skipped = true
		return result
	}
	begin := time.Now()
	defer func() {
		result.Took = time.Since(begin)
		if p := recover(); p != nil {
			result.Faults = append(result.Faults, fmt.Sprintf("this is a fault of Fermata itself: %v\n%s", p, debug.Stack()))
		}
	}()
	w := &world{
		ctx: ctx, suite: s, test: t, limits: r.Limits, expressLimits: r.ExpressLimits, real: r.Real, files: files,
		now: t.Start, random: rand.NewPCG(t.Seed, 0),
	}
	root := w.run()
	result.judge(w, root)
	return result
}

// judge compares what a world came to with what was expected.
func (r *Result) judge(w *world, root *execution) {
	r.Virtual = w.now.Sub(root.started)
	r.Faults = w.faults
	for _, x := range w.executions {
		s, err := tell(x)
		if err != nil {
			r.Faults = append(r.Faults, err.Error())
		}
		r.enter(x.machine, s.entered)
		if x != root {
			continue
		}
		r.Path, r.Last = s.entered, s.last
		if !w.broken {
			r.Faults = append(r.Faults, w.test.Expect.check(x, s)...)
		}
	}
}

func (r *Result) enter(m *Machine, states []string) {
	if r.Entered[m] == nil {
		r.Entered[m] = map[string]bool{}
	}
	for _, state := range states {
		r.Entered[m][state] = true
	}
}
