package local

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/lambda"
)

// program is the handler of testdata, built once.
var program string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "fermata-local-test-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		program = filepath.Join(dir, "handler")
		build := exec.Command("go", "build", "-o", program, "./testdata/handler")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
			return 1
		}
		code := m.Run()
		if code == 0 {
			if err := goleak.Find(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
		return code
	}())
}

// journal collects what is logged.
type journal struct {
	mu    sync.Mutex
	lines []string
	seen  chan string
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, string(b))
	if j.seen != nil {
		select {
		case j.seen <- string(b):
		default:
		}
	}
	return len(b), nil
}

func (j *journal) count(part string) (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, line := range j.lines {
		if strings.Contains(line, part) {
			n++
		}
	}
	return n
}

// set makes a Set of one function, named "f", and closes it after the test.
func set(t testing.TB, f Function, j *journal) *lambda.Router {
	t.Helper()
	f.Name = "f"
	if f.Command == nil && f.Runtime == "" {
		f.Command = []string{program}
	}
	c := Config{Functions: []Function{f}, Account: "123456789012", Region: "eu-central-1"}
	if j != nil {
		c.Logger = slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	router := &lambda.Router{Local: s}
	t.Cleanup(func() {
		if err := router.Close(); err != nil {
			t.Error(err)
		}
	})
	return router
}

func call(payload string) *connector.Call {
	return &connector.Call{
		Resource: "arn:aws:lambda:eu-central-1:123456789012:function:f", Action: lambda.ActionFunction,
		Payload: []byte(payload), IdempotencyKey: "key-1", Execution: "exec-1", State: "S",
	}
}

func invoke(t testing.TB, r *lambda.Router, payload string) string {
	t.Helper()
	b, err := r.Invoke(context.Background(), call(payload))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// failing invokes and gives the error's name and its cause's message.
func failing(t testing.TB, r *lambda.Router, payload string) (name, message string) {
	t.Helper()
	b, err := r.Invoke(context.Background(), call(payload))
	failure, ok := err.(*connector.Error)
	if !ok {
		t.Fatalf("got %s, %v; want a failure of the task", b, err)
	}
	var cause struct{ ErrorMessage string }
	if err := json.Unmarshal([]byte(failure.Cause), &cause); err != nil {
		t.Fatalf("the cause is not JSON: %s", failure.Cause)
	}
	return failure.Name, cause.ErrorMessage
}
