package sfn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// mapRun is a map run that was found.
type mapRun struct {
	arn  catalog.ARN
	id   store.RunID
	head *store.Head
	def  *engine.Definition
}

func noMapRun(arn string) error {
	return &catalog.Error{Code: catalog.ResourceNotFound, Message: "Resource not found: '" + arn + "'", Resource: arn}
}

// mapRun finds the map run with this ARN.
func (s *Server) mapRun(ctx context.Context, text string) (*mapRun, error) {
	arn, err := catalog.ParseMapRun(text)
	if err != nil {
		return nil, err
	}
	if arn.Place != s.cfg.Catalog.Place {
		return nil, noMapRun(text)
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, arn.MachineName())
	if errors.Is(err, &catalog.Error{Code: catalog.StateMachineDoesNotExist}) {
		return nil, noMapRun(text)
	}
	if err != nil {
		return nil, err
	}
	id, err := s.cfg.Engine.ByName(ctx, catalog.MapRunsOf(machine.ID), arn.Name())
	if err != nil {
		return nil, lookupMapRun(err, text)
	}
	return s.mapRunOf(ctx, arn, id)
}

func (s *Server) mapRunOf(ctx context.Context, arn catalog.ARN, id store.RunID) (*mapRun, error) {
	head, err := s.cfg.Engine.Head(ctx, id)
	if err != nil {
		return nil, lookupMapRun(err, arn.Text)
	}
	def, err := s.cfg.Catalog.Definition(ctx, head.Definition)
	if err != nil {
		return nil, err
	}
	if catalog.DetailOf(def).MachineName != arn.Rest[0] {
		return nil, noMapRun(arn.Text)
	}
	return &mapRun{arn, id, head, def}, nil
}

func lookupMapRun(err error, arn string) error {
	if errors.Is(err, engine.ErrNotFound) {
		return noMapRun(arn)
	}
	return err
}

// mapRunARN is the ARN of the map run that an execution is a child of, empty if it
// is none.
func (s *Server) mapRunARN(ctx context.Context, run *Run) string {
	d := catalog.DetailOf(run.Definition)
	id, _, ok := s.cfg.Engine.ParentOfName(withoutUUID(run.Name))
	if d.Role != catalog.MapItem || !ok {
		return ""
	}
	head, err := s.cfg.Engine.Head(ctx, id)
	if err != nil {
		return "" // it is purged already
	}
	return s.cfg.Catalog.MapRun(d.MachineName, head.Name)
}

func (s *Server) describeMapRun(ctx context.Context, in input) ([]byte, error) {
	m, err := s.mapRun(ctx, in.text("mapRunArn"))
	if err != nil {
		return nil, err
	}
	d, head, err := viewMapRun(ctx, s, m.id, (*maprun.Run).Describe)
	if err != nil {
		return nil, lookupMapRun(err, m.arn.Text)
	}
	parent, err := s.parentARN(ctx, head)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("mapRunArn", m.arn.Text)
	o.text("executionArn", parent)
	o.text("status", mapRunStatus(head))
	o.date("startDate", head.Started)
	if head.Status.Closed() {
		o.date("stopDate", head.Closed)
	}
	o.integer("maxConcurrency", concurrency(d.MaxConcurrency))
	o.decimal("toleratedFailurePercentage", d.ToleratedFailurePercentage)
	o.integer("toleratedFailureCount", d.ToleratedFailureCount)
	redrives, _ := engine.Redrives(head)
	o.object("itemCounts", func() { o.counts(&d.Items, redrives > 0) })
	o.object("executionCounts", func() { o.counts(&d.Executions, redrives > 0) })
	if redrives > 0 {
		o.redriven(head)
	}
	return o.done(), nil
}

// concurrency is what AWS reports for a MaxConcurrency: one that sets no limit as
// the largest integer.
func concurrency(n int64) int64 {
	if n == 0 {
		return math.MaxInt32
	}
	return n
}

// parentARN is the ARN of the execution that a map run belongs to.
func (s *Server) parentARN(ctx context.Context, head *store.Head) (string, error) {
	of, err := s.cfg.Engine.Head(ctx, engine.ParentOf(head))
	if errors.Is(err, engine.ErrNotFound) {
		return "", nil // it is purged already
	}
	if err != nil {
		return "", err
	}
	def, err := s.cfg.Catalog.Definition(ctx, of.Definition)
	if err != nil {
		return "", err
	}
	return s.cfg.Catalog.Info(def, of.Name).ExecutionARN, nil
}

