//go:build unix

package local

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/lambda"
)

func TestEventComesBackAsItWas(t *testing.T) {
	r := set(t, Function{}, nil)
	for _, text := range []string{`{"a": 1.0, "b":[1e2 ,12345678901234567890]}`, `null`, `"x"`, `[]`, `0.0`} {
		if got := invoke(t, r, text); got != text {
			t.Errorf("got %s, want %s", got, text)
		}
	}
}

func TestFunctionSeesItsContext(t *testing.T) {
	r := set(t, Function{Timeout: 30 * time.Second}, nil)
	c := call(`{"do":"context"}`)
	c.TraceHeader = "Root=1-0-0"
	b, err := r.Invoke(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID, ARN, Trace string
		Custom         map[string]string
		Left           float64
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.ID) != 36 || got.ARN != "arn:aws:lambda:eu-central-1:123456789012:function:f" || got.Trace != "Root=1-0-0" {
		t.Errorf("got %s", b)
	}
	if got.Custom[lambda.KeyInContext] != "key-1" || got.Left < 10 || got.Left > 30 {
		t.Errorf("got %s", b)
	}
}

func TestFailuresHaveTheirNames(t *testing.T) {
	r := set(t, Function{Timeout: 20 * time.Second}, nil)
	for _, c := range []struct{ event, name, message string }{
		{`{"do":"fail"}`, "orderError", "no such order"},
		{`{"do":"panic"}`, "string", "at the disco"},
		{`{"do":"die"}`, "Runtime.ExitError", "Error: Runtime exited with error: exit status 7"},
		{`{"do":"garbage"}`, "Runtime.InvalidJSONResponse", "not valid JSON"},
		{`{"do":"big"}`, "Function.ResponseSizeTooLarge", "6291556 bytes"},
	} {
		name, message := failing(t, r, c.event)
		if name != c.name || !strings.Contains(message, c.message) {
			t.Errorf("%s: got %s: %s", c.event, name, message)
		}
		if got := invoke(t, r, `1`); got != "1" {
			t.Errorf("%s: the next call got %s", c.event, got)
		}
	}
}

func TestProcessStaysWarm(t *testing.T) {
	r := set(t, Function{}, nil)
	first := invoke(t, r, `{"do":"pid"}`)
	for range 20 {
		if next := invoke(t, r, `{"do":"pid"}`); next != first {
			t.Fatalf("process %s, then %s", first, next)
		}
	}
}

func TestHangingFunctionIsKilledWithItsChildren(t *testing.T) {
	r := set(t, Function{Timeout: 300 * time.Millisecond}, nil)
	file := filepath.Join(t.TempDir(), "pid")
	name, message := failing(t, r, `{"do":"hang","file":`+strconv.Quote(file)+`}`)
	if name != "Sandbox.Timedout" || !strings.HasSuffix(message, "Error: Task timed out after 0.30 seconds") {
		t.Errorf("got %s: %s", name, message)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	child, _ := strconv.Atoi(string(text))
	waitUntil(t, func() bool { return gone(child) })
	if got := invoke(t, r, `1`); got != "1" {
		t.Errorf("got %s", got)
	}
}

// gone says whether a process has ended, reaped by its new parent or not.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

// waitUntil polls what no channel tells, within a limit.
func waitUntil(t *testing.T, what func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for !what() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("it did not happen")
		}
	}
}

func TestParallelUpToTheLimit(t *testing.T) {
	const limit = 3
	r := set(t, Function{Concurrency: limit}, nil)
	dir := t.TempDir()
	event := `{"do":"meet","value":3,"file":` + strconv.Quote(dir) + `}`
	var wg sync.WaitGroup
	pids := make([]string, 4*limit)
	for i := range pids {
		wg.Go(func() { pids[i] = invoke(t, r, event) })
	}
	wg.Wait()
	slices.Sort(pids)
	if n := len(slices.Compact(pids)); n != limit {
		t.Errorf("%d processes, want %d", n, limit)
	}
}

