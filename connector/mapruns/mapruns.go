package mapruns

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// The names that tasks select these connectors with.
const (
	MapRun = "maprun"
	Child  = "mapchild"
)

// The actions of MapRun are start and redrive, those of Child all of them. The
// suffix record asks for a description of the child's end, instead of its output
// alone.
const (
	start   = "start"
	redrive = "redrive"
	recall  = "recall"
	recount = "recount"
	restore = "restore"
	run     = "run"
	rerun   = "rerun"
	stop    = "stop"
	ask     = "ask"
	record  = ".record"
)

// The forms in which ends are told (see connector.Parent).
const (
	endOfRun   = "map.run"
	endOfChild = "map.child"
)

// ChildRequest asks for a child of a map run.
type ChildRequest struct {
	MapRun uint64 // the run
	Number int64  // of the child, from 0
	Items  int64  // how many items it is for
	Input  []byte
	Again  bool // an Express child runs again that has not succeeded
	// TraceHeader of the execution, or empty.
	TraceHeader string
	Parent      connector.Parent
}

// Runner starts and stops what the connectors are about. All of its methods may be
// called again for what they have done already.
type Runner interface {
	// StartMapRun starts the map run with that ARN, for a task of another run.
	StartMapRun(ctx context.Context, arn string, input []byte, trace string, parent connector.Parent) error
	// StopMapRun stops the map run of a task, if it runs.
	StopMapRun(ctx context.Context, arn string, of connector.Origin) error
	// StartChild starts a Standard child.
	StartChild(ctx context.Context, req ChildRequest) error
	// RunChild runs an Express child and waits for its end. It stops it when ctx
	// ends.
	RunChild(ctx context.Context, req ChildRequest) (connector.ChildEnd, error)
	// Waited says whether the task for which a map run was started still waits for it.
	Waited(ctx context.Context, mapRun uint64) (bool, error)
	// StopChildren stops the children of the map run with that ARN that run for this
	// task of it, or for an earlier one: those that a redrive has opened again since
	// go on. The cause is Abandoned.
	StopChildren(ctx context.Context, arn string, of connector.Origin) error
}

// Redriver lets map runs and children go on that have ended without success. A
// Runner may be one.
type Redriver interface {
	// RedriveMapRun opens the map run of that ARN again for a later task of the run
	// that it was to be started for, once it has ended. One that was not started is
	// started with the input.
	RedriveMapRun(ctx context.Context, arn string, input []byte, trace string, parent connector.Parent) error
	// RedriveChild opens a Standard child again. Where that cannot be it gives how the
	// child has ended.
	RedriveChild(ctx context.Context, req ChildRequest) (*connector.ChildEnd, error)
	// Recall reads inputs of children off the log of a map run: see package maprun.
	Recall(ctx context.Context, mapRun uint64, request []byte) ([]byte, error)
	// Recount reads records of children off it.
	Recount(ctx context.Context, mapRun uint64, request []byte) ([]byte, error)
	// Restore reads records off it that were deferred.
	Restore(ctx context.Context, mapRun uint64, request []byte) ([]byte, error)
}

func redriver(r Runner) (Redriver, error) {
	if again, ok := r.(Redriver); ok {
		return again, nil
	}
	return nil, &connector.Error{Name: "States.Runtime", Cause: "Map runs cannot be redriven here"}
}

// runs is the connector "maprun".
type runs struct{ runner Runner }

// NewMapRun makes the connector that starts map runs.
func NewMapRun(r Runner) connector.Connector { return &runs{r} }

// Invoke starts the map run whose ARN is the resource, or lets it go on.
func (c *runs) Invoke(ctx context.Context, call *connector.Call) ([]byte, error) {
	parent := connector.Parent{Origin: call.Origin, Notify: true, Form: endOfRun}
	if call.Action == redrive {
		again, err := redriver(c.runner)
		if err == nil {
			err = again.RedriveMapRun(ctx, call.Resource, call.Payload, call.TraceHeader, parent)
		}
		return answer(call.Resource), err
	}
	if err := c.runner.StartMapRun(ctx, call.Resource, call.Payload, call.TraceHeader, parent); err != nil {
		return nil, fmt.Errorf("starting the map run %s: %w", call.Resource, err)
	}
	return answer(call.Resource), nil
}

func answer(arn string) []byte {
	return append(value.AppendString([]byte(`{"MapRunArn":`), arn), '}')
}

// Cancel stops it: nobody waits for it any longer.
func (c *runs) Cancel(ctx context.Context, call *connector.Call) error {
	return c.runner.StopMapRun(ctx, call.Resource, call.Origin)
}

// NewChild makes the connector that map runs have their children with.
func NewChild(r Runner) connector.Connector {
	return connector.Func(func(ctx context.Context, call *connector.Call) ([]byte, error) {
		action, _ := strings.CutSuffix(call.Action, record)
		switch action {
		case start:
			return []byte("{}"), r.StartChild(ctx, request(call))
		case redrive:
			return redriveChild(ctx, r, request(call))
		case recall, recount, restore:
			return readLog(ctx, r, call)
		case run, rerun:
			req := request(call)
			req.Again = action == rerun
			end, err := r.RunChild(ctx, req)
			if err != nil {
				return nil, err
			}
			end.Form = req.Parent.Form
			return Result(end).Output, nil
		case stop:
			return []byte("{}"), r.StopChildren(ctx, call.Resource, call.Origin)
		case ask:
			waited, err := r.Waited(ctx, call.Origin.Run)
			return strconv.AppendBool(nil, waited), err
		}
		return nil, &connector.Error{Name: "States.Runtime", Cause: "The action " + call.Action + " of map runs is not known"}
	})
}

// readLog reads what a redrive needs off the log of the map run.
func readLog(ctx context.Context, r Runner, call *connector.Call) ([]byte, error) {
	again, err := redriver(r)
	if err != nil {
		return nil, err
	}
	switch call.Action {
	case recount:
		return again.Recount(ctx, call.Origin.Run, call.Payload)
	case restore:
		return again.Restore(ctx, call.Origin.Run, call.Payload)
	}
	return again.Recall(ctx, call.Origin.Run, call.Payload)
}

// redriveChild answers with an empty object, or with the end of a child that cannot
// be redriven.
func redriveChild(ctx context.Context, r Runner, req ChildRequest) ([]byte, error) {
	again, err := redriver(r)
	if err != nil {
		return nil, err
	}
	end, err := again.RedriveChild(ctx, req)
	if err != nil || end == nil {
		return []byte("{}"), err
	}
	end.Form = req.Parent.Form
	return Result(*end).Output, nil
}

func request(call *connector.Call) ChildRequest {
	text, batch, batched := strings.Cut(call.Resource, "/")
	number, _ := strconv.ParseInt(text, 10, 64) // it is ours
	items := int64(1)
	if batched {
		items, _ = strconv.ParseInt(batch, 10, 64)
	}
	form := endOfChild
	if strings.HasSuffix(call.Action, record) {
		form += record
	}
	return ChildRequest{
		MapRun: call.Origin.Run, Number: number, Items: items, Input: call.Payload, TraceHeader: call.TraceHeader,
		Parent: connector.Parent{Origin: call.Origin, Notify: true, Form: form},
	}
}
