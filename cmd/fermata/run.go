package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/project"
)

func newRun(s streams) *cobra.Command {
	var machine, input, limits, logLevel string
	var asJSON, httpAnywhere bool
	var mapRoots []string
	var local localFlags
	cmd := &cobra.Command{
		Use:   "run FILE|PROJECT",
		Short: "Run one execution to its end, here, and show every state",
		Long: `Run one execution of a definition file or of a project's state machine to its
end, in this process and in memory. Every state is shown on standard error as it
goes; the output of the execution is printed on standard output. The exit status
is 1 if the execution does not succeed.

An execution of an EXPRESS state machine has no history: only its end is shown.`,
		Args: arguments(1, 1),
	}
	flags := cmd.Flags()
	flags.StringVar(&machine, "machine", "", "the state machine, if the project has several")
	flags.StringVar(&input, "input", "{}", "the input: JSON, @FILE or - for standard input")
	flags.StringVar(&limits, "limits", "fermata", `limits of executions: "fermata", or "aws" for the quotas of AWS`)
	flags.BoolVar(&httpAnywhere, "http-anywhere", false, "let HTTP tasks use plain http and private addresses")
	flags.StringArrayVar(&mapRoots, "map-root", nil, mapRootUsage)
	local.add(cmd)
	flags.StringVar(&logLevel, "log-level", "warn", logLevelUsage)
	flags.BoolVar(&asJSON, "json", false, "print the whole execution as JSON instead of its output")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		text, err := s.readJSON("--input", input)
		if err != nil {
			return err
		}
		bounds, err := limitSet(limits)
		if err != nil {
			return usage(fmt.Errorf("--limits: %w", err))
		}
		folders, err := parseMapRoots(mapRoots)
		if err != nil {
			return usage(fmt.Errorf("--map-root: %w", err))
		}
		log, err := newLogger(s.err, logLevel, "text")
		if err != nil {
			return usage(err)
		}
		p, m, err := openMachine(args[0], machine)
		if err != nil {
			return err
		}
		set := settings{
			store: inMemory, limits: bounds, httpAnywhere: httpAnywhere, mapRoots: folders, mapLimits: mapLimitSet(limits),
			place: localPlace(), log: log,
		}
		if err := local.apply(&set); err != nil {
			return usage(err)
		}
		n, err := openNode(cmd.Context(), set, p)
		if err != nil {
			return err
		}
		return errors.Join(s.runOnce(cmd.Context(), n, p, m, text, asJSON), n.Close())
	}
	return cmd
}

// runOnce deploys a project on a node and runs one execution.
func (s streams) runOnce(ctx context.Context, n *node, p *project.Project, m *project.StateMachine, input string, asJSON bool) error {
	c := n.client()
	if _, err := deployProject(ctx, c, p, n.arns()); err != nil {
		return err
	}
	arn := n.arns().StateMachine(m.Name)
	if m.Type == string(catalog.Express) {
		execution, err := c.StartSync(ctx, arn, "", input)
		if err != nil {
			return err
		}
		return s.outcome(execution, asJSON)
	}
	started, err := c.Start(ctx, arn, "", input)
	if err != nil {
		return err
	}
	execution, err := follow(ctx, c, started, s.view(s.err), nearPace)
	if err != nil {
		return err
	}
	return s.outcome(execution, asJSON)
}
