// Package local runs functions as processes on this machine that speak the
// Lambda Runtime API: unmodified Lambda handlers in any language, without
// containers.
//
// Processes of a function are started when they are needed, work on one
// invocation each at a time, are kept for the next one, and are stopped when
// they have had nothing to do for a while. One that exceeds the function's time
// is killed with all its children; one that dies is replaced; one that cannot
// start fails the invocations that wait for it, and the next start waits a
// little longer each time.
//
// What a function reports and how it fails is told to workflows as AWS does:
//
//	over its time                      Sandbox.Timedout
//	the process ended in the middle    Runtime.ExitError
//	the process did not start          Runtime.InvalidEntrypoint
//	the runtime could not start        what it reported, else Runtime.ExitError
//	no runtime within InitTimeout      Sandbox.Timedout
//	an answer over 6 MB                Function.ResponseSizeTooLarge
//	an answer that is no JSON          Runtime.InvalidJSONResponse (our own)
//
// A function is told that its answer has arrived only when the result is
// committed (connector.Call.Settled). When nobody waits for an invocation any
// longer it runs on, as with AWS.
package local

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// Function is how one function of the project is run. Either Command or Runtime
// and Handler are given.
type Function struct {
	// Name is the plain name, without ARN and qualifier.
	Name string
	// Command is a program that speaks the Lambda Runtime API, and its
	// arguments. A program with a slash in its name is relative to Dir.
	Command []string
	// Runtime is nodejs or python (a version as in nodejs22.x is allowed and not
	// looked at), for which Fermata brings the runtime, or provided, for which
	// Dir holds a program named bootstrap. Handler is as in AWS: file.function.
	Runtime, Handler string
	// Dir is the working directory: the function's folder. Empty for that of
	// this process.
	Dir string
	// Env is added to the variables that Lambda sets and to the few that are
	// passed on from this process (see passedOn).
	Env map[string]string
	// Timeout of an invocation. 60 s if zero: Lambda's own default of 3 s is
	// short for a machine that is also being worked on.
	Timeout time.Duration
	// InitTimeout is how long the process may take until it asks for its first
	// invocation; 30 s if zero.
	InitTimeout time.Duration
	// Concurrency is how many processes there may be at a time; 10 if zero.
	// Invocations beyond it wait their turn.
	Concurrency int
	// IdleTimeout is how long a process without work is kept; 5 min if zero.
	IdleTimeout time.Duration
	// MemoryMB is told to the function and not enforced; 128 if zero.
	MemoryMB int
}

func (f Function) withDefaults() Function {
	f.Timeout = or(f.Timeout, 60*time.Second)
	f.InitTimeout = or(f.InitTimeout, 30*time.Second)
	f.IdleTimeout = or(f.IdleTimeout, 5*time.Minute)
	f.Concurrency = or(f.Concurrency, 10)
	f.MemoryMB = or(f.MemoryMB, 128)
	return f
}

func or[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// check lists what is wrong with the function, each with its name.
func (f Function) check() (problems []error) {
	bad := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("function %q: "+format, append([]any{f.Name}, args...)...))
	}
	if f.Name == "" || strings.ContainsAny(f.Name, ": \t\n/") {
		bad("a name must not be empty and must not contain ':', '/' or white space")
	}
	switch kind := f.kind(); {
	case len(f.Command) > 0 && f.Runtime != "":
		bad("has both a command and a runtime; give one of them")
	case len(f.Command) == 0 && f.Runtime == "":
		bad("has neither a command nor a runtime")
	case len(f.Command) == 0 && kind == "":
		bad("runtime %q is unknown: nodejs, python and provided are known", f.Runtime)
	case (kind == "nodejs" || kind == "python") && !strings.Contains(f.Handler, "."):
		bad("handler %q must be file.function", f.Handler)
	}
	if f.Timeout < 0 || f.InitTimeout < 0 || f.IdleTimeout < 0 || f.Concurrency < 0 || f.MemoryMB < 0 {
		bad("times, concurrency and memory must not be negative")
	}
	for key := range f.Env {
		if key == "" || strings.ContainsAny(key, "=\x00") {
			bad("%q cannot be the name of an environment variable", key)
		}
	}
	return problems
}

// kind is the runtime without its version; empty if it is unknown.
func (f Function) kind() string {
	for _, kind := range []string{"nodejs", "python", "provided"} {
		if strings.HasPrefix(f.Runtime, kind) {
			return kind
		}
	}
	return ""
}

// directory is Dir as an absolute path.
func (f Function) directory() (string, error) {
	dir, err := filepath.Abs(f.Dir)
	if err != nil {
		return "", fmt.Errorf("function %q: %w", f.Name, err)
	}
	return dir, nil
}

var errStopped = errors.New("the local functions have been stopped")
