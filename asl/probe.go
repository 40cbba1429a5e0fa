package asl

import (
	"slices"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// ProbeConfig says which state to run, and on what. Machine, State, Info and
// Input are required.
type ProbeConfig struct {
	Machine *definition.Machine
	State   *definition.State // one of the machine's
	Info    interpreter.Info
	Input   *value.Document
	// Variables of the scope that the state stands in.
	Variables *value.Object
	// Context is what the expressions see as the context object. Nil: what they
	// would see in an execution that had just begun.
	Context *value.Object
	// Items are what the reader of a Map state gives: an array. Nil: the Map finds
	// its items in its input.
	Items *value.Document
	// Retries is how many retries were made by the retrier that is for the
	// state's failure, if it fails.
	Retries int
	Random  interpreter.Random
	// Token is the token of the state's task.
	Token string
}

// Probe runs one state of a machine on its own, once, and tells what became of
// the data on the way. The state goes through the interpreter as it does in an
// execution, fact by fact; nothing is durable. What its work gives comes from
// the caller: Task says what is wanted from outside, and the branches of a
// Parallel state and the iterations of a Map are not run. A retry is announced,
// and not made.
//
// A Probe is used by one goroutine: Begin, then Succeed, Fail or Tick while End
// is nil.
type Probe struct {
	cfg     ProbeConfig
	run     *Run
	frame   *frame
	env     interpreter.Env
	state   *definition.State // as the machine has it: that of cfg, or one around it
	seen    Seen
	result  *value.Document // of the state's work
	failure *failure        // that the state had last
	end     *ProbeEnd
}

// ProbeStatus is how a state ended.
type ProbeStatus string

// The statuses.
const (
	ProbeSucceeded ProbeStatus = "SUCCEEDED"
	ProbeFailed    ProbeStatus = "FAILED"
	ProbeRetriable ProbeStatus = "RETRIABLE"
	ProbeCaught    ProbeStatus = "CAUGHT_ERROR"
)

// ProbeEnd is how a state ended. What the status does not have is nil or zero.
type ProbeEnd struct {
	Status       ProbeStatus
	Output       *value.Document // succeeded or caught
	Error, Cause *string
	Next         string // the state that follows
	// Retrier and Catcher are the positions of those that were for the failure:
	// of a retrier also when it had made all of its retries.
	Retrier, Catcher *int
	// Backoff is the delay before the retry.
	Backoff time.Duration
}

// NewProbe makes a probe. It is still outside of the state.
func NewProbe(cfg ProbeConfig) *Probe {
	limits := *cfg.Info.Limits
	limits.BatchFacts = 1 // to look at the run after every fact
	cfg.Info.Limits = &limits
	machine := *cfg.Machine
	machine.TimeoutSeconds = nil
	machine.All = slices.Clone(machine.All)
	renamed := *cfg.State
	renamed.Name = definition.SingleName
	machine.All[renamed.Index] = &renamed
	p := &Probe{cfg: cfg, state: cfg.State, run: newRun(NewProgram(&machine), cfg.Info)}
	p.run.probe = p
	p.env.Random = cfg.Random
	p.env.Token = func(uint64) string { return cfg.Token }
	return p
}

// Begin enters the state and begins its work.
func (p *Probe) Begin(now time.Time) {
	p.decide(now, interpreter.Start{Input: p.cfg.Input})
	p.frame = p.run.root
	p.frame.scope, p.frame.next = p.state.Scope, p.run.program.machine.All[p.state.Index]
	p.assign()
	p.decide(now, interpreter.Continue{})
	p.countRetries()
	switch kind := p.state.Kind.(type) {
	case *definition.Map:
		p.evaluate(func(t *turn) *failure { return p.beginMap(t, kind) })
	case *definition.Parallel:
		p.evaluate(p.beginParallel)
	default:
		p.decide(now, interpreter.Continue{})
	}
	p.goOn(now)
}

func (p *Probe) assign() {
	if p.cfg.Variables == nil {
		return
	}
	p.frame.vars = &scopeVars{}
	for name, v := range p.cfg.Variables.All() {
		p.run.varBytes += p.frame.vars.set(name, value.Of(v))
	}
}

// countRetries lets every retrier have made the retries that were said: only
// the one that is for the failure is asked.
func (p *Probe) countRetries() {
	p.frame.retried = p.cfg.Retries
	p.frame.retries = make([]int, len(p.frame.state.Retry))
	for i := range p.frame.retries {
		p.frame.retries[i] = p.cfg.Retries
	}
}

// End is how the state ended, nil while it waits.
func (p *Probe) End() *ProbeEnd { return p.end }

// Task is what the state wants done, nil for nothing.
func (p *Probe) Task() *interpreter.Task {
	if p.frame.job == nil {
		return nil
	}
	return &p.frame.job.task
}

// Wake is when a Tick is due, zero for never.
func (p *Probe) Wake() time.Time { return p.run.Wake() }

// Tick tells the time.
func (p *Probe) Tick(now time.Time) {
	p.decide(now, interpreter.Tick{})
	p.goOn(now)
}

// Succeed gives the result of the state's work, as JSON text.
func (p *Probe) Succeed(now time.Time, output []byte) {
	if task := p.Task(); task != nil {
		p.acknowledge(now, task)
		p.decide(now, interpreter.TaskSucceeded{ID: task.ID, Output: output})
	} else {
		p.frame.result, p.frame.phase = value.Text(output), phaseDone
		p.run.ready.push(p.frame)
	}
	p.goOn(now)
}

// Fail lets the state's work fail.
func (p *Probe) Fail(now time.Time, name, cause *string) {
	if task := p.Task(); task != nil {
		p.acknowledge(now, task)
		p.decide(now, interpreter.TaskFailed{ID: task.ID, Error: name, Cause: cause})
	} else {
		p.frame.err, p.frame.phase = &failure{kind: failedTask, error: name, cause: cause}, phaseErred
		p.run.ready.push(p.frame)
	}
	p.goOn(now)
}

// acknowledge lets a task come to where its result can come.
func (p *Probe) acknowledge(now time.Time, task *interpreter.Task) {
	switch {
	case task.Delivery == interpreter.Pull:
		p.decide(now, interpreter.TaskStarted{ID: task.ID})
	case task.Completion != interpreter.ByAnswer:
		p.decide(now, interpreter.TaskSubmitted{ID: task.ID, Output: []byte("{}")})
	}
}

// Abandon ends a state that waits, whatever it has for errors.
func (p *Probe) Abandon(name, cause string) {
	p.end = &ProbeEnd{Status: ProbeFailed, Error: &name, Cause: &cause}
}

func (p *Probe) decide(now time.Time, cmd interpreter.Command) {
	var d interpreter.Decision
	p.env.Now = now
	p.run.Decide(&p.env, cmd, &d)
}

// evaluate evaluates expressions of the state; a failure is the state's.
func (p *Probe) evaluate(what func(t *turn) *failure) {
	var d interpreter.Decision
	t := newTurn(p.run, &p.env, &d)
	defer t.over()
	if err := what(t); err != nil {
		t.fail(p.frame, err)
	}
}

// goOn goes on until the state was left or waits for something.
func (p *Probe) goOn(now time.Time) {
	for p.end == nil {
		switch f := p.frame; {
		case p.run.status == interpreter.Succeeded, f.phase == phaseNext:
			p.end = p.left()
		case p.run.status.Closed():
			p.end = &ProbeEnd{Status: ProbeFailed}
			p.blame(p.end)
		case f.phase == phaseErred:
			p.handle(now)
		case f.phase == phaseDone:
			p.result = f.result
			p.decide(now, interpreter.Continue{})
		default:
			return
		}
	}
}

// left is the end of a state that goes on to another, or ends its scope.
func (p *Probe) left() *ProbeEnd {
	end := &ProbeEnd{Status: ProbeSucceeded, Output: p.frame.cur}
	if next := p.frame.next; next != nil {
		end.Next = p.cfg.Machine.All[next.Index].Name
	}
	if p.failure != nil {
		end.Status = ProbeCaught
		p.blame(end)
	}
	return end
}

// handle lets the interpreter find what becomes of the failure. Where the state
// itself has nothing for it, the Parallel or Map around it is asked, as it is
// in an execution.
func (p *Probe) handle(now time.Time) {
	f := p.frame
	p.takeFailure()
	if p.retrier() == nil && p.catcher() == nil && p.state.Scope.Owner != nil {
		p.state = p.state.Scope.Owner
		f.scope, f.state = p.state.Scope, p.run.program.machine.All[p.state.Index]
		p.countRetries()
		return
	}
	before := f.retried
	p.decide(now, interpreter.Continue{})
	if f.retried > before {
		p.end = &ProbeEnd{Status: ProbeRetriable, Backoff: p.backoff(now)}
		p.blame(p.end)
	}
}

func (p *Probe) backoff(now time.Time) time.Duration {
	if wake := p.run.Wake(); p.frame.phase == phaseRetry {
		return wake.Sub(now.Truncate(time.Millisecond))
	}
	return 0
}

// takeFailure keeps the failure, without the words that name the event that
// entered the state: there is no history.
func (p *Probe) takeFailure() {
	if cause := p.frame.err.cause; cause != nil {
		short := strings.TrimPrefix(*cause, p.frame.preamble())
		p.frame.err.cause = &short
	}
	p.failure = p.frame.err
}

// blame says what failed, and whose affair it was.
func (p *Probe) blame(end *ProbeEnd) {
	if p.failure == nil {
		result := p.run.Result()
		end.Error, end.Cause = result.Error, result.Cause
		return
	}
	end.Error, end.Cause = p.failure.error, p.failure.cause
	end.Retrier = p.retrier()
	if end.Status == ProbeCaught {
		end.Catcher = p.catcher()
	}
}

// retrier is the position of the retrier for the failure, nil if there is none.
func (p *Probe) retrier() *int {
	return position(p.state.Retry, func(r definition.Retrier) bool { return p.failure.matches(r.Errors) })
}

// catcher is the position of the catcher for the failure, nil if there is none.
func (p *Probe) catcher() *int {
	return position(p.state.Catch, func(c definition.Catcher) bool { return p.failure.matches(c.Errors) })
}

func position[T any](all []T, fits func(T) bool) *int {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return &i
	}
	return nil
}
