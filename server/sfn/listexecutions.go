package sfn

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// selection is the executions that a listing is of: those of a machine, or only
// those that were started by one version or alias of it.
type selection struct {
	machine *catalog.Machine
	version uint64 // 0 for any
	alias   string // empty for any
	status  string // empty for any
	// mapRun is the ARN of the map run whose children are listed, or empty; machine
	// then stands for the part of the machine that they run.
	mapRun string
	// waits says of a child by its name whether it waits to be redriven; nil where
	// none does.
	waits    func(name string) bool
	redriven string // REDRIVEN or NOT_REDRIVEN, empty for any
	// incidents: what is stopped by one is shown so.
	incidents bool
}

// pendingRedrive is the status of a child that waits to be redriven.
const pendingRedrive = "PENDING_REDRIVE"

// name tells the listing from others.
func (l *selection) name() string {
	return fmt.Sprintf("executions %x/%d/%s/%s/%s", l.machine.ID, l.version, l.alias, l.status, l.redriven)
}

// has says whether an execution of the machine, and of the status as the store has
// it, is in the selection.
func (l *selection) has(h *store.Head) bool {
	if l.mapRun != "" {
		return l.hasChild(h)
	}
	version, alias := catalog.StartedBy(h)
	return (l.version == 0 || l.version == version) && (l.alias == "" || l.alias == alias)
}

func (l *selection) hasChild(h *store.Head) bool {
	if redrives, _ := engine.Redrives(h); l.redriven != "" && (redrives > 0) != (l.redriven == "REDRIVEN") {
		return false
	}
	return l.status == "" || (l.status == pendingRedrive) == l.waiting(h)
}

// waiting says whether an execution waits to be redriven.
func (l *selection) waiting(h *store.Head) bool { return l.waits != nil && l.waits(h.Name) }

// whole says whether all executions of the status are in the selection.
func (l *selection) whole() bool {
	return l.version == 0 && l.alias == "" && l.waits == nil && l.redriven == ""
}

