package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// callKey names a call under way.
type callKey struct {
	run  store.RunID
	task uint64
}

// call is one connector call, from the commit that justifies it to the commit of
// its result.
type call struct {
	callKey
	shard            *shard
	task             *interpreter.Task
	execution, trace string
	ctx              context.Context
	cancel           context.CancelCauseFunc

	// By whoever carries it out.
	request *connector.Call
	settled chan struct{}
	started time.Time
}

// effect starts or cancels a call. It runs on the shard's goroutine.
func (s *shard) effect(f *core.Effect) {
	key := callKey{f.Run, f.Task.ID}
	if f.Cancel {
		if c := s.calls[key]; c != nil {
			c.cancel(nil)
		}
		s.cancelJob(f)
		return
	}
	if s.calls[key] != nil || s.e.draining.Load() {
		return // it is under way; or it is left to whoever comes after us
	}
	c := s.newCall(f)
	s.calls[key] = c
	s.begin(c)
}

// newCall makes the call that carries a task out. It does as little as can be: the
// shard's other runs wait.
func (s *shard) newCall(f *core.Effect) *call {
	c := &call{callKey: callKey{f.Run, f.Task.ID}, shard: s, task: f.Task, execution: f.Info.ExecutionARN, trace: f.TraceHeader}
	c.ctx, c.cancel = context.WithCancelCause(context.Background()) // giveUpCalls ends it when the engine stops
	return c
}

// prepare makes the request of the connector.
func (c *call) prepare() {
	e, t := c.shard.e, c.task
	c.settled = make(chan struct{})
	c.request = &connector.Call{
		Resource:       t.Resource,
		Action:         t.Action,
		Payload:        t.Payload,
		IdempotencyKey: e.idempotencyKey(c.callKey),
		RoleARN:        t.RoleARN,
		TraceHeader:    c.trace,
		Origin:         connector.Origin{Run: uint64(c.run), Task: t.ID},
		Execution:      c.execution,
		State:          t.State,
		Settled:        c.settled,
	}
	if t.Completion != interpreter.ByAnswer {
		c.request.TaskToken = e.key.token(c.run, t.ID)
	}
	if t.Timeout > 0 {
		c.request.Deadline = t.ScheduledAt.Add(t.Timeout)
	}
	if t.Heartbeat > 0 {
		c.request.Heartbeat = c.beat
	}
}

// cancelJob has the connector end a job whose end nobody waits for. Where the
// process ends before, whoever takes the job's run over finds that out. It does not
// stand in line with calls: as many as there may be can wait for room that the end of a
// job makes.
func (s *shard) cancelJob(f *core.Effect) {
	k, ok := s.e.cfg.Connectors[f.Task.Connector].(connector.Canceller)
	if !ok || f.Task.Completion != interpreter.ByJob || s.e.draining.Load() {
		return
	}
	c := s.newCall(f)
	s.e.pool(f.Task.Connector + cancellations).do(func() {
		defer c.cancel(nil)
		c.prepare()
		if err := k.Cancel(c.ctx, c.request); err != nil {
			s.e.log.Warn("a job that nobody waits for could not be ended", "resource", f.Task.Resource, "execution", c.execution, "error", err)
		}
	})
}

// cancellations make the name of a connector that of the pool of its cancellations.
const cancellations = " cancel"

// giveUpCalls ends all calls under way: what they give is not wanted any more.
func (e *Engine) giveUpCalls() {
	e.callsOver.Store(true)
	for _, s := range e.shards {
		s.post(func(*core.Core) { s.giveUpCalls() })
	}
}

func (s *shard) giveUpCalls() {
	for _, c := range s.calls {
		c.cancel(connector.ErrGivenUp)
	}
}

// idempotencyKey is the same for every try of one attempt, in any process.
func (e *Engine) idempotencyKey(k callKey) string {
	var b [48]byte
	key := append(b[:0], e.keyPrefix...)
	key = strconv.AppendUint(key, uint64(k.run), 36)
	key = append(key, '-')
	key = strconv.AppendUint(key, k.task, 36)
	return string(key)
}

// keyPrefix tells the runs of one store from those of another.
func keyPrefix(storeID string) string { return storeID[:min(12, len(storeID))] + "-" }

func (c *call) beat() {
	c.shard.post(func(cr *core.Core) { cr.Beat(nil, c.run, c.callKey.task) })
}

// carryOut calls the connector and brings the result to the shard.
func (c *call) carryOut() {
	e := c.shard.e
	if e.draining.Load() {
		return // it is left to whoever comes after us
	}
	if c.ctx.Err() != nil { // cancelled while it waited
		c.shard.post(func(*core.Core) { c.shard.settled(c) })
		return
	}
	c.prepare()
	c.started = e.now()
	if e.listener != nil {
		e.listener.TaskStarted(c.run, c.task)
	}
	output, err := c.invoke()
	if e.listener != nil {
		e.listener.TaskEnded(c.run, c.task, err, e.now().Sub(c.started))
	}
	c.cancel(nil)
	if e.callsOver.Load() || e.draining.Load() && errors.Is(err, ErrStopped) {
		return // the engine stops: the task is done again by whoever comes after us
	}
	cmd := c.result(output, err)
	c.shard.post(func(cr *core.Core) { cr.Command(c, c.run, cmd) })
}

// invoke calls the connector; a panic there is a failure of the task.
func (c *call) invoke() (output []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			c.shard.e.log.Error("connector panicked", "connector", c.task.Connector, "execution", c.execution, "panic", p, "stack", string(debug.Stack()))
			err = &connector.Error{Name: "States.TaskFailed", Cause: fmt.Sprintf("the connector panicked: %v", p)}
		}
	}()
	output, err = c.connector().Invoke(c.ctx, c.request)
	if err != nil {
		return nil, err
	}
	if err := value.Valid(output); err != nil {
		return nil, &connector.Error{Name: "States.Runtime", Cause: "the result of the task is not valid JSON: " + err.Error()}
	}
	return output, nil
}

// connector is who carries the call out.
func (c *call) connector() connector.Connector {
	cfg := &c.shard.e.cfg
	k := cfg.Connectors[c.task.Connector]
	if k == nil {
		k = connector.Func(noConnector)
	}
	if cfg.Intercept != nil {
		k = cfg.Intercept(c.run, c.task, k)
	}
	return k
}

// noConnector fails a task that nothing can carry out.
func noConnector(_ context.Context, call *connector.Call) ([]byte, error) {
	return nil, &connector.Error{Name: "States.Runtime", Cause: "no connector is configured for resource " + call.Resource}
}

// result is the command that tells the run how the call ended.
func (c *call) result(output []byte, err error) interpreter.Command {
	submission := c.task.Completion != interpreter.ByAnswer
	if err == nil {
		if submission {
			return interpreter.TaskSubmitted{ID: c.task.ID, Output: output}
		}
		return interpreter.TaskSucceeded{ID: c.task.ID, Output: output, Checked: true}
	}
	f := interpreter.TaskFailed{ID: c.task.ID, Submission: submission}
	var failure *connector.Error
	if !errors.As(err, &failure) {
		failure = &connector.Error{Name: "States.TaskFailed", Cause: err.Error()}
	}
	if !failure.NoName {
		f.Error = &failure.Name
	}
	if !failure.NoCause {
		f.Cause = &failure.Cause
	}
	return f
}

// settled lets a call go whose result was committed or is not wanted.
func (s *shard) settled(c *call) {
	c.cancel(nil)
	if s.calls[c.callKey] == c {
		delete(s.calls, c.callKey)
	}
	if c.settled != nil {
		close(c.settled)
	}
}
