package sfn

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

func (s *Server) listExecutions(ctx context.Context, in input) ([]byte, error) {
	machine, err := s.listedMachine(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.listOf(ctx, s.cfg.Engine, machine, in)
}

// listOf lists the executions of a machine that an engine knows.
func (s *Server) listOf(ctx context.Context, e Engine, machine *catalog.Machine, in input) ([]byte, error) {
	query := queryOf(machine.ID, in.text("statusFilter"))
	listing := "executions " + strconv.FormatUint(machine.ID, 16) + in.text("statusFilter")
	after, err := executionToken(in, listing)
	if err != nil {
		return nil, err
	}
	rows, err := e.List(ctx, query, after, in.pageSize()+1)
	if err != nil {
		return nil, err
	}
	more := len(rows) > in.pageSize()
	rows = rows[:min(len(rows), in.pageSize())]
	o := newOutput()
	o.array("executions", func() {
		for i := range rows {
			o.next()
			o.item(func() { s.listed(o, machine, &rows[i]) })
		}
	})
	if more {
		last := rows[len(rows)-1]
		o.text("nextToken", token(listing, strconv.FormatInt(last.Started.UnixMilli(), 10), strconv.FormatUint(uint64(last.Run), 10)))
	}
	return o.done(), nil
}

// listedMachine finds the machine whose executions are wanted, and refuses what
// can only be asked of a map run (reference 13.1).
func (s *Server) listedMachine(ctx context.Context, in input) (*catalog.Machine, error) {
	switch {
	case in.has("mapRunArn") && in.has("stateMachineArn"):
		return nil, validation("Only one of stateMachineArn and mapRunArn can be specified")
	case in.has("mapRunArn"):
		return nil, unknownOperation("The executions of map runs are not supported yet.")
	case !in.has("stateMachineArn"):
		return nil, validation("Either stateMachineArn or mapRunArn must be specified")
	case in.text("statusFilter") == "PENDING_REDRIVE":
		return nil, validation("The status filter PENDING_REDRIVE can only be used with a mapRunArn")
	case in.has("redriveFilter"):
		return nil, validation("The redrive filter can only be used with a mapRunArn")
	}
	arn, err := s.machineARN(in)
	if err != nil {
		return nil, err
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, arn.Name())
	if err == nil && machine.Type == catalog.Express {
		err = refuse("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
	}
	return machine, err
}

func (s *Server) listed(o *output, machine *catalog.Machine, row *store.ListRow) {
	h := row.Head
	o.text("executionArn", s.cfg.Catalog.Execution(machine.Type, machine.Name, h.Name))
	o.text("stateMachineArn", s.cfg.Catalog.Machine(machine.Name))
	o.text("name", shownName(machine.Type, h.Name))
	o.text("status", interpreter.Status(h.Status).String())
	o.date("startDate", h.Started)
	if h.Status.Closed() {
		o.date("stopDate", h.Closed)
	}
	o.integer("redriveCount", 0)
}

// shownName is the name of an execution as its user knows it.
func shownName(t catalog.Type, name string) string {
	if t == catalog.Express {
		name, _, _ = strings.Cut(name, ":")
	}
	return name
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
func executionToken(in input, listing string) (after store.ListRow, err error) {
	position, err := readToken(in, listing, 2)
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
