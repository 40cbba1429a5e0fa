package sfn

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
)

// The requests of this file are Fermata's own. They do for executions of either
// type what ListExecutions, DescribeExecution, GetExecutionHistory and
// StopExecution do for Standard ones, with the same answers: AWS's API refuses
// Express executions. They also say which are stopped by an incident, and which state
// machines are being deleted.

var (
	machinesQuery = members(optional("maxResults", aPageSize), optional("nextToken", aPageToken))
	listQuery     = members(
		required("stateMachineArn", anARN), optional("statusFilter", aStatus),
		optional("maxResults", aPageSize), optional("nextToken", aLongToken))
	describeQuery = members(required("executionArn", anARN))
	historyQuery  = members(
		required("executionArn", anARN), optional("maxResults", aPageSize), optional("reverseOrder", aFlag),
		optional("nextToken", aPageToken), optional("includeExecutionData", aFlag))
	stopInput = members(required("executionArn", anARN), optional("error", anErrorName), optional("cause", aCause))
)

func (s *Server) serveMachines(w http.ResponseWriter, r *http.Request) {
	s.look(w, r, "stateMachines", machinesQuery, func(ctx context.Context, in input) ([]byte, error) {
		return s.machines(ctx, in, func(o *output, m *catalog.Machine) { o.text("status", string(m.Status)) })
	})
}

// incident says in one line what has stopped an execution, if something has. The
// server's log says it in full.
func (o *output) incident(h *store.Head) {
	line, _, _ := strings.Cut(h.Incident, "\n")
	o.nonEmpty("incident", line)
}

func (s *Server) serveList(w http.ResponseWriter, r *http.Request) {
	s.look(w, r, "list", listQuery, func(ctx context.Context, in input) ([]byte, error) {
		selected, err := s.selection(ctx, in)
		if err != nil {
			return nil, err
		}
		selected.incidents = true
		if selected.machine.Type == catalog.Express && s.cfg.Express == nil {
			return nil, refuse("StateMachineTypeNotSupported", "This server runs no Express machines")
		}
		return s.list(ctx, selected, in)
	})
}

func (s *Server) serveDescription(w http.ResponseWriter, r *http.Request) {
	s.look(w, r, "describe", describeQuery, func(ctx context.Context, in input) ([]byte, error) {
		run, err := s.anyRun(ctx, in.text("executionArn"))
		if err != nil {
			return nil, err
		}
		d, err := run.Engine.Describe(ctx, run.ID)
		if err != nil {
			return nil, lookup(err, in.text("executionArn"))
		}
		o := newOutput()
		s.describe(ctx, o, run, &d, false)
		o.incident(d.Head)
		return o.done(), nil
	})
}

func (s *Server) serveHistory(w http.ResponseWriter, r *http.Request) {
	s.look(w, r, "history", historyQuery, func(ctx context.Context, in input) ([]byte, error) {
		run, err := s.anyRun(ctx, in.text("executionArn"))
		if err != nil {
			return nil, err
		}
		return s.historyOf(ctx, run, in)
	})
}

func (s *Server) serveStop(w http.ResponseWriter, r *http.Request) {
	s.extension(w, r, "stop", stopInput, func(ctx context.Context, in input) ([]byte, error) {
		run, err := s.anyRun(ctx, in.text("executionArn"))
		if err != nil {
			return nil, err
		}
		return s.stopRun(ctx, run, in)
	})
}

// look answers a GET request of Fermata's own, whose input is in its path and
// query.
func (s *Server) look(w http.ResponseWriter, r *http.Request, name string, form *shape, answer func(context.Context, input) ([]byte, error)) {
	s.exchange(w, r, name, func() ([]byte, error) {
		in := form.fromQuery(r.URL.Query(), r.PathValue("executionArn"))
		if err := form.validate(in, &s.cfg.Limits); err != nil {
			return nil, err
		}
		return answer(r.Context(), in)
	})
}

// fromQuery makes an input of a query. What does not read as what it should be is
// left for validation to refuse.
func (s *shape) fromQuery(query url.Values, executionARN string) input {
	o := value.NewObject(len(s.members))
	for _, m := range s.members {
		if text := query.Get(m.name); text != "" {
			o.Set(m.name, m.shape.fromText(text))
		}
	}
	if executionARN != "" {
		o.Set("executionArn", executionARN)
	}
	return input{o}
}

func (s *shape) fromText(text string) any {
	if s.kind == integer || s.kind == boolean {
		if v, err := value.Parse([]byte(text)); err == nil {
			return v
		}
	}
	return text
}
