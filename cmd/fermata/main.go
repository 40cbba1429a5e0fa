// Command fermata is the Fermata workflow engine: its server, the tools for
// developing with it, and a client for it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	processCollector.start()
	ctx, stop := interruptible()
	defer stop()
	os.Exit(execute(ctx, streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Args[1:]))
}

// sameSignal is how long after the first a signal is the same one still: whoever
// runs the process in a group of its own may signal both the group and the process.
const sameSignal = 500 * time.Millisecond

// interruptible returns a context that ends with the first SIGINT or SIGTERM;
// the second ends the process at once.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		for first := time.Now(); time.Since(first) < sameSignal; {
			<-signals
		}
		fmt.Fprintln(os.Stderr, "fermata: stopped at once; what was acknowledged is safe")
		os.Exit(1)
	}()
	return ctx, cancel
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// exit is an error that ends the process with a status and, if reported, with
// nothing more to say.
type exit struct {
	status   int
	err      error
	reported bool
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

// execute carries out a command line and returns the exit status: 0 if all went
// well, 1 if not, 2 if the command line itself was wrong.
func execute(ctx context.Context, s streams, args []string) int {
	root := newRoot(s)
	root.SetArgs(append([]string{}, singleDash(args)...)) // nil would mean those of the process
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	status := &exit{status: 1}
	if !errors.As(err, &status) || !status.reported {
		fmt.Fprintf(s.err, "fermata: %v\n", err)
	}
	return status.status
}

// usage marks an error of the command line itself.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return &exit{status: 2, err: err}
}