func TestIdleProcessIsStopped(t *testing.T) {
	j := &journal{}
	r := set(t, Function{IdleTimeout: 20 * time.Millisecond}, j)
	pid, _ := strconv.Atoi(invoke(t, r, `{"do":"pid"}`))
	waitUntil(t, func() bool { return gone(pid) && j.count("lambda function ended") == 1 })
	if again := invoke(t, r, `{"do":"pid"}`); again == strconv.Itoa(pid) {
		t.Error("the process came back")
	}
}

func TestStartThatFails(t *testing.T) {
	for _, c := range []struct {
		function      Function
		name, message string
	}{
		{Function{Env: map[string]string{"START": "exit"}}, "Runtime.ExitError", "exit status 3"},
		{Function{Command: []string{"/no/such/program"}}, "Runtime.InvalidEntrypoint", "no such file"},
		{Function{Env: map[string]string{"START": "hang"}, InitTimeout: 100 * time.Millisecond}, "Sandbox.Timedout", "0.10 seconds"},
	} {
		r := set(t, c.function, nil)
		if name, message := failing(t, r, `1`); name != c.name || !strings.Contains(message, c.message) {
			t.Errorf("got %s: %s", name, message)
		}
	}
}

// TestLastWordsAreLogged: a process that did not start is reported with what it
// wrote last.
func TestLastWordsAreLogged(t *testing.T) {
	j := &journal{}
	r := set(t, Function{Command: []string{"sh", "-c", "for i in 1 2 3 4 5 6 7; do echo word $i; done; exit 3"}}, j)
	failing(t, r, `1`)
	if j.count(`output="word 3\nword 4\nword 5\nword 6\nword 7"`) != 1 {
		t.Errorf("logged was %s", j.lines)
	}
}

func TestStartIsTriedAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ready")
	r := set(t, Function{Env: map[string]string{"START": "once", "START_FILE": file}}, nil)
	for range 2 {
		if name, _ := failing(t, r, `1`); name != "Runtime.ExitError" {
			t.Fatal(name)
		}
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := invoke(t, r, `1`); got != "1" {
		t.Errorf("got %s", got)
	}
}

func TestFloodIsCut(t *testing.T) {
	j := &journal{}
	r := set(t, Function{}, j)
	invoke(t, r, `{"do":"flood"}`)
	waitUntil(t, func() bool { return j.count("lambda output dropped") > 0 || j.count("line=") > 0 })
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if n := j.count(`msg="lambda output"`); n == 0 || n > 50*linesPerSecond {
		t.Errorf("%d lines were logged", n)
	}
	if j.count("execution=exec-1") == 0 || j.count("function=f") == 0 {
		t.Error("lines do not say whose they are")
	}
	for _, line := range j.lines {
		if len(line) > maxLine+500 {
			t.Errorf("a line of %d bytes was logged", len(line))
		}
	}
}

func TestAnswerIsAcknowledgedWhenSettled(t *testing.T) {
	r := set(t, Function{Concurrency: 1}, nil)
	settled := make(chan struct{})
	c := call(`{"do":"pid"}`)
	c.Settled = settled
	first, err := r.Invoke(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan string)
	go func() { second <- invoke(t, r, `{"do":"pid"}`) }()
	select {
	case <-second:
		t.Fatal("the function asked for more before its answer was settled")
	case <-time.After(100 * time.Millisecond):
	}
	close(settled)
	if got := <-second; got != string(first) {
		t.Errorf("process %s, then %s", first, got)
	}
}

