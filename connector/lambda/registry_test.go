package lambda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/fermata-dev/fermata/connector"
)

type namedError struct{}

func (namedError) Error() string     { return "named" }
func (namedError) ErrorType() string { return "Given" }

func TestErrorsOfRegisteredFunctions(t *testing.T) {
	reg := &Registry{}
	router := &Router{Functions: reg}
	for _, c := range []struct {
		h     Handler
		name  string
		cause string
	}{
		{func(context.Context, []byte) ([]byte, error) { return nil, errors.New("plain <x>") }, "errorString",
			`{"errorMessage":"plain \u003cx\u003e","errorType":"errorString"}`},
		{func(context.Context, []byte) ([]byte, error) { return nil, namedError{} }, "Given", `{"errorMessage":"named","errorType":"Given"}`},
		{func(context.Context, []byte) ([]byte, error) { return nil, fmt.Errorf("in: %w", namedError{}) }, "wrapError",
			`{"errorMessage":"in: named","errorType":"wrapError"}`},
		{func(context.Context, []byte) ([]byte, error) {
			return nil, &connector.Error{Name: "Own", Cause: "exact"}
		}, "Own", "exact"},
		{func(context.Context, []byte) ([]byte, error) { panic("oh") }, "string", `{"errorMessage":"oh","errorType":"string"}`},
		{func(context.Context, []byte) ([]byte, error) { return []byte("{"), nil }, "Runtime.InvalidJSONResponse", ""},
		{awslambda.NewHandler(func() error { return namedError{} }).Invoke, "Given", ""},
	} {
		reg.Handle("f", c.h)
		b, err := router.Invoke(context.Background(), call(ActionFunction, `1`))
		if e := failed(t, b, err); e.Name != c.name || c.cause != "" && e.Cause != c.cause {
			t.Errorf("got %v", e)
		}
	}
}

func TestRegisteredFunctionSeesItsContext(t *testing.T) {
	reg := &Registry{}
	type order struct{ ID int }
	reg.Handle("f", awslambda.NewHandler(func(ctx context.Context, o order) (string, error) {
		lc, _ := lambdacontext.FromContext(ctx)
		return fmt.Sprintf("%d %s %s %t", o.ID, IdempotencyKey(ctx), lc.ClientContext.Custom[KeyInContext], lc.InvokedFunctionArn == arn+"f"), nil
	}).Invoke)
	b, err := (&Router{Functions: reg}).Invoke(context.Background(), call(ActionFunction, `{"ID":7}`))
	if err != nil || string(b) != `"7 k k true"` {
		t.Errorf("got %s, %v", b, err)
	}
}

func TestRegisteredEvent(t *testing.T) {
	var log strings.Builder
	reg := &Registry{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	began := make(chan struct{})
	reg.Handle("f", func(ctx context.Context, event []byte) ([]byte, error) {
		close(began)
		<-ctx.Done()
		return nil, fmt.Errorf("stopped with %s", event)
	})
	router := &Router{Functions: reg}
	b, err := router.Invoke(context.Background(), call(ActionInvoke, `{"FunctionName":"f","InvocationType":"Event","Payload":[1]}`))
	if err != nil || !strings.HasPrefix(string(b), `{"Payload":"","SdkHttpMetadata"`) || !strings.Contains(string(b), `"StatusCode":202}`) {
		t.Fatalf("got %s, %v", b, err)
	}
	<-began
	if err := router.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "stopped with [1]") {
		t.Errorf("logged %s", log.String())
	}
	if _, err := router.Invoke(context.Background(), call(ActionInvoke, `{"FunctionName":"f","InvocationType":"Event"}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// TestRegisteredEventsAreBounded: one more is refused, and the state may retry it.
func TestRegisteredEventsAreBounded(t *testing.T) {
	reg := &Registry{}
	reg.Handle("f", func(ctx context.Context, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, nil
	})
	router := &Router{Functions: reg}
	event := call(ActionInvoke, `{"FunctionName":"f","InvocationType":"Event"}`)
	for range MostEvents {
		if _, err := router.Invoke(context.Background(), event); err != nil {
			t.Fatal(err)
		}
	}
	var failure *connector.Error
	if _, err := router.Invoke(context.Background(), event); !errors.As(err, &failure) || failure.Name != "Lambda.TooManyRequestsException" {
		t.Errorf("one more gave %v", err)
	}
	if err := router.Close(); err != nil || reg.begun != 0 {
		t.Errorf("%d events have not ended: %v", reg.begun, err)
	}
}
