package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
	"github.com/fermata-dev/fermata/cmd/fermata/show"
)

const executionArgument = `EXECUTION is an ARN, MACHINE/NAME, or MACHINE for its newest execution.`

func newList(s streams) *cobra.Command {
	var status string
	var limit int
	cmd := &cobra.Command{
		Use:   "list [MACHINE]",
		Short: "List state machines, or the executions of one, newest first",
		Args:  arguments(0, 1),
	}
	r := addConnection(cmd, s)
	cmd.ValidArgsFunction = r.completeMachine
	cmd.Flags().StringVar(&status, "status", "", "only executions with this status: running, succeeded, failed, timed_out, aborted")
	cmd.Flags().IntVar(&limit, "limit", 50, "at most so many executions")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := checkList(cmd, len(args) > 0, status, limit); err != nil {
			return usage(err)
		}
		if len(args) == 0 {
			return r.listMachines(cmd)
		}
		c := r.client()
		arn, err := c.MachineARN(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		executions, err := c.Executions(cmd.Context(), arn, status, limit)
		if err != nil {
			return err
		}
		if r.json {
			return r.printJSON(executions)
		}
		r.printExecutions(args[0], executions)
		return nil
	}
	return cmd
}

// checkList checks the flags of list, which are about executions.
func checkList(cmd *cobra.Command, ofMachine bool, status string, limit int) error {
	statuses := choices["status"]
	switch {
	case !ofMachine && (cmd.Flags().Changed("status") || cmd.Flags().Changed("limit")):
		return errors.New("--status and --limit are about executions; name the state machine whose executions to list")
	case status != "" && !slices.Contains(statuses, strings.ToLower(status)):
		return fmt.Errorf("--status is %q; there are %s", status, strings.Join(statuses, ", "))
	case limit < 1:
		return fmt.Errorf("--limit is %d; it must be at least 1", limit)
	}
	return nil
}

func (r *connection) listMachines(cmd *cobra.Command) error {
	machines, err := r.client().Machines(cmd.Context())
	if err != nil {
		return err
	}
	if r.json {
		return r.printJSON(machines)
	}
	if len(machines) == 0 {
		fmt.Fprintln(r.out, "no state machines; deploy one with 'fermata deploy'")
		return nil
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STATE MACHINE\tTYPE\tSTATUS\tCREATED\tARN")
	for _, m := range machines {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", m.Name, m.Type, cmp.Or(m.Status, "-"), instant(m.Created.Time), m.ARN)
	}
	return w.Flush()
}

func (r *connection) printExecutions(machine string, executions []client.Execution) {
	if len(executions) == 0 {
		fmt.Fprintf(r.out, "no executions; start one with 'fermata start %s'\n", machine)
		return
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "EXECUTION\tSTATUS\tSTARTED\tTOOK")
	for _, e := range executions {
		status := e.Status
		if e.Incident != "" {
			status += " (incident)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Name, status, instant(e.Started.Time), took(&e))
	}
	_ = w.Flush()
}

func newDescribe(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "describe EXECUTION",
		Short: "Show an execution: status, input, output, error",
		Long:  "Show an execution: status, input, output, error. The ARN of a state machine shows\nthat instead, as JSON.\n\n" + executionArgument,
		Args:  arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.ValidArgsFunction = r.completeExecution
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c := r.client()
		if strings.Contains(args[0], ":stateMachine:") {
			machine, err := c.Machine(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return r.printJSON(machine)
		}
		arn, err := c.ExecutionARN(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		e, err := c.Execution(cmd.Context(), arn)
		if err != nil {
			return err
		}
		if r.json {
			return r.printJSON(e)
		}
		r.printExecution(e)
		return nil
	}
	return cmd
}

// printExecution writes what is known of an execution, one member a line.
func (s streams) printExecution(e *client.Execution) {
	line := func(name, text string) { fmt.Fprintf(s.out, "%-10s %s\n", name, text) }
	line("execution", e.ARN)
	line("status", e.Status)
	if e.Incident != "" {
		line("incident", e.Incident+"; take it up with 'fermata resume', or end it with 'fermata stop'")
	}
	line("started", instant(e.Started.Time))
	if e.Stopped != nil {
		line("ended", instant(e.Stopped.Time)+", after "+took(e))
	}
	for _, member := range []struct {
		name string
		text *string
	}{{"input", e.Input}, {"output", e.Output}, {"error", e.Error}, {"cause", e.Cause}} {
		if member.text != nil {
			line(member.name, *member.text)
		}
	}
}

func newHistory(s streams) *cobra.Command {
	var reverse bool
	cmd := &cobra.Command{
		Use:   "history EXECUTION",
		Short: "Show the history of an execution, event by event",
		Long:  "Show the history of an execution, event by event.\n\n" + executionArgument,
		Args:  arguments(1, 1),
	}
	r := addConnection(cmd, s)
	cmd.ValidArgsFunction = r.completeExecution
	cmd.Flags().BoolVar(&reverse, "reverse", false, "newest event first")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c := r.client()
		arn, err := c.ExecutionARN(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		events := []client.Event{}
		err = c.History(cmd.Context(), arn, reverse, func(e client.Event) bool {
			if r.json {
				events = append(events, e)
			} else {
				r.printEvent(e)
			}
			return true
		})
		if err != nil || !r.json {
			return err
		}
		return r.printJSON(events)
	}
	return cmd
}

// printEvent writes one event on one line.
func (s streams) printEvent(e client.Event) {
	d, text := e.Details, ""
	switch {
	case d.Error != "" || d.Cause != "":
		text = strings.TrimSpace(d.Error + " " + d.Cause)
	case d.Output != nil:
		text = *d.Output
	case d.Input != nil:
		text = *d.Input
	case d.Parameters != "":
		text = d.Parameters
	}
	name := d.Name
	if name == "" {
		name = d.Resource[strings.LastIndex(d.Resource, ":")+1:]
	}
	fmt.Fprintf(s.out, "%5d  %s  %-26s %-22s %s\n", e.ID, e.At.Format("15:04:05.000"), e.Type, show.Short(name, 22), show.Short(text, 100))
}

func instant(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05.000") }

// took is how long an execution has lasted.
func took(e *client.Execution) string {
	if e.Stopped == nil {
		return "-"
	}
	return show.Took(e.Stopped.Sub(e.Started.Time))
}
