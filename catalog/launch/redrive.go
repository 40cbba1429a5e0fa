package launch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

var _ mapruns.Redriver = (*Launcher)(nil)

// RedriveMapRun opens a map run again for a later task of the execution that it
// was started for. One that still runs for an earlier task is stopped, and awaited.
// One that was not started, for the execution was stopped that instant, is now.
func (l *Launcher) RedriveMapRun(ctx context.Context, arn string, input []byte, trace string, parent connector.Parent) error {
	def, name, err := l.mapRun(ctx, arn, parent.Origin)
	if err != nil {
		return err
	}
	run, err := l.standard.ByName(ctx, def.Machine, name)
	if errors.Is(err, engine.ErrNotFound) {
		err = l.StartMapRun(ctx, arn, input, trace, parent)
		var taken *engine.NameTakenError
		if !errors.As(err, &taken) {
			return err
		}
		run, err = taken.Run, nil // it was being started for an earlier task
	}
	if err == nil {
		err = l.reopen(ctx, run, parent)
	}
	if errors.Is(err, engine.ErrNotRedrivable) {
		err = l.reopenEnded(ctx, arn, run, parent)
	}
	if err != nil {
		return err
	}
	return l.unlessWaited(ctx, run, parent.Origin)
}

// reopenTries is how often a map run is stopped that runs for an earlier task: a call
// for another one that nobody waits for, either, may open it first when it has ended.
const reopenTries = 3

// reopenEnded opens a map run again that may still run for an earlier task.
func (l *Launcher) reopenEnded(ctx context.Context, arn string, run store.RunID, parent connector.Parent) error {
	before := connector.Origin{Run: parent.Run, Task: parent.Task - 1}
	for range reopenTries {
		if err := l.stopFor(ctx, run, before, nil); err != nil {
			return err
		}
		if _, err := l.standard.Wait(ctx, run); err != nil {
			return err
		}
		if err := l.reopen(ctx, run, parent); !errors.Is(err, engine.ErrNotRedrivable) {
			return err
		}
	}
	return &connector.Error{Name: "States.Runtime", Cause: "The map run " + arn + " cannot be redriven: it was redriven too often, or is older than the redrive of map runs"}
}

// RedriveChild opens a Standard child of a map run again, or begins it anew if it is
// not there.
func (l *Launcher) RedriveChild(ctx context.Context, req mapruns.ChildRequest) (*connector.ChildEnd, error) {
	mapRun := store.RunID(req.MapRun)
	family, err := l.family(ctx, mapRun)
	if err != nil {
		return nil, err
	}
	def := family.definition
	name := l.standard.ChildName(mapRun, req.Number)
	run, err := l.standard.ByName(ctx, def.Machine, name)
	if errors.Is(err, engine.ErrNotFound) {
		return nil, l.beginAnew(ctx, req)
	}
	if err != nil {
		return nil, err
	}
	d, err := l.standard.Describe(ctx, run)
	if err == nil && (!d.Status.Closed() || catalog.NotRedrivable(&d, time.Now()) == "") {
		err = l.reopen(ctx, run, req.Parent)
		if !errors.Is(err, engine.ErrNotRedrivable) {
			return nil, err
		}
		d, err = l.standard.Describe(ctx, run)
	}
	if err != nil || !d.Status.Closed() {
		return nil, err // one that is open tells its end to whom it belongs
	}
	end := l.endOf(def, name, &d)
	end.NotRedrivable = catalog.NotRedrivable(&d, time.Now())
	return &end, nil
}

// beginAnew starts a child that is not there, because it could not be started or is
// purged, with the input that the log of its map run has.
func (l *Launcher) beginAnew(ctx context.Context, req mapruns.ChildRequest) error {
	found, err := l.recall(ctx, store.RunID(req.MapRun), &maprun.RecallRequest{Numbers: []int64{req.Number}})
	if err != nil {
		return err
	}
	if len(found.Inputs) == 0 {
		return fmt.Errorf("the log of the map run has no child %d", req.Number)
	}
	req.Input = found.Inputs[0]
	return l.StartChild(ctx, req)
}

// reopen opens a run again as soon as the engine takes the command. One that was
// given is awaited, whatever comes.
func (l *Launcher) reopen(ctx context.Context, run store.RunID, parent connector.Parent) error {
	return patiently(ctx, func() error { return l.standard.RedriveFor(context.WithoutCancel(ctx), run, parent) })
}
