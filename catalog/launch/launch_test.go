package launch_test

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/states"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// fake is an engine that keeps what it was asked to start.
type fake struct {
	launch.Engine
	started []engine.StartRequest
	status  interpreter.Status
}

func (f *fake) Start(_ context.Context, req engine.StartRequest) (engine.Started, error) {
	for i, s := range f.started {
		if s.Name == req.Name && s.Definition.Machine == req.Definition.Machine {
			return engine.Started{}, &engine.NameTakenError{Run: store.RunID(i)}
		}
	}
	f.started = append(f.started, req)
	return engine.Started{Run: store.RunID(len(f.started) - 1), Name: req.Name, At: at(len(f.started))}, nil
}

func (f *fake) Describe(_ context.Context, run store.RunID) (engine.Description, error) {
	req := f.started[run]
	return engine.Description{
		Run: run, Head: &store.Head{Name: req.Name, Started: at(int(run) + 1)},
		Result: interpreter.Result{Status: f.status, Input: req.Input},
	}, nil
}

func (f *fake) Waited(context.Context, store.RunID) (bool, error) { return true, nil }

func at(n int) time.Time { return time.Unix(int64(n), 0).UTC() }

type world struct {
	*launch.Launcher
	catalog           *catalog.Catalog
	standard, express *fake
}

const machineARN = "arn:aws:states:us-east-1:123456789012:stateMachine:"

