package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// control makes a command that tells an execution what to do. order tells it, and
// say says how it stands then.
func control(s streams, name, short, long string, order func(context.Context, *client.Client, string) error, say func(*client.Execution) string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   name + " EXECUTION",
		Short: short,
		Long:  long + "\n\n" + executionArgument,
		Args:  arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.ValidArgsFunction = r.completeExecution
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c := r.client()
		arn, err := c.ExecutionARN(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if err := order(cmd.Context(), c, arn); err != nil {
			return err
		}
		e, err := c.Execution(cmd.Context(), arn)
		if err != nil {
			return err
		}
		if r.json {
			return r.printJSON(map[string]string{"executionArn": arn, "status": e.Status})
		}
		fmt.Fprintln(r.out, say(e))
		return nil
	}
	return cmd
}

func newStop(s streams) *cobra.Command {
	var name, cause string
	cmd := control(s, "stop", "Abort an execution", "Abort an execution. One that has ended already stays as it is.",
		func(ctx context.Context, c *client.Client, arn string) error { return c.Stop(ctx, arn, name, cause) },
		func(e *client.Execution) string {
			if e.Status != "ABORTED" {
				return e.ARN + " had ended already as " + e.Status
			}
			return "stopped " + e.ARN
		})
	cmd.Flags().StringVar(&name, "error", "", "error that the execution shows")
	cmd.Flags().StringVar(&cause, "cause", "", "cause that the execution shows")
	return cmd
}

func newRedrive(s streams) *cobra.Command {
	const long = `Let an execution of a STANDARD state machine that failed, timed out or was stopped
go on where it ended: what had failed is done again, what had succeeded is not.
It can be done for 14 days after the end.`
	return control(s, "redrive", "Let a failed execution go on where it ended", long,
		func(ctx context.Context, c *client.Client, arn string) error { return c.Redrive(ctx, arn) }, goesOn)
}

func newResume(s streams) *cobra.Command {
	const long = `Take up an execution that an incident has stopped: a fault of Fermata's own, which
the server's log and 'fermata describe' name. Nothing is lost; a task that was under
way is called again.`
	return control(s, "resume", "Take up an execution that an incident has stopped", long,
		func(ctx context.Context, c *client.Client, arn string) error { return c.Resume(ctx, arn) }, goesOn)
}

func goesOn(e *client.Execution) string {
	if !e.Open() {
		return e.ARN + " has ended as " + e.Status
	}
	return e.ARN + " goes on"
}

func newDelete(s streams) *cobra.Command {
	var stop bool
	cmd := &cobra.Command{
		Use:   "delete MACHINE",
		Short: "Delete a state machine, with its versions, aliases and executions",
		Long: `Delete a state machine, given by name or ARN, with its versions, aliases and
executions. Those of a STANDARD state machine that run go on until their next
transition and fail there; until the last has ended, the machine takes no more
executions, and 'fermata list' shows it as DELETING. Then the name is free, and the
executions are shown no more. Those of an EXPRESS state machine run to their end.`,
		Args: arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.Flags().BoolVar(&stop, "stop-executions", false, "stop the executions that run (of a STANDARD state machine) instead of waiting for them")
	cmd.ValidArgsFunction = r.completeMachine
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c := r.client()
		arn, err := c.MachineARN(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if err := remove(cmd.Context(), c, arn, stop); err != nil {
			return err
		}
		said, err := deleted(cmd.Context(), c, arn)
		if err != nil {
			return err
		}
		if r.json {
			return r.printJSON(map[string]string{"stateMachineArn": arn})
		}
		fmt.Fprintln(r.out, said)
		return nil
	}
	return cmd
}

// remove deletes a state machine; stop has its executions stopped, too.
func remove(ctx context.Context, c *client.Client, arn string, stop bool) error {
	err := c.DeleteMachine(ctx, arn)
	if err != nil || !stop {
		return err
	}
	if n, err := c.StopAll(ctx, arn); err != nil || n == 0 {
		return err
	}
	return c.DeleteMachine(ctx, arn) // which ends at once now
}

// deleted says how the deletion of a state machine stands.
func deleted(ctx context.Context, c *client.Client, arn string) (string, error) {
	_, err := c.Machine(ctx, arn)
	switch {
	case client.IsCode(err, "StateMachineDoesNotExist"):
		return "deleted " + arn, nil
	case err != nil:
		return "", err
	}
	return "deleting " + arn + ": executions that run fail at their next transition, and one with an incident when it is resumed ('fermata list MACHINE' shows which); to stop them now, delete it again with --stop-executions", nil
}
