package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

func newStart(s streams) *cobra.Command {
	var name, input string
	var wait, async bool
	cmd := &cobra.Command{
		Use:   "start MACHINE",
		Short: "Start an execution of a state machine",
		Long: `Start an execution of a state machine, given by name or ARN. MACHINE:VERSION
and MACHINE:ALIAS start one of its versions, MACHINE#CASE starts it as a test
case of the server's mock configuration.

An execution of an EXPRESS state machine runs in memory, is lost if the server ends
before it does, and is waited for unless --async is given.`,
		Args: arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.ValidArgsFunction = r.completeMachine
	cmd.Flags().StringVar(&name, "name", "", "name of the execution; the same name starts it once only")
	cmd.Flags().StringVar(&input, "input", "{}", "the input: JSON, @FILE or - for standard input")
	cmd.Flags().BoolVar(&wait, "wait", false, "show every state until the execution ends, and print its output")
	cmd.Flags().BoolVar(&async, "async", false, "do not wait for an execution of an EXPRESS state machine")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if wait && async {
			return usage(errors.New("--wait and --async contradict each other; leave one of them out"))
		}
		text, err := r.readJSON("--input", input)
		if err != nil {
			return err
		}
		c := r.client()
		named, testCase, mocked := strings.Cut(args[0], "#")
		machine, err := c.MachineARN(cmd.Context(), named)
		if err != nil {
			return err
		}
		described, err := c.Machine(cmd.Context(), client.Unqualified(machine))
		if err != nil {
			return err
		}
		if mocked {
			machine += "#" + testCase
		}
		if described.Type == "EXPRESS" && !async {
			return r.startSync(cmd, c, machine, name, text)
		}
		arn, err := c.Start(cmd.Context(), machine, name, text)
		if mocked && client.IsCode(err, "StateMachineDoesNotExist") {
			return fmt.Errorf("%w; #%s asks for a test case, for which the server needs --mock-config", err, testCase)
		}
		if err != nil {
			return err
		}
		if !wait {
			return r.started(arn)
		}
		execution, err := follow(cmd.Context(), c, arn, r.view(r.err), farPace)
		if err != nil {
			return err
		}
		return r.outcome(execution, r.json)
	}
	return cmd
}

func (r *connection) startSync(cmd *cobra.Command, c *client.Client, machine, name, input string) error {
	execution, err := c.StartSync(cmd.Context(), machine, name, input)
	if err != nil {
		return err
	}
	return r.outcome(execution, r.json)
}

func (r *connection) started(arn string) error {
	if r.json {
		return r.printJSON(map[string]string{"executionArn": arn})
	}
	fmt.Fprintln(r.out, arn)
	return nil
}
