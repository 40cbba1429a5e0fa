package sfn

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/interpreter"
)

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
	from, err := s.numberToken(in, listing)
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
	return s.history(events, !in.has("includeExecutionData") || in.flag("includeExecutionData"), listing, next), nil
}

// forwards gives a page of events from an id on, and the id of the one after it,
// 0 for none.
func (s *Server) forwards(ctx context.Context, run *Run, from uint64, n int) (events []*asl.Event, next uint64, err error) {
	at := place{definition: run.Definition.ID, run: uint64(run.ID), from: from}
	r := s.replays.take(at)
	if r == nil {
		if r, err = s.newReplay(run, nil); err != nil {
			return nil, 0, err
		}
		r.take = func(e *asl.Event) bool {
			if e.ID >= from {
				r.events = append(r.events, e)
			}
			return true
		}
	}
	if err := r.read(ctx, n+1); err != nil {
		return nil, 0, err
	}
	if len(r.events) <= n {
		return r.events, 0, nil
	}
	events, r.events = slices.Clone(r.events[:n]), slices.Clone(r.events[n:])
	at.from = r.events[0].ID
	s.replays.keep(at, r)
	return events, at.from, nil
}

// A reading backwards keeps so many events for the pages to come, and no more of
// their bytes.
const (
	windowEvents = 5000
	windowBytes  = 4 << 20
)

// backwards gives a page of events from an id on down, beginning with the
// newest one for 0, and the id of the one after the page, 0 for none. An event
// that happens between two pages is in neither. Who asks for the newest ones of an
// execution that runs asks again soon: their reading goes on then.
func (s *Server) backwards(ctx context.Context, run *Run, from uint64, n int) (events []*asl.Event, next uint64, err error) {
	at := place{definition: run.Definition.ID, run: uint64(run.ID), backwards: true, from: from}
	r := s.replays.take(at)
	if r == nil || len(r.events) <= n && r.events[0].ID > 1 {
		if r, err = s.newWindow(run, from); err != nil {
			return nil, 0, err
		}
	}
	if r.player != nil {
		r.page = n
		if err := r.read(ctx, math.MaxInt); err != nil {
			return nil, 0, err
		}
	}
	rest := max(len(r.events)-n, 0)
	events = slices.Clone(r.events[rest:])
	slices.Reverse(events)
	if rest > 0 {
		next = r.events[rest-1].ID
		s.replays.keep(place{at.definition, at.run, true, next}, &replay{run: run, events: slices.Clone(r.events[:rest])})
	}
	if from == 0 && r.player.Run().Result().Status == interpreter.Running {
		s.replays.keep(at, r)
	}
	return events, next, nil
}

// newWindow begins a reading up to an id, 0 for all, of which the last events are
// kept.
func (s *Server) newWindow(run *Run, to uint64) (*replay, error) {
	r, err := s.newReplay(run, nil)
	if err != nil {
		return nil, err
	}
	bytes := 0
	r.take = func(e *asl.Event) bool {
		if to != 0 && e.ID > to {
			return false
		}
		r.events, bytes = append(r.events, e), bytes+sizeOf(e.Details)
		for len(r.events) > r.page+1 && (len(r.events) > r.page+windowEvents || bytes > windowBytes) {
			bytes -= sizeOf(r.events[0].Details)
			r.events[0], r.events = nil, r.events[1:]
		}
		return true
	}
	return r, nil
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
func (s *Server) history(events []*asl.Event, data bool, listing string, next uint64) []byte {
	o := newOutput()
	o.array("events", func() {
		for _, e := range events {
			o.next()
			o.item(func() { o.event(e, data) })
		}
	})
	if next != 0 {
		o.text("nextToken", s.token(listing, strconv.FormatUint(next, 10)))
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
