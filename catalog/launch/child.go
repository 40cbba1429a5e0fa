package launch

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/states"
)

// child is the task that starts an execution; nil for none.
type child struct {
	from catalog.Type // of the parent's machine
	req  *states.Request
}

// Starter starts children of executions that the engine for that type of
// machine runs. Each engine needs a connector of its own: run ids say nothing
// without the store that gave them out. While an engine is at its limit the children
// of Standard executions wait. Those of Express executions, which hold the room that
// their children may wait for, fail.
func (l *Launcher) Starter(from catalog.Type) states.Starter {
	return func(ctx context.Context, req states.Request) (states.Started, error) {
		started, err := l.startChild(ctx, Request{
			Machine: req.Machine, Name: req.Name, Input: req.Input, TraceHeader: req.TraceHeader,
			child: &child{from: from, req: &req},
		})
		var refused *catalog.Error
		if errors.As(err, &refused) {
			return states.Started{}, &states.Refusal{Code: string(refused.Code), Message: refused.Message}
		}
		if err != nil {
			return states.Started{}, err
		}
		return states.Started{ExecutionARN: started.ARN, At: started.At}, nil
	}
}

func (l *Launcher) startChild(ctx context.Context, req Request) (started *Started, err error) {
	if req.child.from != catalog.Standard {
		return l.Start(ctx, req)
	}
	err = patiently(ctx, func() error {
		started, err = l.Start(ctx, req)
		return err
	})
	return started, err
}

// parent is what the engine is told of the parent, nil where it runs elsewhere.
func (c *child) parent() *connector.Parent {
	if c == nil || c.from != catalog.Standard {
		return nil
	}
	return &c.req.Parent
}

// waits reports whether the parent wants to know of the end.
func (c *child) waits() bool { return c != nil && c.req.Parent.Notify }

// expressID is the second part of an Express execution's name: the same
// whenever the same task is carried out again.
func (c *child) expressID() string {
	if c == nil {
		return catalog.NewUUID()
	}
	return catalog.UUIDOf(c.req.Key)
}
