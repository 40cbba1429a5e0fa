package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newToken(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Answer a task that waits for its token",
	}
	cmd.AddCommand(newTokenSuccess(s), newTokenFailure(s), newTokenHeartbeat(s))
	return cmd
}

const tokenArgument = `TOKEN is the task token itself, @FILE, or - for standard input.`

// token reads the token argument.
func (r *connection) token(argument string) (string, error) {
	text, err := r.readInput(argument)
	if err != nil {
		return "", fmt.Errorf("TOKEN: %w", err)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", usage(errors.New("TOKEN is empty; write the task token, @FILE or - for standard input"))
	}
	return text, nil
}

func newTokenSuccess(s streams) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "success TOKEN",
		Short: "End the task with an output",
		Long:  "End the task with an output.\n\n" + tokenArgument,
		Args:  arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.Flags().StringVar(&output, "output", "{}", "the output: JSON, @FILE or - for standard input")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		token, err := r.token(args[0])
		if err != nil {
			return err
		}
		text, err := r.readJSON("--output", output)
		if err != nil {
			return err
		}
		return r.answered("the task has succeeded", r.client().TaskSuccess(cmd.Context(), token, text))
	}
	return cmd
}

func newTokenFailure(s streams) *cobra.Command {
	var name, cause string
	cmd := &cobra.Command{
		Use:   "failure TOKEN",
		Short: "Fail the task",
		Long:  "Fail the task.\n\n" + tokenArgument,
		Args:  arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.Flags().StringVar(&name, "error", "", "name of the error, for Retry and Catch")
	cmd.Flags().StringVar(&cause, "cause", "", "what happened")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		token, err := r.token(args[0])
		if err != nil {
			return err
		}
		return r.answered("the task has failed", r.client().TaskFailure(cmd.Context(), token, name, cause))
	}
	return cmd
}

func newTokenHeartbeat(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "heartbeat TOKEN",
		Short: "Say that the task is alive",
		Long:  "Say that the task is alive.\n\n" + tokenArgument,
		Args:  arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		token, err := r.token(args[0])
		if err != nil {
			return err
		}
		return r.answered("the task lives", r.client().TaskHeartbeat(cmd.Context(), token))
	}
	return cmd
}

// answered says that the server took the answer.
func (r *connection) answered(what string, err error) error {
	if err != nil {
		return err
	}
	if r.json {
		return r.printJSON(map[string]bool{"ok": true})
	}
	fmt.Fprintln(r.out, what)
	return nil
}
