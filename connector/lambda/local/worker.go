package local

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector/lambda/runtimeapi"
)

// worker owns one process, from its start to its end.
type worker struct {
	pool *pool
	jobs chan *job // holds one: what an idle worker is given
	idle *time.Timer
}

// run is the worker's life.
func (w *worker) run() {
	p := w.pool
	if !w.wait(p.pause()) {
		p.startFailed(failed("Runtime.Unknown", errStopped.Error()))
		return
	}
	inst, why := w.start()
	if inst == nil {
		p.startFailed(why)
		return
	}
	p.started()
	p.returned()
	w.idle = time.NewTimer(p.function.IdleTimeout)
	defer w.idle.Stop()
	for {
		j, ok := w.next(inst)
		if !ok {
			inst.end()
			p.left(j)
			return
		}
		if !w.serve(inst, j) {
			inst.end()
			p.left(nil)
			return
		}
	}
}

// wait sits out the pause before a start; false if the pool is being closed.
func (w *worker) wait(pause time.Duration) bool {
	if pause <= 0 {
		return true
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.pool.ctx.Done():
		return false
	}
}

// start makes a process that is ready to work, or says why there is none.
func (w *worker) start() (*instance, runtimeapi.Answer) {
	p := w.pool
	inst, err := launch(p)
	if err != nil {
		p.config.Logger.Error("lambda function did not start", "function", p.function.Name, "error", err)
		return nil, failed("Runtime.InvalidEntrypoint", "Error: "+err.Error())
	}
	timeout := time.NewTimer(p.function.InitTimeout)
	defer timeout.Stop()
	var why runtimeapi.Answer
	select {
	case <-inst.session.Parked():
		return inst, why
	case why = <-inst.session.InitError():
	case <-inst.exited:
		why = failed("Runtime.ExitError", "Error: "+inst.ending())
		select {
		case why = <-inst.session.InitError(): // it said why before it ended
		default:
		}
	case <-timeout.C:
		why = failed("Sandbox.Timedout", fmt.Sprintf("Error: Initialization timed out after %.2f seconds",
			p.function.InitTimeout.Seconds()))
	case <-p.ctx.Done():
		why = failed("Runtime.Unknown", errStopped.Error())
	}
	inst.end()
	p.config.Logger.Error("lambda function did not start", "function", p.function.Name, "error", string(why.Payload),
		"output", strings.Join(inst.output.last, "\n"))
	return nil, why
}

// next waits for work. ok is false when the worker should leave; then j, if not
// nil, has not been touched.
func (w *worker) next(inst *instance) (j *job, ok bool) {
	p := w.pool
	if inst.hasExited() {
		return nil, false
	}
	if j := p.take(w); j != nil {
		return j, true
	}
	w.idle.Reset(p.function.IdleTimeout)
	select {
	case j := <-w.jobs:
		return j, true
	case <-w.idle.C:
	case <-inst.exited:
	case <-p.ctx.Done():
	}
	if p.unidle(w) {
		return nil, false
	}
	return <-w.jobs, false
}

// serve has the process carry out j, and waits until it is ready for another.
// False if it is not going to be.
func (w *worker) serve(inst *instance, j *job) bool {
	p := w.pool
	ctx, cancel := context.WithTimeout(p.ctx, p.function.Timeout)
	defer cancel()
	inst.output.begin(j)
	defer inst.output.begin(nil)
	answer, err := inst.session.Invoke(ctx, j.invocation(&p.function, p.arn, time.Now()))
	switch {
	case err == nil:
		p.answered() // before anybody can know
		j.finish(answer)
		return w.settle(inst, j)
	case errors.Is(err, context.DeadlineExceeded):
		inst.kill()
		j.fail("Sandbox.Timedout", fmt.Sprintf("Task timed out after %.2f seconds", p.function.Timeout.Seconds()))
	case inst.stopped():
		j.drop(context.Canceled)
	default:
		j.fail("Runtime.ExitError", inst.ending())
	}
	return false
}

// patience is how long a process that has answered is expected to ask for more
// before another one is started in its place.
const patience = 20 * time.Millisecond

// settle waits until the process asks for more. Once the result is settled it
// has the function's time for that: what it still does then is part of the
// invocation.
func (w *worker) settle(inst *instance, j *job) bool {
	soon := time.NewTimer(patience)
	ready, ended := w.parked(inst, soon.C)
	soon.Stop()
	if ready {
		w.pool.returned()
		return true
	}
	w.pool.delayed()
	if ended {
		return false
	}
	settled := j.request.Call.Settled
	if settled != nil {
		select {
		case <-inst.session.Parked():
			return true
		case <-settled:
		case <-j.unwanted:
		case <-j.givenUp:
		case <-inst.exited:
			return false
		case <-w.pool.ctx.Done():
			return false
		}
	}
	late := time.NewTimer(w.pool.function.Timeout)
	defer late.Stop()
	ready, ended = w.parked(inst, late.C)
	if !ready && !ended {
		w.pool.config.Logger.Warn("lambda function went on after its answer and was stopped",
			"function", w.pool.function.Name, "request", j.id)
	}
	return ready
}

// parked waits until the process asks for more, or has ended, or is to end; or,
// with neither, until the limit.
func (w *worker) parked(inst *instance, limit <-chan time.Time) (ready, ended bool) {
	select {
	case <-inst.session.Parked():
		return true, false
	case <-inst.exited:
		return false, true
	case <-w.pool.ctx.Done():
		return false, true
	case <-limit:
		return false, false
	}
}
