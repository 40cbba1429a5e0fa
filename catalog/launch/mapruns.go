package launch

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

var _ mapruns.Runner = (*Launcher)(nil)

// awaitEngines waits until the launcher has its engines.
func (l *Launcher) awaitEngines(ctx context.Context) error {
	select {
	case <-l.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// StartMapRun starts a map run for a task of another run.
func (l *Launcher) StartMapRun(ctx context.Context, arn string, input []byte, trace string, parent connector.Parent) error {
	def, name, err := l.mapRun(ctx, arn, parent.Origin)
	if err != nil {
		return err
	}
	attributes, err := l.inherited(ctx, store.RunID(parent.Run))
	if err != nil {
		return err
	}
	leave, err := l.admitMapRun(ctx, def.Machine, name)
	if err != nil {
		return err
	}
	defer leave()
	started, err := accepted(ctx, l.standard, engine.StartRequest{
		Definition: def, Name: name, Input: value.Text(input), TraceHeader: trace, Parent: &parent, Attributes: attributes,
	})
	if err != nil {
		return err
	}
	return l.unlessWaited(ctx, started.Run, parent.Origin)
}

// unlessWaited stops a map run for which nobody waits: the execution may have been
// stopped while the map run was being started, or opened again, for that task, and
// who was to stop it, too, has not found it.
func (l *Launcher) unlessWaited(ctx context.Context, mapRun store.RunID, of connector.Origin) error {
	ctx = context.WithoutCancel(ctx) // which has ended just then
	waited, err := l.standard.Waited(ctx, mapRun)
	if err != nil {
		return unlessOver(err)
	}
	if !waited {
		err = l.stopFor(ctx, mapRun, of, nil)
	}
	return err
}

// stopFor stops a run as soon as the engine takes the command. One that has ended is
// stopped.
func (l *Launcher) stopFor(ctx context.Context, run store.RunID, of connector.Origin, cause *string) error {
	return unlessOver(patiently(ctx, func() error { return l.standard.StopFor(ctx, run, of, cause) }))
}

// busyPause is how long to wait before an engine is asked again that is at its
// limit.
const busyPause = 20 * time.Millisecond

// accepted starts a run as soon as the engine takes it. A start that was begun is
// awaited, whatever comes: else nobody would know of the run.
func accepted(ctx context.Context, e Engine, req engine.StartRequest) (started engine.Started, err error) {
	err = patiently(ctx, func() error {
		started, err = e.Start(context.WithoutCancel(ctx), req)
		return err
	})
	return started, err
}

// patiently asks an engine again while it is at its limit: what it is asked for
// waits for room, as every task does, and does not fail for want of it.
func patiently(ctx context.Context, f func() error) error {
	for {
		err := f()
		if !errors.Is(err, engine.ErrBusy) {
			return err
		}
		timer := time.NewTimer(busyPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// mapRun is what the ARN of a map run names, for a task of the execution that it
// belongs to.
func (l *Launcher) mapRun(ctx context.Context, arn string, of connector.Origin) (*engine.Definition, string, error) {
	if err := l.awaitEngines(ctx); err != nil {
		return nil, "", err
	}
	parsed, err := catalog.ParseMapRun(arn)
	if err != nil {
		return nil, "", err
	}
	parent, err := l.standard.Definition(ctx, store.RunID(of.Run))
	if err != nil {
		return nil, "", err
	}
	def, err := catalog.PartOf(parent, parsed.Label(), catalog.MapRun)
	return def, parsed.Name(), err
}

// StopMapRun stops the map run of a task, if it runs.
func (l *Launcher) StopMapRun(ctx context.Context, arn string, of connector.Origin) error {
	def, name, err := l.mapRun(ctx, arn, of)
	if err != nil {
		return err
	}
	run, err := l.standard.ByName(ctx, def.Machine, name)
	if err == nil {
		err = l.stopFor(ctx, run, of, nil)
	}
	return unlessOver(err)
}

// unlessOver takes it that a run is stopped which has ended, or never was, or that
// nothing can stop.
func unlessOver(err error) error {
	if errors.Is(err, engine.ErrClosed) || errors.Is(err, engine.ErrNotFound) || errors.Is(err, engine.ErrIncident) {
		return nil
	}
	return err
}

// StartChild starts a Standard child of a map run.
func (l *Launcher) StartChild(ctx context.Context, req mapruns.ChildRequest) error {
	mapRun := store.RunID(req.MapRun)
	family, err := l.family(ctx, mapRun)
	if err != nil {
		return err
	}
	_, err = accepted(ctx, l.standard, engine.StartRequest{
		Definition: family.definition, Name: l.standard.ChildName(mapRun, req.Number), Input: value.Text(req.Input),
		TraceHeader: req.TraceHeader, Parent: &req.Parent, Attributes: catalog.WithItems(family.attributes, req.Items),
	})
	return err
}

// RunChild runs an Express child of a map run and waits for its end.
func (l *Launcher) RunChild(ctx context.Context, req mapruns.ChildRequest) (connector.ChildEnd, error) {
	mapRun := store.RunID(req.MapRun)
	family, err := l.family(ctx, mapRun)
	if err != nil {
		return connector.ChildEnd{}, err
	}
	if l.express == nil {
		return connector.ChildEnd{}, notSupported()
	}
	ended := make(chan engine.Description, 1)
	child := l.standard.ChildName(mapRun, req.Number)
	name := catalog.ExpressName(child, catalog.UUIDOf(child)) // the same whenever it is run
	start := engine.StartRequest{
		Definition: family.definition, Name: name, Input: value.Text(req.Input), TraceHeader: req.TraceHeader, Ended: ended,
		Attributes: catalog.WithItems(family.attributes, req.Items),
	}
	var started engine.Started
	err = patiently(ctx, func() error {
		started, err = l.express.StartAnew(context.WithoutCancel(ctx), start, req.Again)
		return err
	})
	if err != nil {
		return connector.ChildEnd{}, err
	}
	select {
	case d, ok := <-ended:
		if !ok {
			return connector.ChildEnd{}, engine.ErrStopped
		}
		return l.endOf(family.definition, name, &d), nil
	case <-ctx.Done():
		return connector.ChildEnd{}, errors.Join(ctx.Err(), l.stopExpress(context.WithoutCancel(ctx), started.Run))
	}
}

// stopExpress stops an Express child, if it runs.
func (l *Launcher) stopExpress(ctx context.Context, run store.RunID) error {
	return unlessOver(patiently(ctx, func() error {
		_, err := l.express.Stop(ctx, run, nil, nil)
		return err
	}))
}

// endOf describes the end of an Express child.
func (l *Launcher) endOf(def *engine.Definition, name string, d *engine.Description) connector.ChildEnd {
	info := l.catalog.Info(def, name)
	end := connector.ChildEnd{
		ExecutionARN: info.ExecutionARN, Name: info.Name, MachineARN: info.MachineARN,
		Started: d.Head.Started, Closed: d.Head.Closed, Status: d.Status.String(), Error: d.Error, Cause: d.Cause,
		Redrives: d.Redrives, Redriven: d.Redriven,
	}
	if d.Input != nil {
		end.Input = d.Input.Text()
	}
	if d.Status == interpreter.Succeeded {
		end.Output = d.Output.Text()
	}
	return end
}

const (
	// stopPage is how many children are looked up at once to be stopped, stoppers how
	// many of them are being stopped at a time.
	stopPage = 1000
	stoppers = 64
)

// StopChildren stops the Standard children of the map run with that ARN that run for
// that task of it, or for an earlier one.
func (l *Launcher) StopChildren(ctx context.Context, arn string, of connector.Origin) error {
	cause := mapruns.Abandoned(arn)
	if err := l.awaitEngines(ctx); err != nil {
		return err
	}
	query := store.ListQuery{Machine: catalog.ChildrenOf(store.RunID(of.Run)), Status: store.Running}
	for after := (store.ListRow{}); ; {
		rows, err := l.standard.List(ctx, query, after, stopPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1]
		if err := l.stopAll(ctx, rows, of, &cause); err != nil || len(rows) < stopPage {
			return err
		}
	}
}

func (l *Launcher) stopAll(ctx context.Context, rows []store.ListRow, of connector.Origin, cause *string) error {
	var all sync.WaitGroup
	room := make(chan struct{}, stoppers)
	errs := make([]error, len(rows))
	for i := range rows {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			errs[i] = l.stopFor(ctx, rows[i].Run, of, cause)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// Waited says whether the task for which a map run was started still waits for it.
func (l *Launcher) Waited(ctx context.Context, mapRun uint64) (bool, error) {
	if err := l.awaitEngines(ctx); err != nil {
		return false, err
	}
	return l.standard.Waited(ctx, store.RunID(mapRun))
}
