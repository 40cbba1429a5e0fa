package sfn

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
)

// maxWait is the longest wait for a result, and the one without a number.
const maxWait = time.Hour

var waitInput = members(
	required("executionArn", anARN),
	optional("timeoutSeconds", &shape{kind: integer, max: int(maxWait / time.Second)}))

// serveWait is Fermata's own: it waits until an execution of either type has
// ended or the time is up (timeoutSeconds, default and at most an hour), and
// answers what DescribeExecution would. The body is a JSON object with
// executionArn and timeoutSeconds.
func (s *Server) serveWait(w http.ResponseWriter, r *http.Request) {
	s.extension(w, r, "wait", waitInput, s.wait)
}

// extension answers a request of Fermata's own, whose body is the input.
func (s *Server) extension(w http.ResponseWriter, r *http.Request, name string, form *shape, answer func(context.Context, input) ([]byte, error)) {
	s.exchange(w, r, name, func() ([]byte, error) {
		body, err := s.readBody(w, r)
		if err != nil {
			return nil, err
		}
		in, err := parseInput(body)
		if err != nil {
			return nil, err
		}
		if err := form.validate(in, &s.cfg.Limits); err != nil {
			return nil, err
		}
		return answer(r.Context(), in)
	})
}

var runInput = members(
	required("stateMachineArn", anARN),
	optional("name", aName),
	optional("input", aDocument),
	optional("traceHeader", aTrace),
	optional("timeoutSeconds", &shape{kind: integer, max: int(maxWait / time.Second)}))

// serveRun is Fermata's own: it starts an execution of either type, as
// StartExecution does, and waits as serveWait does, in one request.
func (s *Server) serveRun(w http.ResponseWriter, r *http.Request) {
	s.extension(w, r, "run", runInput, s.startAndWait)
}

func (s *Server) startAndWait(ctx context.Context, in input) ([]byte, error) {
	ended := make(chan engine.Description, 1)
	req := launchRequest(in)
	req.Ended = ended
	started, err := s.cfg.Launcher.Start(ctx, req)
	if err != nil {
		return nil, err
	}
	d, err := s.endOf(ctx, started, ended, timeLimit(in))
	if err != nil {
		return nil, err
	}
	run := &Run{ID: started.Run, Definition: started.Definition, Name: d.Head.Name, Engine: s.engineOf(started.Definition)}
	return s.description(ctx, run, &d, false), nil
}

// endOf waits for the end of an execution that was just started, or found.
func (s *Server) endOf(ctx context.Context, started *launch.Started, ended <-chan engine.Description, limit time.Duration) (engine.Description, error) {
	e := s.engineOf(started.Definition)
	if started.Existing {
		return s.waitFor(ctx, &Run{ID: started.Run, Engine: e}, limit)
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case d, ok := <-ended:
		if !ok {
			return d, engine.ErrStopped
		}
		return d, nil
	case <-timer.C:
		return e.Describe(ctx, started.Run)
	case <-ctx.Done():
		return engine.Description{}, ctx.Err()
	}
}

// engineOf is the engine that runs executions of a definition.
func (s *Server) engineOf(def *engine.Definition) Engine {
	if catalog.DetailOf(def).MachineType == catalog.Express {
		return s.cfg.Express
	}
	return s.cfg.Engine
}

func timeLimit(in input) time.Duration {
	if in.has("timeoutSeconds") {
		return time.Duration(in.integer("timeoutSeconds", 0)) * time.Second
	}
	return maxWait
}

func (s *Server) wait(ctx context.Context, in input) ([]byte, error) {
	run, err := s.anyRun(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	d, err := s.waitFor(ctx, run, timeLimit(in))
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	return s.description(ctx, run, &d, false), nil
}

func (s *Server) waitFor(ctx context.Context, run *Run, limit time.Duration) (engine.Description, error) {
	d, err := run.Engine.Describe(ctx, run.ID)
	if err != nil || d.Status != interpreter.Running || limit == 0 {
		return d, err
	}
	patience, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	d, err = run.Engine.Wait(patience, run.ID)
	if err != nil && errors.Is(patience.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		return run.Engine.Describe(ctx, run.ID)
	}
	return d, err
}

// anyRun finds an execution of either type.
func (s *Server) anyRun(ctx context.Context, text string) (*Run, error) {
	arn, err := catalog.ParseExpress(text)
	if err != nil || s.cfg.Express == nil {
		return s.run(ctx, text)
	}
	return s.find(ctx, arn, catalog.ExpressName(arn.Rest[1], arn.Rest[2]), s.cfg.Express)
}
