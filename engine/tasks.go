package engine

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// CompleteTask gives the result of the task of a token. It returns when that is
// durable. The output must be valid JSON; the engine keeps it. The error is ErrToken,
// or a *TaskOverError for a task that nobody waits for any more.
func (e *Engine) CompleteTask(ctx context.Context, token string, output []byte) error {
	return e.taskCommand(ctx, token, func(task uint64) interpreter.Command {
		return interpreter.TaskSucceeded{ID: task, Output: output}
	})
}

// FailTask gives the failure of the task of a token. It returns when that is
// durable.
func (e *Engine) FailTask(ctx context.Context, token string, name, cause *string) error {
	return e.taskCommand(ctx, token, func(task uint64) interpreter.Command {
		return interpreter.TaskFailed{ID: task, Error: name, Cause: cause}
	})
}

func (e *Engine) taskCommand(ctx context.Context, token string, cmd func(task uint64) interpreter.Command) error {
	of, err := e.key.parse(token)
	if err != nil {
		return err
	}
	a, err := e.ask(ctx, of.run, func(c *core.Core, t core.Ticket) { c.Command(t, of.run, cmd(of.task)) })
	return of.over(taskError(a, err))
}

// HeartbeatTask says that the task of a token is alive.
func (e *Engine) HeartbeatTask(ctx context.Context, token string) error {
	of, err := e.key.parse(token)
	if err != nil {
		return err
	}
	a, err := e.ask(ctx, of.run, func(c *core.Core, t core.Ticket) { c.Beat(t, of.run, of.task) })
	return of.over(taskError(a, err))
}

// CheckToken returns ErrToken if the token was not made by this engine. It does not
// ask whether its task is still to be done.
func (e *Engine) CheckToken(token string) error {
	_, err := e.key.parse(token)
	return err
}

// over adds to an error that says that the task is over where it was fetched from.
func (t ticket) over(err error) error {
	if errors.Is(err, ErrNoTask) || errors.Is(err, ErrClosed) || errors.Is(err, ErrNotFound) {
		return &TaskOverError{Queue: t.queue, Err: err}
	}
	return err
}

func taskError(a core.Answer, err error) error {
	if err != nil {
		return publicError(err)
	}
	switch a.Outcome {
	case interpreter.Done:
		return nil
	case interpreter.Closed:
		return ErrClosed
	default:
		return ErrNoTask
	}
}

// Poll hands out the oldest task of a queue. It waits for one until ctx ends,
// and then returns nil without an error. The hand-out is durable before Poll
// returns.
func (e *Engine) Poll(ctx context.Context, queue, worker string) (*WorkItem, error) {
	for {
		row, ok, err := e.queues.next(ctx, queue)
		if err != nil || !ok {
			return nil, err
		}
		item, f, err := e.handOut(ctx, row, worker)
		e.queues.done(row, f)
		if item != nil || err != nil {
			return item, err
		}
	}
}

// handOut commits that a worker has the task. It returns nil without an error
// if the task is not to be had any more, or at present.
func (e *Engine) handOut(ctx context.Context, row store.QueueRow, worker string) (*WorkItem, fate, error) {
	a, err := e.ask(context.WithoutCancel(ctx), row.Run, func(c *core.Core, t core.Ticket) {
		c.Command(t, row.Run, interpreter.TaskStarted{ID: row.Task, Worker: worker})
	})
	if errors.Is(err, core.ErrNotFound) || errors.Is(err, core.ErrIncident) {
		return nil, fateStopped, nil
	}
	if err != nil {
		return nil, fateAgain, err
	}
	if a.Outcome != interpreter.Done || a.Task == nil {
		return nil, fateSettled, nil
	}
	return &WorkItem{Token: e.key.sign(ticket{row.Run, row.Task, row.Queue}), Input: a.Task.Payload}, fateSettled, nil
}
