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

// The actions of Child. The suffix record asks for a description of the child's
// end, instead of its output alone.
const (
	start  = "start"
	run    = "run"
	stop   = "stop"
	ask    = "ask"
	record = ".record"
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
	Input  []byte
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
	// StopChildren stops the children of a map run that run.
	StopChildren(ctx context.Context, mapRun uint64) error
}

// runs is the connector "maprun".
type runs struct{ runner Runner }

// NewMapRun makes the connector that starts map runs.
func NewMapRun(r Runner) connector.Connector { return &runs{r} }

// Invoke starts the map run whose ARN is the resource.
func (c *runs) Invoke(ctx context.Context, call *connector.Call) ([]byte, error) {
	parent := connector.Parent{Origin: call.Origin, Notify: true, Form: endOfRun}
	if err := c.runner.StartMapRun(ctx, call.Resource, call.Payload, call.TraceHeader, parent); err != nil {
		return nil, fmt.Errorf("starting the map run %s: %w", call.Resource, err)
	}
	return append(value.AppendString([]byte(`{"MapRunArn":`), call.Resource), '}'), nil
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
		case run:
			req := request(call)
			end, err := r.RunChild(ctx, req)
			if err != nil {
				return nil, err
			}
			end.Form = req.Parent.Form
			return Result(end).Output, nil
		case stop:
			return []byte("{}"), r.StopChildren(ctx, call.Origin.Run)
		case ask:
			waited, err := r.Waited(ctx, call.Origin.Run)
			return strconv.AppendBool(nil, waited), err
		}
		return nil, &connector.Error{Name: "States.Runtime", Cause: "The action " + call.Action + " of map runs is not known"}
	})
}

func request(call *connector.Call) ChildRequest {
	number, _ := strconv.ParseInt(call.Resource, 10, 64) // it is ours
	form := endOfChild
	if strings.HasSuffix(call.Action, record) {
		form += record
	}
	return ChildRequest{
		MapRun: call.Origin.Run, Number: number, Input: call.Payload, TraceHeader: call.TraceHeader,
		Parent: connector.Parent{Origin: call.Origin, Notify: true, Form: form},
	}
}
