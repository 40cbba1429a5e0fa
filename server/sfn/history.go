package sfn

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
)

// replay reads histories of machines in the Amazon States Language.
func replay(c *catalog.Catalog) History {
	return func(ctx context.Context, run Run, yield func(*asl.Event) bool) error {
		program, ok := run.Definition.Program.(*asl.Program)
		if !ok {
			return fmt.Errorf("sfn: a %T has no history of this kind", run.Definition.Program)
		}
		info := c.Info(run.Definition, run.Name)
		info.Limits = &interpreter.Limits{}
		player := asl.Replay(program, info, yield)
		var broken error
		err := run.Engine.Entries(ctx, run.ID, func(e engine.Entry) bool {
			for _, fact := range e.Facts {
				if broken = player.Apply(fact, e.At); broken != nil {
					broken = fmt.Errorf("entry %d: %w", e.Position, broken)
					return false
				}
			}
			return !player.Stopped()
		})
		if err != nil {
			return err
		}
		return broken
	}
}

func (s *Server) getExecutionHistory(ctx context.Context, in input) ([]byte, error) {
	run, err := s.run(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	return s.historyOf(ctx, run, in)
}

// historyOf is a page of the history of an execution of either type.
func (s *Server) historyOf(ctx context.Context, run *Run, in input) ([]byte, error) {
	listing := fmt.Sprintf("history %x %t", run.ID, in.flag("reverseOrder"))
	from, err := numberToken(in, listing)
	if err != nil {
		return nil, err
	}
	read := s.forwards
	if in.flag("reverseOrder") {
		read = s.backwards
	}
	events, next, err := read(ctx, run, from, in.pageSize())
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	if err := s.showStart(ctx, run, events); err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	return history(events, !in.has("includeExecutionData") || in.flag("includeExecutionData"), listing, next), nil
}

// forwards gives a page of events from an id on, and the id of the one after it,
// 0 for none.
func (s *Server) forwards(ctx context.Context, run *Run, from uint64, n int) (events []*asl.Event, next uint64, err error) {
	err = s.cfg.History(ctx, *run, func(e *asl.Event) bool {
		switch {
		case e.ID < from:
		case len(events) < n:
			events = append(events, e)
		default:
			next = e.ID
			return false
		}
		return true
	})
	return events, next, err
}

// backwards gives a page of events from an id on down, beginning with the
// newest one for 0, and the id of the one after the page, 0 for none. An event
// that happens between two pages is in neither.
func (s *Server) backwards(ctx context.Context, run *Run, from uint64, n int) (events []*asl.Event, next uint64, err error) {
	window := make([]*asl.Event, 0, n)
	count := 0
	err = s.cfg.History(ctx, *run, func(e *asl.Event) bool {
		if from != 0 && e.ID > from {
			return false
		}
		if len(window) < n {
			window = append(window, e)
		} else {
			next = window[count%n].ID
			window[count%n] = e
		}
		count++
		return true
	})
	for i := range window {
		events = append(events, window[(count-1-i)%len(window)])
	}
	return events, next, err
}

// showStart adds to the first event which version and alias the execution was
// started by.
func (s *Server) showStart(ctx context.Context, run *Run, events []*asl.Event) error {
	at := slices.IndexFunc(events, func(e *asl.Event) bool { return e.ID == 1 })
	if at < 0 {
		return nil
	}
	head, err := run.Engine.Head(ctx, run.ID)
	if err != nil {
		return err
	}
	machine := catalog.DetailOf(run.Definition).MachineName
	version, alias := catalog.StartedBy(head)
	first := *events[at]
	first.Details = slices.Clip(first.Details)
	if alias != "" {
		first.Details = append(first.Details, asl.Detail{Name: "stateMachineAliasArn", Value: s.cfg.Catalog.Alias(machine, alias)})
	}
	if version != 0 {
		first.Details = append(first.Details, asl.Detail{Name: "stateMachineVersionArn", Value: s.cfg.Catalog.Version(machine, version)})
	}
	events[at] = &first
	return nil
}

// history is the answer of GetExecutionHistory.
func history(events []*asl.Event, data bool, listing string, next uint64) []byte {
	o := newOutput()
	o.array("events", func() {
		for _, e := range events {
			o.next()
			o.item(func() { o.event(e, data) })
		}
	})
	if next != 0 {
		o.text("nextToken", token(listing, strconv.FormatUint(next, 10)))
	}
	return o.done()
}

func (o *output) event(e *asl.Event, data bool) {
	o.date("timestamp", e.Time)
	o.text("type", e.Type)
	o.integer("id", int64(e.ID))
	o.integer("previousEventId", int64(e.Previous))
	if e.Name != "" {
		o.object(e.Name, func() { o.details(e.Details, data) })
	}
}

// details writes the members of an event, without execution data unless that is
// wanted: inputs and outputs, but not what a task is called with.
func (o *output) details(members []asl.Detail, data bool) {
	for _, d := range members {
		if d.Data && !data && d.Name != "parameters" {
			continue
		}
		switch v := d.Value.(type) {
		case string:
			o.anyText(d.Name, v)
		case int64:
			o.integer(d.Name, v)
		case bool:
			o.flag(d.Name, v)
		case []asl.Detail:
			o.anyName(d.Name)
			o.item(func() { o.details(v, data) })
		}
	}
}
