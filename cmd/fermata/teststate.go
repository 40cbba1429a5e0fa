package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/project"
)

// testStateFlags are the flags of fermata test-state.
type testStateFlags struct {
	machine, state, input, limits           string
	result, err, cause, validation          string
	level, variables, context               string
	retries, failures                       int
	errorState, readerData                  string
	revealSecrets, httpAnywhere, wantedJSON bool
	local                                   localFlags
}

func newTestState(s streams) *cobra.Command {
	var f testStateFlags
	cmd := &cobra.Command{
		Use:   "test-state FILE|PROJECT",
		Short: "Run one state on its own, with a mock or for real",
		Long: `Run one state, in this process and in memory, as the operation TestState of AWS
does. FILE is the definition of a state, or with --state that of a state machine.

The work of a Task, Parallel or Map state is mocked with --result or --error; a
Task without a mock is done for real. A retry is announced and not made.
docs/teststate.md has the rules.

The output of the state is printed on standard output, all else on standard error.
The exit status is 1 if the state fails.`,
		Args: arguments(1, 1),
	}
	f.define(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		request, err := f.request(cmd, s)
		if err != nil {
			return err
		}
		return s.testState(cmd.Context(), &f, args[0], request)
	}
	return cmd
}

func (f *testStateFlags) define(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.state, "state", "", "the state of a state machine to run")
	flags.StringVar(&f.machine, "machine", "", "the state machine, if the project has several")
	flags.StringVar(&f.input, "input", "{}", "the input: JSON, @FILE or - for standard input")
	flags.StringVar(&f.result, "result", "", "what the work of the state gives: JSON or @FILE")
	flags.StringVar(&f.err, "error", "", "the error that the work of the state fails with")
	flags.StringVar(&f.cause, "cause", "", "the cause of that error")
	flags.StringVar(&f.validation, "validation", "strict", "hold --result against the model of the API: strict, present or none")
	flags.StringVar(&f.level, "level", "info", "what to show: info, debug for the data on its way, trace for HTTP requests")
	flags.StringVar(&f.variables, "variables", "", "variables: a JSON object or @FILE")
	flags.StringVar(&f.context, "context", "", "the context object, with a mock: a JSON object or @FILE")
	flags.IntVar(&f.retries, "retries", 0, "retries that were made, with a mock")
	flags.IntVar(&f.failures, "failed-iterations", 0, "iterations of a Map that failed, with a mock")
	flags.StringVar(&f.errorState, "error-state", "", "the state within that --error comes from")
	flags.StringVar(&f.readerData, "reader-data", "", "what the ItemReader of a Map would read: text or @FILE")
	flags.StringVar(&f.limits, "limits", "fermata", `limits of executions: "fermata", or "aws" for the quotas of AWS`)
	flags.BoolVar(&f.revealSecrets, "reveal-secrets", false, "show what a connection adds to an HTTP request")
	flags.BoolVar(&f.httpAnywhere, "http-anywhere", false, "let HTTP tasks use plain http and private addresses")
	f.local.add(cmd)
	flags.BoolVar(&f.wantedJSON, "json", false, "print the whole answer as JSON")
}

// request is the request of TestState, all but the definition.
func (f *testStateFlags) request(cmd *cobra.Command, s streams) (map[string]any, error) {
	given := cmd.Flags().Changed
	if err := f.check(cmd, given); err != nil {
		return nil, err
	}
	in := map[string]any{"inspectionLevel": strings.ToUpper(f.level), "revealSecrets": f.revealSecrets}
	var problems []error
	text := func(into map[string]any, flag, member, argument string, always bool) {
		if !always && !given(flag) {
			return
		}
		v, err := s.readInput(argument)
		if err != nil {
			problems = append(problems, fmt.Errorf("--%s: %w", flag, err))
		}
		into[member] = v
	}
	text(in, "input", "input", f.input, true)
	text(in, "variables", "variables", f.variables, false)
	text(in, "context", "context", f.context, false)
	if f.state != "" {
		in["stateName"] = f.state
	}
	mock := map[string]any{}
	text(mock, "result", "result", f.result, false)
	if given("error") || given("cause") {
		mock["errorOutput"] = map[string]any{"error": f.err, "cause": f.cause}
	}
	if len(mock) > 0 {
		mock["fieldValidationMode"] = strings.ToUpper(f.validation)
		in["mock"] = mock
	}
	before := map[string]any{}
	text(before, "reader-data", "mapItemReaderData", f.readerData, false)
	f.before(given, before)
	if len(before) > 0 {
		in["stateConfiguration"] = before
	}
	return in, errors.Join(problems...)
}

