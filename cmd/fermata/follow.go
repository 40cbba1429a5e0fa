package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
	"github.com/fermata-dev/fermata/cmd/fermata/show"
)

// pace says how often an execution is looked at: often while something happens,
// seldom when nothing does.
type pace struct{ least, most time.Duration }

var (
	nearPace = pace{least: 15 * time.Millisecond, most: 100 * time.Millisecond}
	farPace  = pace{least: 100 * time.Millisecond, most: time.Second}
)

// follow shows an execution until it ends, and answers how it did.
func follow(ctx context.Context, c *client.Client, arn string, view show.View, p pace) (*client.Execution, error) {
	tracker, wait := show.NewTracker(), p.least
	for {
		events, err := c.NewEvents(ctx, arn, tracker.Last)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			view.Step(tracker.Add(e))
		}
		if tracker.Ended {
			view.Done()
			return c.Execution(ctx, arn)
		}
		if wait = min(2*wait, p.most); len(events) > 0 {
			wait = p.least
		}
		view.Tick(time.Now())
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, fmt.Errorf("interrupted while %s runs", arn)
		}
	}
}

// view is the live one if w is a terminal, else lines.
func (s streams) view(w io.Writer) show.View {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return show.NewLines(w)
	}
	return show.NewLive(w, func() (width, height int) {
		if width, height, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width, height
		}
		return 80, 24
	})
}

// outcome prints the output of an execution that has ended on standard output,
// or the whole of it as JSON. One that did not succeed is an error.
func (s streams) outcome(e *client.Execution, asJSON bool) error {
	if asJSON {
		if err := s.printJSON(e); err != nil {
			return err
		}
	} else if e.Output != nil {
		fmt.Fprintln(s.out, *e.Output)
	}
	if e.Status == "SUCCEEDED" {
		return nil
	}
	what := "the execution ended as " + e.Status
	if e.Error != nil {
		what += ": " + *e.Error
	}
	if e.Cause != nil {
		what += ": " + show.Short(*e.Cause, 500)
	}
	return &exit{status: 1, err: fmt.Errorf("%s", what)}
}