func newWorld(t *testing.T) *world {
	t.Helper()
	compile := func([]byte, catalog.Type, bool) (*catalog.Compiled, []definition.Diagnostic) {
		return &catalog.Compiled{}, nil
	}
	c, err := catalog.Open(t.Context(), catalog.Config{
		Records: memstore.New(memstore.Options{}), Compile: compile, Place: catalog.Place{Region: "us-east-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]catalog.Type{"m": catalog.Standard, "x": catalog.Express} {
		settings := catalog.Settings{RoleARN: "arn:aws:iam::1:role/r"}
		if _, err := c.CreateMachine(t.Context(), catalog.CreateRequest{Name: name, Type: kind, Definition: "{}", Settings: settings}); err != nil {
			t.Fatal(err)
		}
	}
	return &world{Launcher: launch.New(c), catalog: c, standard: &fake{}, express: &fake{}}
}

func attached(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.Attach(w.standard, w.express)
	return w
}

func TestStartRefuses(t *testing.T) {
	w := attached(t)
	for name, tc := range map[string]struct {
		req  launch.Request
		code catalog.Code
	}{
		"no ARN":          {launch.Request{Machine: "m"}, catalog.InvalidArn},
		"another type":    {launch.Request{Machine: "arn:aws:states:us-east-1:123456789012:activity:m"}, catalog.InvalidArn},
		"unknown":         {launch.Request{Machine: machineARN + "none"}, catalog.StateMachineDoesNotExist},
		"another region":  {launch.Request{Machine: "arn:aws:states:mars:123456789012:stateMachine:m"}, catalog.StateMachineDoesNotExist},
		"a version":       {launch.Request{Machine: machineARN + "m:1"}, catalog.StateMachineDoesNotExist},
		"a label":         {launch.Request{Machine: machineARN + "m/label"}, catalog.ValidationException},
		"a bad name":      {launch.Request{Machine: machineARN + "m", Name: "a:b"}, catalog.InvalidName},
		"bad input":       {launch.Request{Machine: machineARN + "m", Input: []byte("{")}, launch.InvalidExecutionInput},
		"sync, Standard":  {launch.Request{Machine: machineARN + "m", Sync: true}, launch.StateMachineTypeNotSupported},
		"input of blanks": {launch.Request{Machine: machineARN + "m", Input: []byte(" ")}, launch.InvalidExecutionInput},
	} {
		_, err := w.Start(t.Context(), tc.req)
		if !errors.Is(err, &catalog.Error{Code: tc.code}) {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
	if len(w.standard.started)+len(w.express.started) != 0 {
		t.Error("something was started")
	}
}

func TestStartByNameIsIdempotentWhileItRuns(t *testing.T) {
	w := attached(t)
	req := launch.Request{Machine: machineARN + "m", Name: "n", Input: []byte(`{"a":1}`)}
	first, err := w.Start(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.Start(t.Context(), req)
	if err != nil || again.Run != first.Run || again.ARN != first.ARN || !again.At.Equal(first.At) {
		t.Errorf("got %+v, %v; want %+v", again, err, first)
	}
	different := req
	different.Input = []byte(`{"a":2}`)
	if _, err := w.Start(t.Context(), different); !errors.Is(err, &catalog.Error{Code: launch.ExecutionAlreadyExists}) {
		t.Errorf("another input: %v", err)
	}
	w.standard.status = interpreter.Succeeded
	if _, err := w.Start(t.Context(), req); !errors.Is(err, &catalog.Error{Code: launch.ExecutionAlreadyExists}) {
		t.Errorf("after the end: %v", err)
	}
}

func TestExpressNamesNeedNotBeUnique(t *testing.T) {
	w := attached(t)
	req := launch.Request{Machine: machineARN + "x", Name: "n", Sync: true}
	first, err1 := w.Start(t.Context(), req)
	second, err2 := w.Start(t.Context(), req)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if first.ARN == second.ARN || first.Name != "n" || !strings.HasPrefix(first.ARN, "arn:aws:states:us-east-1:123456789012:express:x:n:") {
		t.Errorf("got %q and %q", first.ARN, second.ARN)
	}
}

func TestStartWaitsForTheEngines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.Start(hasty, launch.Request{Machine: machineARN + "m"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("without engines: %v", err)
		}
		go func() {
			time.Sleep(time.Second)
			w.Attach(w.standard, nil)
		}()
		if _, err := w.Start(t.Context(), launch.Request{Machine: machineARN + "m"}); err != nil {
			t.Error(err)
		}
		if _, err := w.Start(t.Context(), launch.Request{Machine: machineARN + "x"}); !errors.Is(err, &catalog.Error{Code: launch.StateMachineTypeNotSupported}) {
			t.Errorf("without an engine for Express: %v", err)
		}
	})
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func TestChildren(t *testing.T) {
	for _, tc := range []struct {
		from       catalog.Type
		target     string
		action     string
		wantParent bool
		wantErr    string
	}{
		{catalog.Standard, "m", states.StartSync2, true, ""},
		{catalog.Standard, "m", states.Start, true, ""},
		{catalog.Standard, "x", states.Start, false, ""},
		{catalog.Standard, "x", states.StartSync, false, "StepFunctions.StateMachineTypeNotSupportedException"},
		{catalog.Express, "m", states.Start, false, ""},
		{catalog.Express, "x", states.Start, false, ""},
		{catalog.Standard, "none", states.Start, false, "StepFunctions.StateMachineDoesNotExistException"},
	} {
		t.Run(string(tc.from)+" "+tc.target+" "+tc.action, func(t *testing.T) {
			w := attached(t)
			c := states.New(w.Starter(tc.from))
			call := &connector.Call{
				Action: tc.action, IdempotencyKey: "key", Origin: connector.Origin{Run: 5, Task: 6},
				Payload: []byte(`{"StateMachineArn":` + strconv.Quote(machineARN+tc.target) + `,"Input":{"a": 1}}`),
			}
			_, err := c.Invoke(t.Context(), call)
			var failed *connector.Error
			if errors.As(err, &failed) && failed.Name == tc.wantErr {
				return
			}
			if err != nil || tc.wantErr != "" {
				t.Fatalf("got %v, want %q", err, tc.wantErr)
			}
			started := append(w.standard.started, w.express.started...)
			if len(started) != 1 {
				t.Fatalf("started %d", len(started))
			}
			req := started[0]
			name, _, _ := strings.Cut(req.Name, ":")
			if (req.Parent != nil) != tc.wantParent || !uuid.MatchString(name) || string(req.Input.Text()) != `{"a":1}` {
				t.Errorf("started %+v", req)
			}
			if tc.wantParent && req.Parent.Origin != call.Origin {
				t.Errorf("the parent is %+v", req.Parent)
			}
		})
	}
}

func TestExpressChildOfATaskCarriedOutAgain(t *testing.T) {
	w := attached(t)
	w.express.status = interpreter.Succeeded
	c := states.New(w.Starter(catalog.Standard))
	call := &connector.Call{
		Action: states.Start, IdempotencyKey: "key",
		Payload: []byte(`{"StateMachineArn":` + strconv.Quote(machineARN+"x") + `,"Name":"n"}`),
	}
	first, err1 := c.Invoke(t.Context(), call)
	again, err2 := c.Invoke(t.Context(), call)
	if err := errors.Join(err1, err2); err != nil || string(first) != string(again) || len(w.express.started) != 1 {
		t.Errorf("got %s and %s, %v", first, again, err)
	}
}
