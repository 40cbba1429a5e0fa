package teststate

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/connector"
)

// answering is a tester whose functions do what f does.
func answering(f connector.Func) *Tester {
	return &Tester{Connectors: map[string]connector.Connector{"lambda": f}}
}

// TestCalls: without a mock the connector does the work, and what it says is the
// result or the failure.
func TestCalls(t *testing.T) {
	for name, tc := range map[string]struct {
		f    connector.Func
		want string
	}{
		"a result": {func(_ context.Context, c *connector.Call) ([]byte, error) { return c.Payload, nil }, `SUCCEEDED {"FunctionName":"f"}`},
		"a failure": {func(context.Context, *connector.Call) ([]byte, error) {
			return nil, &connector.Error{Name: "E", Cause: "c"}
		}, "FAILED E: c"},
		"a failure without a cause": {func(context.Context, *connector.Call) ([]byte, error) {
			return nil, &connector.Error{Name: "E", NoCause: true}
		}, "FAILED E"},
		"a fault": {func(context.Context, *connector.Call) ([]byte, error) { return nil, errors.New("broken") }, "FAILED States.TaskFailed: broken"},
		"no JSON": {func(context.Context, *connector.Call) ([]byte, error) { return []byte("x"), nil },
			`FAILED States.Runtime: the result of the task is not valid JSON: unexpected 'x' where a value should be at line 1, column 1`},
	} {
		if got := tell(t, answering(tc.f), request(lambda, `{}`)); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
	want := `FAILED States.Runtime: no connector named "lambda" is configured for resource arn:aws:states:::lambda:invoke`
	if got := told(t, request(lambda, `{}`)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestTimes: a Wait is waited for, a task ends at its timeout, and a test at its
// limit.
func TestTimes(t *testing.T) {
	forever := answering(func(ctx context.Context, _ *connector.Call) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	for name, tc := range map[string]struct {
		definition, want string
		took             time.Duration
	}{
		"a Wait":    {`{"Type":"Wait","Seconds":7,"Next":"N"}`, "SUCCEEDED {} -> N", 7 * time.Second},
		"a timeout": {`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"TimeoutSeconds":9,"End":true}`, "FAILED States.Timeout", 9 * time.Second},
		"a timeout that is caught": {`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"TimeoutSeconds":9,"End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"H"}]}`,
			`CAUGHT_ERROR {"Error":"States.Timeout","Cause":""} States.Timeout -> H`, 9 * time.Second},
		"the limit of a task": {lambda, "FAILED States.Timeout: The test of a state may take no longer than 5m0s.", MostTime},
		"the limit of a Wait": {`{"Type":"Wait","Seconds":999999,"Next":"N"}`, "FAILED States.Timeout: The test of a state may take no longer than 5m0s.", MostTime},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			if got := tell(t, forever, request(tc.definition, `{}`)); got != tc.want {
				t.Errorf("%s: got %s, want %s", name, got, tc.want)
			}
			if took := time.Since(start); took != tc.took {
				t.Errorf("%s took %v, not %v", name, took, tc.took)
			}
		})
	}
}

// TestCancelled: nobody waits for the test any longer.
func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := new(Tester).Test(ctx, request(`{"Type":"Wait","Seconds":60,"End":true}`, `{}`))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// TestExchange: at the level TRACE an HTTP task shows its request.
func TestExchange(t *testing.T) {
	tester := &Tester{Connectors: map[string]connector.Connector{
		"http": connector.Func(func(ctx context.Context, c *connector.Call) ([]byte, error) {
			if e := connector.TracedHTTP(ctx); e != nil {
				e.Request = &connector.HTTPRequest{Method: "GET", URL: "https://a.test/"}
				if !e.RevealSecrets {
					t.Error("secrets are not to be revealed")
				}
			}
			return []byte("{}"), nil
		}),
	}}
	for level, shown := range map[Level]bool{Debug: false, Trace: true} {
		r := request(`{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://a.test/","Method":"GET"},"End":true}`, `{}`)
		r.Level, r.RevealSecrets = level, true
		a, err := tester.Test(t.Context(), r)
		if err != nil || (a.Inspection.HTTP != nil) != shown {
			t.Errorf("%s: %+v, %v", level, a, err)
		}
	}
}