// check refuses flags that do not fit, in the words of the command line.
func (f *testStateFlags) check(cmd *cobra.Command, given func(string) bool) error {
	problems := []error{chosen(cmd, "level", "validation"), atLeast(cmd, 0, "retries", "failed-iterations")}
	if given("result") && (given("error") || given("cause")) {
		problems = append(problems, errors.New("--result and --error are two mocks; leave one of them out"))
	}
	if given("cause") && f.err == "" {
		problems = append(problems, errors.New("--cause is that of an error; name it with --error"))
	}
	for _, flag := range []string{"context", "retries", "failed-iterations", "error-state", "reader-data"} {
		if given(flag) && !given("result") && !given("error") {
			problems = append(problems, fmt.Errorf("--%s goes with a mock; add --result or --error", flag))
		}
	}
	return usage(errors.Join(problems...))
}

// before is what went before the state, as far as flags say.
func (f *testStateFlags) before(given func(string) bool, into map[string]any) {
	if given("retries") {
		into["retrierRetryCount"] = f.retries
	}
	if given("failed-iterations") {
		into["mapIterationFailureCount"] = f.failures
	}
	if given("error-state") {
		into["errorCausedByState"] = f.errorState
	}
}

// testState runs the state on a node that is there for it alone.
func (s streams) testState(ctx context.Context, f *testStateFlags, target string, request map[string]any) error {
	bounds, err := limitSet(f.limits)
	if err != nil {
		return usage(fmt.Errorf("--limits: %w", err))
	}
	p, m, err := openMachine(target, f.machine)
	if err != nil {
		return err
	}
	switch machine := isMachine(m.Definition); {
	case machine && f.state == "":
		return usage(fmt.Errorf("%s is a state machine; name the state to test with --state", m.DefinitionFile))
	case !machine && f.state != "" && isState(m.Definition):
		return usage(fmt.Errorf("%s is a state; leave --state out, which names one of a state machine", m.DefinitionFile))
	}
	set := settings{
		store: inMemory, limits: bounds, httpAnywhere: f.httpAnywhere, place: localPlace(),
		log: slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if err := f.local.apply(&set); err != nil {
		return usage(err)
	}
	n, err := openNode(ctx, set, p)
	if err != nil {
		return err
	}
	return errors.Join(s.testOnce(ctx, n, p, m, request, f.wantedJSON), n.Close())
}

// isMachine tells the definition of a state machine from that of a state.
func isMachine(text string) bool {
	var machine struct{ StartAt, States any }
	return json.Unmarshal([]byte(definitionJSON(text)), &machine) == nil && machine.States != nil
}

// isState tells the definition of a state from what is neither.
func isState(text string) bool {
	var state struct{ Type string }
	return json.Unmarshal([]byte(definitionJSON(text)), &state) == nil && state.Type != ""
}

// tested is the answer of TestState.
type tested struct {
	Status     string          `json:"status"`
	Output     *string         `json:"output,omitempty"`
	Error      *string         `json:"error,omitempty"`
	Cause      *string         `json:"cause,omitempty"`
	NextState  string          `json:"nextState,omitempty"`
	Inspection json.RawMessage `json:"inspectionData,omitempty"`
}

func (s streams) testOnce(ctx context.Context, n *node, p *project.Project, m *project.StateMachine, request map[string]any, asJSON bool) error {
	request["definition"] = definitionJSON(p.DefinitionText(m, n.arns()))
	request["roleArn"] = n.arns().Role()
	var a tested
	if err := n.client().Call(ctx, "TestState", request, &a); err != nil {
		return err
	}
	if err := s.showTested(&a, asJSON); err != nil {
		return err
	}
	if a.Status == "FAILED" {
		return &exit{status: 1, err: errors.New("the state failed"), reported: true}
	}
	return nil
}

func (s streams) showTested(a *tested, asJSON bool) error {
	if asJSON {
		return s.printJSON(a)
	}
	end := a.Status
	if a.Error != nil {
		end += " " + *a.Error
	}
	if a.Cause != nil {
		end += ": " + *a.Cause
	}
	if a.NextState != "" {
		end += ", goes on with " + a.NextState
	}
	if a.Inspection != nil {
		if err := (streams{out: s.err}).printJSON(a.Inspection); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.err, end)
	if a.Output != nil {
		fmt.Fprintln(s.out, *a.Output)
	}
	return nil
}