func TestInvocationRunsOnWhenNobodyWaits(t *testing.T) {
	r := set(t, Function{Concurrency: 1}, nil)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	event := `{"do":"meet","value":2,"file":` + strconv.Quote(dir) + `}`
	c := call(event)
	c.Settled = make(chan struct{}) // never closed: what counts is that nobody waits
	done := make(chan error)
	go func() {
		_, err := r.Invoke(ctx, c)
		done <- err
	}()
	waitUntil(t, func() bool { here, _ := os.ReadDir(dir); return len(here) == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "other"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	here, _ := os.ReadDir(dir)
	if got := invoke(t, r, `{"do":"pid"}`); here[0].Name() != got {
		t.Errorf("process %s worked on, %s answered", here[0].Name(), got)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("FERMATA_SECRET", "hidden")
	r := set(t, Function{Env: map[string]string{"OWN": "1"}, MemoryMB: 256}, nil)
	got := invoke(t, r, `{"do":"env"}`)
	for _, want := range []string{`"OWN=1"`, `"AWS_LAMBDA_FUNCTION_NAME=f"`, `"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256"`,
		`"AWS_LAMBDA_FUNCTION_VERSION=$LATEST"`, `"AWS_REGION=eu-central-1"`, `"_HANDLER="`, `"LAMBDA_TASK_ROOT=`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "hidden") {
		t.Error("a secret of this process was passed on")
	}
}

func TestEnvelope(t *testing.T) {
	r := set(t, Function{}, nil)
	c := call(`{"FunctionName":"f","Payload":{"x": 1.0},"LogType":"Tail"}`)
	c.Action = lambda.ActionInvoke
	b, err := r.Invoke(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`{"ExecutedVersion":"$LATEST","Payload":{"x":1.0},"SdkHttpMetadata":{"AllHttpHeaders":{`, `"StatusCode":200}`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s", want, b)
		}
	}
}

func TestEventIsCarriedOutLater(t *testing.T) {
	j := &journal{seen: make(chan string, 100)}
	r := set(t, Function{}, j)
	c := call(`{"FunctionName":"f","Payload":{"do":"fail"},"InvocationType":"Event"}`)
	c.Action = lambda.ActionInvoke
	b, err := r.Invoke(context.Background(), c)
	if err != nil || !strings.Contains(string(b), `"Payload":"",`) || !strings.Contains(string(b), `"StatusCode":202}`) {
		t.Fatalf("got %s, %v", b, err)
	}
	for line := range j.seen {
		if strings.Contains(line, "lambda event failed") && strings.Contains(line, "no such order") {
			return
		}
	}
}

// TestEventsAreBounded: one more is refused, and the state may retry it.
func TestEventsAreBounded(t *testing.T) {
	r := set(t, Function{Concurrency: 1}, nil)
	event := call(`{"FunctionName":"f","Payload":{"do":"hang"},"InvocationType":"Event"}`)
	event.Action = lambda.ActionInvoke
	for range lambda.MostEvents {
		if _, err := r.Invoke(context.Background(), event); err != nil {
			t.Fatal(err)
		}
	}
	var failure *connector.Error
	if _, err := r.Invoke(context.Background(), event); !errors.As(err, &failure) || failure.Name != "Lambda.TooManyRequestsException" {
		t.Errorf("one more gave %v", err)
	}
}

func TestCloseEndsWhatRuns(t *testing.T) {
	j := &journal{seen: make(chan string, 100)}
	r := set(t, Function{}, j)
	done := make(chan error)
	go func() {
		_, err := r.Invoke(context.Background(), call(`{"do":"hang"}`))
		done <- err
	}()
	for line := range j.seen {
		if strings.Contains(line, "line=hanging") {
			break
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := r.Invoke(context.Background(), call(`1`)); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	_, err := New(Config{Functions: []Function{
		{Name: "a:b", Command: []string{"x"}},
		{Name: "two", Command: []string{"x"}, Runtime: "nodejs"},
		{Name: "nothing"},
		{Name: "rt", Runtime: "cobol"},
		{Name: "h", Runtime: "nodejs20.x", Handler: "index"},
		{Name: "neg", Command: []string{"x"}, Timeout: -1},
		{Name: "env", Command: []string{"x"}, Env: map[string]string{"A=B": ""}},
		{Name: "env", Command: []string{"x"}},
	}})
	if n := strings.Count(err.Error(), "\n") + 1; n != 8 {
		t.Errorf("%d problems:\n%v", n, err)
	}
}

func BenchmarkInvoke(b *testing.B) {
	r := set(b, Function{}, nil)
	c := call(`{"a":1}`)
	for b.Loop() {
		if _, err := r.Invoke(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvokeParallel(b *testing.B) {
	r := set(b, Function{Concurrency: 8}, nil)
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		c := call(`{"a":1}`)
		for pb.Next() {
			if _, err := r.Invoke(context.Background(), c); err != nil {
				b.Error(err)
			}
		}
	})
}
