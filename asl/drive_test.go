package asl

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// world runs one execution in virtual time against a scripted outside. After
// every decision it checks the laws of the contract: folding the facts from
// the start, and from a snapshot, gives the same state.
type world struct {
	t       testing.TB
	program *Program
	info    interpreter.Info
	run     interpreter.Run
	now     time.Time
	random  interpreter.Random

	facts   [][]byte
	times   []time.Time
	shadow  interpreter.Run // folds the facts alone
	calls   []call          // of the outside, in order of time
	started int             // tasks that were invoked
	invoked []*interpreter.Task
	cancels []uint64
	beats   map[uint64]time.Time
	queues  func(string) bool
	check   bool

	// answer is what the outside does with a task that was invoked.
	answer func(w *world, task *interpreter.Task)
}

// call is a command that the outside will give.
type call struct {
	at  time.Time
	seq int
	cmd interpreter.Command
	do  func()
}

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func testLimits() *interpreter.Limits {
	return &interpreter.Limits{PayloadBytes: 262144, HistoryEvents: 25000, InlineIterations: 40, VariableBytes: 262144, VariablesBytes: 10 << 20, BatchFacts: 1000}
}

func testInfo(limits *interpreter.Limits) interpreter.Info {
	return interpreter.Info{
		ExecutionARN: "arn:aws:states:us-east-1:111111111111:execution:machine:run",
		Name:         "run",
		RoleARN:      "arn:aws:iam::111111111111:role/role",
		MachineARN:   "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
		MachineName:  "machine",
		Limits:       limits,
	}
}

// mustCompile compiles a definition as one that is kept: whether a service takes
// the arguments of a task is of no interest here.
func mustCompile(t testing.TB, definition string) *Program {
	t.Helper()
	p, diagnostics := Compile([]byte(definition), Options{Accepted: true, Services: func(string, string) bool { return true }})
	if p == nil {
		t.Fatalf("the definition does not compile: %v", diagnostics)
	}
	return p
}

func newWorld(t testing.TB, definition string) *world {
	t.Helper()
	return worldOf(t, mustCompile(t, definition), testLimits())
}

func worldOf(t testing.TB, p *Program, limits *interpreter.Limits) *world {
	w := &world{t: t, program: p, info: testInfo(limits), now: epoch, check: true, beats: map[uint64]time.Time{}}
	w.random = rand.NewPCG(1, 2)
	w.run = p.New(w.info)
	w.shadow = p.New(w.info)
	w.queues = func(string) bool { return true }
	return w
}

func (w *world) env() *interpreter.Env {
	return &interpreter.Env{
		Now:         w.now,
		Random:      w.random,
		Token:       func(task uint64) string { return fmt.Sprintf("token-of-task-%d", task) },
		QueueExists: w.queues,
		LastBeat:    func(task uint64) time.Time { return w.beats[task] },
	}
}

// decide gives one command, checks the laws, and carries out the effects.
func (w *world) decide(cmd interpreter.Command) interpreter.Outcome {
	w.t.Helper()
	var d interpreter.Decision
	outcome := w.run.Decide(w.env(), cmd, &d)
	if outcome != interpreter.Done && d.Facts() > 0 {
		w.t.Fatalf("%T was not done (%v) but left %d facts", cmd, outcome, d.Facts())
	}
	for i := range d.Facts() {
		fact := d.Fact(i)
		w.facts = append(w.facts, fact)
		w.times = append(w.times, w.now)
		if err := w.shadow.Apply(fact, w.now); err != nil {
			w.t.Fatalf("folding fact %d (% x): %v", len(w.facts)-1, fact, err)
		}
	}
	if w.check {
		w.checkLaws(cmd)
	}
	for _, effect := range d.Effects {
		switch effect := effect.(type) {
		case interpreter.Invoke:
			w.started++
			w.invoked = append(w.invoked, effect.Task)
			if w.answer != nil {
				w.answer(w, effect.Task)
			}
		case interpreter.Cancel:
			w.cancels = append(w.cancels, effect.Task.ID)
		}
	}
	return outcome
}

func (w *world) checkLaws(cmd interpreter.Command) {
	w.t.Helper()
	want := w.run.Snapshot(nil)
	w.same("folding from the start", cmd, w.shadow, want)
	restored, err := w.program.Restore(w.info, want)
	if err != nil {
		w.t.Fatalf("after %T: the snapshot cannot be restored: %v", cmd, err)
	}
	w.same("the snapshot", cmd, restored, want)
	w.shadow = restored
}