func (s *Server) listExecutions(ctx context.Context, in input) ([]byte, error) {
	selected, err := s.selection(ctx, in)
	if err == nil && selected.machine.Type == catalog.Express && selected.mapRun == "" {
		err = refuse("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
	}
	if err != nil {
		return nil, err
	}
	return s.list(ctx, selected, in)
}

// list is a page of a listing, of executions of either type.
func (s *Server) list(ctx context.Context, selected *selection, in input) ([]byte, error) {
	after, err := s.executionToken(in, selected.name())
	if err != nil {
		return nil, err
	}
	rows, next, err := s.listPage(ctx, selected, after, in.pageSize())
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.array("executions", func() {
		for i := range rows {
			o.next()
			o.item(func() { s.listed(o, selected, &rows[i]) })
		}
	})
	if next != nil {
		o.text("nextToken", s.token(selected.name(), strconv.FormatInt(next.Started.UnixMilli(), 10), strconv.FormatUint(uint64(next.Run), 10)))
	}
	return o.done(), nil
}

// maxScan is how many executions one call looks at to find those of a version or
// alias, scanPage how many at once. A page that ends for this reason may have
// few, or none, and a token.
const (
	maxScan  = 10_000
	scanPage = 1000
)

// listPage gives at most n executions, and the row after which the next page
// begins, nil for the last page.
func (s *Server) listPage(ctx context.Context, l *selection, after store.ListRow, n int) (rows []store.ListRow, next *store.ListRow, err error) {
	if l.status == pendingRedrive && l.waits == nil {
		return nil, nil, nil
	}
	query, size := queryOf(l.machine.ID, l.status), n+1
	if !l.whole() {
		size = max(size, scanPage)
	}
	e := s.cfg.Engine
	if l.machine.Type == catalog.Express {
		e = s.cfg.Express
	}
	if e == nil {
		return nil, nil, nil
	}
	for scanned := 0; scanned < maxScan; scanned += size {
		page, err := e.List(ctx, query, after, size)
		if err != nil {
			return nil, nil, err
		}
		for i := range page {
			if !l.has(page[i].Head) {
				continue
			}
			if len(rows) == n {
				return rows, &rows[n-1], nil
			}
			rows = append(rows, page[i])
		}
		if len(page) < size {
			return rows, nil, nil
		}
		after = page[size-1]
	}
	return rows, &after, nil
}

// selection finds the executions that are wanted, and refuses what can only be
// asked of a map run (reference 13.1).
func (s *Server) selection(ctx context.Context, in input) (*selection, error) {
	if err := checkListing(in); err != nil {
		return nil, err
	}
	if in.has("mapRunArn") {
		return s.childSelection(ctx, in)
	}
	arn, err := s.anyMachineARN(in)
	if err != nil {
		return nil, err
	}
	l := &selection{alias: arn.AliasName(), status: in.text("statusFilter")}
	l.version, _ = arn.VersionNumber()
	l.machine, err = s.startable(ctx, arn)
	return l, err
}

// childSelection finds the children of a map run.
func (s *Server) childSelection(ctx context.Context, in input) (*selection, error) {
	m, err := s.mapRun(ctx, in.text("mapRunArn"))
	if err != nil {
		return nil, err
	}
	l := &selection{status: in.text("statusFilter"), mapRun: m.arn.Text, redriven: in.text("redriveFilter")}
	children, err := catalog.PartOf(m.def, catalog.DetailOf(m.def).Label, catalog.MapItem)
	if err != nil {
		return nil, err
	}
	l.machine = &catalog.Machine{ID: catalog.ChildrenOf(m.id), Name: m.arn.Rest[0], Type: catalog.DetailOf(children).MachineType}
	l.waits, err = s.waits(ctx, m.id, m.head)
	return l, err
}

func checkListing(in input) error {
	switch {
	case in.has("mapRunArn") && in.has("stateMachineArn"):
		return validation("Only one of stateMachineArn and mapRunArn can be specified")
	case in.has("mapRunArn"):
		return nil
	case !in.has("stateMachineArn"):
		return validation("Must provide a StateMachine ARN or MapRun ARN")
	case in.text("statusFilter") == pendingRedrive:
		return validation("The status filter PENDING_REDRIVE can only be used with a mapRunArn")
	case in.has("redriveFilter"):
		return validation("The redrive filter can only be used with a mapRunArn")
	}
	return nil
}

// startable finds the machine of an ARN, and refuses a version or alias that
// does not exist.
func (s *Server) startable(ctx context.Context, arn catalog.ARN) (*catalog.Machine, error) {
	if arn.AliasName() == "" {
		machine, _, err := s.describedMachine(ctx, arn)
		return machine, err
	}
	alias, err := s.cfg.Catalog.AliasByARN(ctx, arn)
	if errors.Is(err, &catalog.Error{Code: catalog.ResourceNotFound}) {
		err = catalog.NoMachine(arn.Text)
	}
	if err != nil {
		return nil, err
	}
	return s.cfg.Catalog.MachineByName(ctx, alias.MachineName)
}

func (s *Server) listed(o *output, l *selection, row *store.ListRow) {
	h, machine := row.Head, l.machine
	o.text("executionArn", s.cfg.Catalog.Execution(machine.Type, machine.Name, h.Name))
	o.text("stateMachineArn", s.cfg.Catalog.Machine(machine.Name))
	s.startedBy(o, machine.Name, h)
	o.text("name", shownName(machine.Type, h.Name))
	if l.waiting(h) {
		o.text("status", pendingRedrive)
	} else {
		o.text("status", interpreter.Status(h.Status).String())
	}
	o.date("startDate", h.Started)
	if h.Status.Closed() {
		o.date("stopDate", h.Closed)
	}
	if l.mapRun != "" {
		o.text("mapRunArn", l.mapRun)
		o.integer("itemCount", catalog.ItemsOf(h))
	}
	o.redriven(h)
	if l.incidents {
		o.incident(h)
	}
}

// shownName is the name of an execution as its user knows it.
func shownName(t catalog.Type, name string) string {
	if t == catalog.Express {
		name = withoutUUID(name)
	}
	return name
}

// startedBy writes which version and alias of a machine an execution was started
// by.
func (s *Server) startedBy(o *output, machine string, h *store.Head) {
	version, alias := catalog.StartedBy(h)
	if alias != "" {
		o.text("stateMachineAliasArn", s.cfg.Catalog.Alias(machine, alias))
	}
	if version != 0 {
		o.text("stateMachineVersionArn", s.cfg.Catalog.Version(machine, version))
	}
}

func queryOf(machine uint64, status string) store.ListQuery {
	for s := interpreter.Running; s <= interpreter.Aborted; s++ {
		if s.String() == status {
			return store.ListQuery{Machine: machine, Status: store.Status(s)}
		}
	}
	return store.ListQuery{Machine: machine, AnyStatus: true}
}

// executionToken is the row after which the listing goes on.
func (s *Server) executionToken(in input, listing string) (after store.ListRow, err error) {
	position, err := s.readToken(in, listing, 2)
	if position == nil {
		return after, err
	}
	started, err := strconv.ParseInt(position[0], 10, 64)
	if err != nil {
		return after, invalidToken()
	}
	run, err := strconv.ParseUint(position[1], 10, 63)
	if err != nil {
		return after, invalidToken()
	}
	return store.ListRow{Started: time.UnixMilli(started).UTC(), Run: store.RunID(run)}, nil
}
