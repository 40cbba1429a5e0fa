// Package report writes the results of tests: as text like go test, as JSON
// events like go test -json, and as a JUnit file.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/testrun"
)

// Report is told of suites, one after another.
type Report interface {
	// Broken says that a test file cannot be run.
	Broken(file string, err error)
	// Suite gives the results of a file.
	Suite(s *testrun.Suite, results []*testrun.Result)
	// Close says that this was all.
	Close() error
}

// Text writes a report as go test does.
type Text struct {
	Out io.Writer
	// Verbose shows tests that pass, with their paths.
	Verbose bool
}

// Broken says that a test file cannot be run.
func (t *Text) Broken(file string, err error) {
	fmt.Fprintf(t.Out, "%s\nFAIL\t%s [the file cannot be run]\n", indented(err.Error()), file)
}

// Suite writes the results of a file: what failed, and one line for the file.
func (t *Text) Suite(s *testrun.Suite, results []*testrun.Result) {
	failed := 0
	var took time.Duration
	for _, r := range results {
		t.test(r)
		took += r.Took
		if r.Failed() {
			failed++
		}
	}
	switch {
	case failed > 0:
		fmt.Fprintf(t.Out, "FAIL\t%s\t%s\t%d of %d tests failed\n", s.File, seconds(took), failed, len(results))
	case len(results) == 0:
		fmt.Fprintf(t.Out, "ok  \t%s\t[no tests to run]\n", s.File)
	default:
		fmt.Fprintf(t.Out, "ok  \t%s\t%s\t%d tests\n", s.File, seconds(took), len(results))
	}
}

func (t *Text) test(r *testrun.Result) {
	switch {
	case r.Failed():
		fmt.Fprintf(t.Out, "--- FAIL: %s (%s)\n%s\n", r.Test.Name, seconds(r.Took), indented(Failure(r)))
	case !t.Verbose:
	case r.Skipped:
		fmt.Fprintf(t.Out, "--- SKIP: %s: %s\n", r.Test.Name, r.Test.Skip)
	default:
		fmt.Fprintf(t.Out, "--- PASS: %s (%s, virtual %s)\n%s\n", r.Test.Name, seconds(r.Took), r.Virtual, indented(strings.Join(r.Path, " → ")))
	}
}

// Close writes nothing.
func (t *Text) Close() error { return nil }

// Failure says in what a test failed, and how it came there, in several lines.
func Failure(r *testrun.Result) string {
	lines := []string{fmt.Sprintf("%s:%d", r.Suite.File, r.Test.Line)}
	lines = append(lines, r.Faults...)
	if !slices.ContainsFunc(r.Faults, isPath) {
		lines = append(lines, "path taken: "+testrun.ShownPath(r.Path))
	}
	if r.Last != "" {
		lines = append(lines, "last failure on the way: "+r.Last)
	}
	return strings.Join(lines, "\n")
}

// isPath: the fault shows the path already.
func isPath(fault string) bool { return strings.HasPrefix(fault, "path: ") }

func indented(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