func (w *world) same(what string, cmd interpreter.Command, other interpreter.Run, want []byte) {
	w.t.Helper()
	if got := other.Snapshot(nil); !bytes.Equal(got, want) {
		w.t.Fatalf("after %T: %s gives another state\n got %q\nwant %q", cmd, what, got, want)
	}
	if got, want := outstanding(other), outstanding(w.run); got != want {
		w.t.Fatalf("after %T: %s gives other tasks\n got %s\nwant %s", cmd, what, got, want)
	}
	if len(w.beats) == 0 && !other.Wake().Equal(w.run.Wake()) {
		w.t.Fatalf("after %T: %s wakes at %v, not %v", cmd, what, other.Wake(), w.run.Wake())
	}
	if other.Active() != w.run.Active() {
		w.t.Fatalf("after %T: %s has %d active tasks, not %d", cmd, what, other.Active(), w.run.Active())
	}
	a, b := other.Size(), w.run.Size()
	if a != b {
		w.t.Fatalf("after %T: %s has size %d, not %d", cmd, what, a, b)
	}
}

func outstanding(run interpreter.Run) string {
	var text string
	run.Outstanding(func(task *interpreter.Task, phase interpreter.Phase) bool {
		text += fmt.Sprintf("%+v %d\n", *task, phase)
		if again, p := run.Task(task.ID); again != task || p != phase {
			text += "and Task does not agree\n"
		}
		return true
	})
	return text
}

// after lets the outside give a command later.
func (w *world) after(delay time.Duration, cmd interpreter.Command) {
	w.calls = append(w.calls, call{at: w.now.Add(delay), seq: len(w.facts)<<20 + len(w.calls), cmd: cmd})
}

func (w *world) afterDo(delay time.Duration, do func()) {
	w.calls = append(w.calls, call{at: w.now.Add(delay), seq: len(w.facts)<<20 + len(w.calls), do: do})
}

// start starts the execution and lets it run until it is closed or nothing is
// going to happen any more.
func (w *world) start(input string) {
	w.t.Helper()
	w.decide(interpreter.Start{Input: value.Text([]byte(input))})
	w.goOn()
}

func (w *world) goOn() {
	w.t.Helper()
	for range 1_000_000 {
		if w.run.Result().Status.Closed() {
			return
		}
		if w.run.Pending() {
			w.decide(interpreter.Continue{})
			continue
		}
		if !w.next() {
			return
		}
	}
	w.t.Fatal("the execution never ends")
}

// next lets the next thing happen: a command of the outside, or a timer.
func (w *world) next() bool {
	w.t.Helper()
	slices.SortFunc(w.calls, func(a, b call) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.seq - b.seq
	})
	wake := w.run.Wake()
	if len(w.calls) > 0 && (wake.IsZero() || !w.calls[0].at.After(wake)) {
		c := w.calls[0]
		w.calls = w.calls[1:]
		if c.at.After(w.now) {
			w.now = c.at
		}
		if c.do != nil {
			c.do()
		} else {
			w.decide(c.cmd)
		}
		return true
	}
	if wake.IsZero() {
		return false
	}
	if wake.After(w.now) {
		w.now = wake
	}
	w.decide(interpreter.Tick{})
	return true
}

// history is the events of all facts so far.
func (w *world) history() []*Event {
	w.t.Helper()
	var events []*Event
	player := Replay(w.program, w.info, func(e *Event) bool {
		events = append(events, e)
		return true
	})
	for i, fact := range w.facts {
		if err := player.Apply(fact, w.times[i]); err != nil {
			w.t.Fatalf("replaying fact %d: %v", i, err)
		}
	}
	if n := w.run.(*Run).Events(); uint64(len(events)) != n {
		w.t.Fatalf("the history has %d events, the run counted %d", len(events), n)
	}
	for i, e := range events {
		if e.ID != uint64(i)+1 {
			t := e.Type
			w.t.Fatalf("event %d (%s) has id %d", i+1, t, e.ID)
		}
	}
	return events
}

// story is the history in short: id<-previous type.
func (w *world) story() []string {
	var lines []string
	for _, e := range w.history() {
		lines = append(lines, fmt.Sprintf("%d<-%d %s", e.ID, e.Previous, e.Type))
	}
	return lines
}

// outcome is how the run stands, in one line.
func (w *world) outcome() string {
	result := w.run.Result()
	text := result.Status.String()
	if result.Output != nil {
		text += " " + string(result.Output.Text())
	}
	if result.Error != nil {
		text += " " + *result.Error
	}
	if result.Cause != nil {
		text += ": " + *result.Cause
	}
	return text
}

// reply is an answer that gives each task this result at once.
func reply(output string) func(*world, *interpreter.Task) {
	return func(w *world, task *interpreter.Task) {
		w.after(time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(output)})
	}
}

func text(s string) *string { return &s }
