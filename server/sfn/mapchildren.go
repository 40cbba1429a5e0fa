package sfn

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// child finds a child of a map run by its name, from which its map run can be read.
func (s *Server) child(ctx context.Context, arn catalog.ARN, name string, e Engine) (*Run, error) {
	parent, _, ok := s.cfg.Engine.ParentOfName(withoutUUID(name))
	if !ok {
		return nil, noExecution(arn.Text)
	}
	id, err := e.ByName(ctx, catalog.ChildrenOf(parent), name)
	if err != nil {
		return nil, lookup(err, arn.Text)
	}
	def, err := e.Definition(ctx, id)
	if err != nil {
		return nil, lookup(err, arn.Text)
	}
	if catalog.DetailOf(def).MachineName != arn.Rest[0] {
		return nil, noExecution(arn.Text)
	}
	return &Run{ID: id, Definition: def, Name: name, Engine: e}, nil
}

// describable finds an execution that the API describes: a Standard one, or a child
// of a map run of either type.
func (s *Server) describable(ctx context.Context, text string) (*Run, error) {
	arn, err := catalog.ParseExpress(text)
	if err != nil || arn.Label() == "" || s.cfg.Express == nil {
		return s.run(ctx, text)
	}
	return s.find(ctx, arn, catalog.ExpressName(arn.Rest[1], arn.Rest[2]), s.cfg.Express)
}

// waits tells which children of a map run wait to be redriven, nil for none.
func (s *Server) waits(ctx context.Context, id store.RunID, head *store.Head) (func(name string) bool, error) {
	if redrives, _ := engine.Redrives(head); redrives == 0 || head.Status.Closed() {
		return nil, nil
	}
	waiting, _, err := viewMapRun(ctx, s, id, (*maprun.Run).Waiting)
	if errors.Is(err, engine.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return func(name string) bool {
		_, number, ok := s.cfg.Engine.ParentOfName(withoutUUID(name))
		return ok && waiting.Has(number)
	}, nil
}

// viewMapRun gives what view sees in the state of a map run, and its head.
func viewMapRun[T any](ctx context.Context, s *Server, id store.RunID, view func(*maprun.Run) T) (seen T, head *store.Head, err error) {
	value, head, err := s.cfg.Engine.View(ctx, id, func(state interpreter.Run) any {
		if run, ok := state.(*maprun.Run); ok {
			return view(run)
		}
		return nil
	})
	if err != nil {
		return seen, nil, err
	}
	seen, ok := value.(T)
	if !ok {
		return seen, nil, fmt.Errorf("the run %d is no map run", id)
	}
	return seen, head, nil
}

// shownStatus is the status of an execution as the API shows it.
func (s *Server) shownStatus(ctx context.Context, run *Run, d *engine.Description) string {
	status := d.Status.String()
	if catalog.DetailOf(run.Definition).Role != catalog.MapItem || !d.Status.Closed() || d.Status == interpreter.Succeeded {
		return status
	}
	id, _, ok := s.cfg.Engine.ParentOfName(withoutUUID(run.Name))
	if !ok {
		return status
	}
	head, err := s.cfg.Engine.Head(ctx, id)
	if err != nil {
		return status // it is purged already
	}
	if waits, err := s.waits(ctx, id, head); err == nil && waits != nil && waits(run.Name) {
		return pendingRedrive
	}
	return status
}

// redriveOf says how often an execution was redriven, and whether it can be. As
// recorded it can be, too, while its machine is being deleted: only the redrive tells.
func (s *Server) redriveOf(o *output, run *Run, d *engine.Description, mapRun string) {
	switch {
	case catalog.DetailOf(run.Definition).MachineType == catalog.Standard:
		o.redriven(d.Head)
		o.redrivable(catalog.NotRedrivable(d, time.Now()), mapRun != "")
	case mapRun != "": // it can be begun anew at any time
		reason := ""
		if !d.Status.Closed() || d.Status == interpreter.Succeeded {
			reason = catalog.RunningReason(d.Status)
		}
		o.redriven(d.Head)
		o.redrivable(reason, true)
	}
}
