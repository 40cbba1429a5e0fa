package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// ran is what came of a command line.
type ran struct {
	status   int
	out, err string
}

// command carries out a command line in this process.
func command(t *testing.T, args ...string) ran {
	t.Helper()
	return commandWith(t, "", args...)
}

// commandWith is command with a text on standard input.
func commandWith(t *testing.T, input string, args ...string) ran {
	t.Helper()
	var out, err bytes.Buffer
	status := execute(t.Context(), streams{in: strings.NewReader(input), out: &out, err: &err}, args)
	return ran{status: status, out: out.String(), err: err.String()}
}

// must is command that has to end well; it answers with standard output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	r := command(t, args...)
	if r.status != 0 {
		t.Fatalf("fermata %.300s: status %d\n%s%s", strings.Join(args, " "), r.status, r.out, r.err)
	}
	return r.out
}

// log is a writer that can be waited on.
type log struct {
	mu   sync.Mutex // guards text
	text strings.Builder
	more chan struct{} // capacity 1: something was written
}

func newLog() *log { return &log{more: make(chan struct{}, 1)} }

func (l *log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return l.text.Write(text)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// find waits until the log has a match and answers with its last group.
func (l *log) find(t *testing.T, pattern string) string {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	deadline := time.After(60 * time.Second)
	for {
		if match := expression.FindStringSubmatch(l.String()); match != nil {
			return match[len(match)-1]
		}
		select {
		case <-l.more:
		case <-deadline:
			t.Fatalf("no %q in\n%s", pattern, l)
		}
	}
}

// running is a server command that runs in this process.
type running struct {
	url      string
	out, err *log
	stop     func() int // stops it and gives its status
}

// serve starts a command that serves, and waits until it is ready.
func serve(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{out: newLog(), err: newLog()}
	ended := make(chan int, 1)
	go func() {
		status := execute(ctx, streams{in: strings.NewReader(""), out: r.out, err: r.err}, append(args, "--listen", "127.0.0.1:0"))
		if status != 0 {
			_, _ = r.out.Write([]byte(r.err.String()))
		}
		ended <- status
	}()
	r.stop = sync.OnceValue(func() int {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { r.stop() })
	r.url = r.out.find(t, `listens on (http://\S+)`)
	return r
}

// write makes a file in a folder and answers with its path.
func write(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// contains checks that a text has all parts, in order.
func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("%s lacks %q (in this order: %q)\n%s", what, part, parts, text)
		}
		rest = after
	}
}
