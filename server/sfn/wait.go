package sfn

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/fermata-dev/fermata/catalog"
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
	s.exchange(w, r, "wait", func() ([]byte, error) {
		body, err := s.readBody(w, r)
		if err != nil {
			return nil, err
		}
		in, err := parseInput(body)
		if err != nil {
			return nil, err
		}
		if err := waitInput.validate(in, &s.cfg.Limits); err != nil {
			return nil, err
		}
		return s.wait(r.Context(), in)
	})
}

func (s *Server) wait(ctx context.Context, in input) ([]byte, error) {
	run, err := s.anyRun(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	limit := maxWait
	if in.has("timeoutSeconds") {
		limit = time.Duration(in.integer("timeoutSeconds", 0)) * time.Second
	}
	d, err := s.waitFor(ctx, run, limit)
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	return s.description(run, &d, false), nil
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
