package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/testrun"
	"github.com/fermata-dev/fermata/testrun/report"
)

// testFlags are the flags of fermata test.
type testFlags struct {
	verbose, json, cover, allowReal bool
	run, junit, limits              string
	parallel                        int
}

func newTest(s streams) *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use:   "test [PROJECT|FOLDER|FILE...]",
		Short: "Run test cases of state machines, in virtual time",
		Long: `Run the test cases of test files (*.test.yaml, *.test.yml, *.test.json) in a
folder and below it (default: this one), and report like go test.

A test case says with what input a state machine is started, what its tasks are
answered, and what is expected: status, output, path, variables, time. It runs on
the real interpreter in virtual time, so that a year of Wait takes none, and
nothing outside is called. docs/testing.md describes the files.

The exit status is 1 if a test fails.`,
	}
	flags := cmd.Flags()
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show every test, with the path that it took")
	flags.StringVar(&f.run, "run", "", "run only tests whose FILE/NAME this regular expression matches (-run is understood, too)")
	flags.BoolVar(&f.json, "json", false, "print events as go test -json does")
	flags.StringVar(&f.junit, "junit", "", "file for a report in JUnit's XML, too")
	flags.BoolVar(&f.cover, "cover", false, "show which states no test has entered")
	flags.IntVar(&f.parallel, "parallel", 0, "tests that run at a time; 0 is one for each processor")
	flags.StringVar(&f.limits, "limits", "aws", `limits of executions: "aws" for the quotas of AWS, or "fermata"`)
	flags.BoolVar(&f.allowReal, "allow-real", false, "call the project's functions for tasks that have no mock")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.test(cmd.Context(), &f, args)
	}
	return cmd
}

// singleDash lets fermata test -run X be written as go test has it.
func singleDash(args []string) []string {
	if len(args) == 0 || args[0] != "test" {
		return args
	}
	changed := make([]string, len(args))
	for i, arg := range args {
		if arg == "-run" || strings.HasPrefix(arg, "-run=") {
			arg = "-" + arg
		}
		changed[i] = arg
	}
	return changed
}

// runner checks the flags.
func (f *testFlags) runner() (*testrun.Runner, error) {
	r := &testrun.Runner{Parallel: cmp.Or(f.parallel, runtime.GOMAXPROCS(0))}
	limits, err := limitSet(f.limits)
	if err != nil {
		return nil, usage(fmt.Errorf("--limits: %w", err))
	}
	r.Limits, r.ExpressLimits = *limits.Limits, *limits.express
	if f.parallel < 0 {
		return nil, usage(fmt.Errorf("--parallel is %d; it must be at least 1, or 0 for one test for each processor", f.parallel))
	}
	if f.run != "" {
		if r.Only, err = regexp.Compile(f.run); err != nil {
			return nil, usage(fmt.Errorf("--run: %w", err))
		}
	}
	return r, nil
}

func (s streams) test(ctx context.Context, f *testFlags, args []string) (err error) {
	runner, err := f.runner()
	if err != nil {
		return err
	}
	files, err := testFiles(args)
	if err != nil {
		return err
	}
	reports, closeReports, err := s.reports(f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeReports()) }()
	run := testSession{streams: s, flags: f, runner: runner, reports: reports}
	for _, file := range files {
		if ctx.Err() == nil {
			run.file(ctx, file)
		}
	}
	if f.cover {
		run.printCoverage()
	}
	if run.failed {
		if !f.json {
			fmt.Fprintln(s.out, "FAIL")
		}
		return &exit{status: 1, err: errors.New("tests failed"), reported: true}
	}
	return ctx.Err()
}

// reports are where results go.
func (s streams) reports(f *testFlags) (all []report.Report, closeAll func() error, err error) {
	if f.json {
		all = append(all, &report.JSON{Out: s.out, Now: time.Now})
	} else {
		all = append(all, &report.Text{Out: s.out, Verbose: f.verbose})
	}
	var file io.Closer
	if f.junit != "" {
		out, err := os.Create(f.junit)
		if err != nil {
			return nil, nil, fmt.Errorf("--junit: %w", err)
		}
		file = out
		all = append(all, &report.JUnit{Out: out})
	}
	return all, func() error {
		var problems []error
		for _, r := range all {
			problems = append(problems, r.Close())
		}
		if file != nil {
			problems = append(problems, file.Close())
		}
		return errors.Join(problems...)
	}, nil
}

// testSession is one run of the command.
type testSession struct {
	streams
	flags    *testFlags
	runner   *testrun.Runner
	reports  []report.Report
	coverage testrun.Coverage
	failed   bool
}

// file runs the tests of a file.
func (t *testSession) file(ctx context.Context, file string) {
	suite, err := testrun.Read(file, findMachine)
	if err != nil {
		t.broken(file, err)
		return
	}
	runner := *t.runner
	if t.flags.allowReal {
		real, closeReal, err := realFunctions(ctx, suite.Machine.File, t.err)
		if err != nil {
			t.broken(file, err)
			return
		}
		defer closeReal()
		runner.Real = real
	}
	results := runner.Run(ctx, suite)
	for _, r := range results {
		t.coverage.Add(r)
		t.failed = t.failed || r.Failed()
	}
	for _, r := range t.reports {
		r.Suite(suite, results)
	}
}

func (t *testSession) broken(file string, err error) {
	t.failed = true
	for _, r := range t.reports {
		r.Broken(file, err)
	}
}

// printCoverage says which states no test has entered.
func (t *testSession) printCoverage() {
	out := t.out
	if t.flags.json {
		out = t.err
	}
	for _, m := range t.coverage.Machines {
		states, missed := t.coverage.Of(m)
		fmt.Fprintf(out, "coverage: %s: %d of %d states", shownFile(m.File), states-len(missed), states)
		if len(missed) > 0 {
			fmt.Fprintf(out, "; never entered: %s", strings.Join(missed, ", "))
		}
		fmt.Fprintln(out)
	}
}
