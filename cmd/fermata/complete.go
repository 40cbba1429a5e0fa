package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// completionTime is how long a shell waits for what a server has to offer.
const completionTime = time.Second

// choices are the values of flags that have few, whatever command has the flag.
var choices = map[string][]string{
	"limits":     {"fermata", "aws"},
	"throttle":   {"off", "aws", "aws-small"},
	"status":     {"running", "succeeded", "failed", "timed_out", "aborted"},
	"type":       {"STANDARD", "EXPRESS"},
	"log-level":  {"debug", "info", "warn", "error"},
	"log-format": {"text", "json"},
	"level":      {"info", "debug", "trace"},
	"validation": {"strict", "present", "none"},
	"tasks":      {"inprocess", "http", "lambda"},
}

// completeFlags has the shell offer the values of flags that have few.
func completeFlags(cmd *cobra.Command) {
	for name, values := range choices {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		}
	}
	for _, c := range cmd.Commands() {
		completeFlags(c)
	}
}

// completeMachine offers the names of the server's state machines.
func (r *connection) completeMachine(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return r.offer(cmd, args, r.machineNames)
}

// completeExecution offers names of state machines, and behind MACHINE/ those of its
// newest executions.
func (r *connection) completeExecution(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	machine, _, found := strings.Cut(begun, "/")
	if !found {
		return r.offer(cmd, args, r.machineNames)
	}
	return r.offer(cmd, args, func(ctx context.Context) (names []string, err error) {
		c := r.client()
		arn, err := c.MachineARN(ctx, machine)
		if err != nil {
			return nil, err
		}
		executions, err := c.Executions(ctx, arn, "", 50)
		for _, e := range executions {
			names = append(names, machine+"/"+e.Name)
		}
		return names, err
	})
}

func (r *connection) machineNames(ctx context.Context) (names []string, err error) {
	machines, err := r.client().Machines(ctx)
	for _, m := range machines {
		names = append(names, m.Name)
	}
	return names, err
}

// offer asks the server for what the one argument of a command may be. A server that
// does not answer has nothing to offer.
func (r *connection) offer(cmd *cobra.Command, args []string, ask func(context.Context) ([]string, error)) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 || r.checkEndpoint() != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completionTime)
	defer cancel()
	names, _ := ask(ctx)
	return names, cobra.ShellCompDirectiveNoFileComp
}