func mapRunStatus(h *store.Head) string { return interpreter.Status(h.Status).String() }

// counts: what a redrive has to tell is there once there was one, for the recording
// of a map run that was not redriven lacks it.
func (o *output) counts(c *maprun.Counts, redriven bool) {
	o.integer("pending", c.Pending)
	o.integer("running", c.Running)
	o.integer("succeeded", c.Succeeded)
	o.integer("failed", c.Failed)
	o.integer("timedOut", c.TimedOut)
	o.integer("aborted", c.Aborted)
	o.integer("total", c.Total)
	o.integer("resultsWritten", c.ResultsWritten)
	if redriven {
		o.integer("failuresNotRedrivable", c.NotRedrivable)
		o.integer("pendingRedrive", c.PendingRedrive)
	}
}

// updateMapRun changes a map run that runs.
func (s *Server) updateMapRun(ctx context.Context, in input) ([]byte, error) {
	m, err := s.mapRun(ctx, in.text("mapRunArn"))
	if err != nil {
		return nil, err
	}
	change := maprun.Change{MaxConcurrency: in.number("maxConcurrency"), ToleratedFailureCount: in.number("toleratedFailureCount"),
		ToleratedFailurePercentage: in.decimal("toleratedFailurePercentage")}
	if change == (maprun.Change{}) {
		return nil, catalog.Missing("At least one of maxConcurrency, toleratedFailureCount and toleratedFailurePercentage must be specified")
	}
	err = s.cfg.Engine.Update(ctx, m.id, change.Text())
	if errors.Is(err, engine.ErrClosed) {
		return nil, &catalog.Error{Code: catalog.ValidationException, Reason: catalog.CompletedMapRun, Resource: m.arn.Text,
			Message: "Map Run '" + m.arn.Text + "' is not running and cannot be updated"}
	}
	return nil, lookupMapRun(err, m.arn.Text)
}

// listMapRuns gives the map runs of an execution, the newest first. They are read
// off its history.
func (s *Server) listMapRuns(ctx context.Context, in input) ([]byte, error) {
	run, err := s.run(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	listing := fmt.Sprintf("map runs %x", run.ID)
	before, err := s.numberToken(in, listing)
	if err != nil {
		return nil, err
	}
	page, next, err := s.mapRunsBefore(ctx, run, before, in.pageSize())
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	o := newOutput()
	o.array("mapRuns", func() {
		for _, m := range page {
			o.next()
			o.item(func() { s.listedMapRun(o, m, in.text("executionArn")) })
		}
	})
	if next != 0 {
		o.text("nextToken", s.token(listing, strconv.FormatUint(next, 10)))
	}
	return o.done(), nil
}

// mapRunsBefore gives at most n map runs that were started before an event, 0 for
// all, and the event before which the next page begins, 0 for the last page.
func (s *Server) mapRunsBefore(ctx context.Context, run *Run, before uint64, n int) (page []*mapRun, next uint64, err error) {
	type started struct {
		event uint64
		arn   string
	}
	var all []started
	r, err := s.newReplay(run, func(e *asl.Event) bool {
		if before != 0 && e.ID >= before {
			return false
		}
		if e.Type == "MapRunStarted" { // a redrive has the same one go on
			arn, _ := e.Detail("mapRunArn")
			text, _ := arn.(string)
			all = append(all, started{e.ID, text})
		}
		return true
	})
	if err == nil {
		err = r.read(ctx, 1)
	}
	for i := len(all) - 1; i >= 0 && err == nil; i-- {
		if len(page) == n {
			return page, all[i+1].event, nil
		}
		var m *mapRun
		if m, err = s.mapRun(ctx, all[i].arn); err == nil {
			page = append(page, m)
		} else if errors.Is(err, &catalog.Error{Code: catalog.ResourceNotFound}) {
			err = nil // it is purged already
		}
	}
	return page, 0, err
}

func (s *Server) listedMapRun(o *output, m *mapRun, execution string) {
	o.text("executionArn", execution)
	o.text("mapRunArn", m.arn.Text)
	o.text("stateMachineArn", s.cfg.Catalog.Machine(m.arn.Rest[0]))
	o.date("startDate", m.head.Started)
	if m.head.Status.Closed() {
		o.date("stopDate", m.head.Closed)
	}
}

// withoutUUID is the name of an execution without what follows it for Express.
func withoutUUID(name string) string {
	name, _, _ = strings.Cut(name, ":")
	return name
}
