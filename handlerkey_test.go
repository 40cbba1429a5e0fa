package fermata_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/connector"
)

const tries = `{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
	"Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}], "End": true}}}`

// TestIdempotencyKeyNamesAnAttempt: an attempt that a stop has interrupted is made again
// with its key, and a retry has another one.
func TestIdempotencyKeyNamesAnAttempt(t *testing.T) {
	keys := make(chan string, 3)
	interrupted := func(ctx context.Context, _ []byte) ([]byte, error) {
		keys <- fermata.IdempotencyKey(ctx)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	calls := 0
	retried := func(ctx context.Context, event []byte) ([]byte, error) {
		keys <- fermata.IdempotencyKey(ctx)
		if calls++; calls == 1 {
			return nil, errors.New("not yet")
		}
		return event, nil
	}
	cfg := fermata.Config{Dir: t.TempDir(), DrainTimeout: time.Millisecond, Handlers: map[string]fermata.Handler{"f": interrupted}}
	f, ctx := open(t, cfg), t.Context()
	if _, err := f.Deploy(ctx, "m", tries); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Start(ctx, "m", 7, fermata.WithName("x")); err != nil {
		t.Fatal(err)
	}
	first := <-keys
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.Handlers["f"] = retried
	f = open(t, cfg)
	x, err := f.Find(ctx, "m", "x")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := x.Wait(ctx); err != nil || string(r.Output) != "7" {
		t.Errorf("it ended as %+v, %v", r, err)
	}
	if again, other := <-keys, <-keys; first == "" || again != first || other == first {
		t.Errorf("the keys are %q, %q after the stop, and %q of the retry", first, again, other)
	}
}

// TestTraceHeaderOfTheStartGoesWithItsTasks.
func TestTraceHeaderOfTheStartGoesWithItsTasks(t *testing.T) {
	const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
	seen := make(chan string, 1)
	f := open(t, fermata.Config{Connectors: map[string]connector.Connector{
		"lambda": connector.Func(func(_ context.Context, call *connector.Call) ([]byte, error) {
			seen <- call.TraceHeader
			return call.Payload, nil
		}),
	}})
	if _, err := f.Deploy(t.Context(), "m", tries); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Run(t.Context(), "m", nil, fermata.WithTraceHeader(header)); err != nil {
		t.Fatal(err)
	}
	if got := <-seen; got != header {
		t.Errorf("the task has the header %q, want %q", got, header)
	}
}
