package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/bench"
	"github.com/fermata-dev/fermata/connector/lambda/local"
)

func newBench(s streams) *cobra.Command {
	var c bench.Config
	var asJSON bool
	var cache, victim string
	cmd := &cobra.Command{
		Use:   "bench one|seq|fanout|sleep|express|map|recover",
		Short: "Measure this machine: executions and steps per second, latency, CPU, bytes, and the floor",
		Long: `Run one workload on a new store and measure it.

  one     one task
  seq     --steps tasks in a row
  fanout  an inline Map over --items, one task each
  sleep   a Wait of an hour; only starts are measured, and what sleepers cost
  express five states (Pass, Choice, Task, Pass, Succeed) of an Express machine, run
          synchronously in memory; through the API by StartSyncExecution
  map     a distributed Map over a file of --items rows, and then plain starts of as many
          executions like its children; its memory (best with --no-floor, which keeps
          nothing for the replay)
  recover a process with executions of --steps tasks under way is killed; measured is
          how long it takes until all have ended

The floor is what the store alone can do: the batches that the run committed,
replayed against an empty store of the same kind, with the same number of
executions at a time. The ratio is the run's rate to it.`,
		Args:      arguments(1, 1),
		ValidArgs: []string{"one", "seq", "fanout", "sleep", "express", "map", "recover"},
	}
	f := cmd.Flags()
	f.IntVar(&c.Steps, "steps", 5, "tasks of seq")
	f.IntVar(&c.Items, "items", 0, "items of fanout (default 1000), rows of map (default 100000)")
	f.IntVarP(&c.Executions, "executions", "n", 0, "executions in all (default: by workload)")
	f.IntVar(&c.Concurrency, "concurrency", 64, "executions at a time")
	f.IntVar(&c.Payload, "payload", 100, "bytes of the input")
	f.StringVar(&c.Store, "store", "", "memory, or a folder for the store (default: a temporary folder)")
	f.StringVar(&c.Tasks, "tasks", "inprocess", "who does the work: inprocess, http or lambda")
	f.BoolVar(&c.API, "api", false, "start executions through the HTTP API")
	f.StringVar(&cache, "cache", "64MiB", "memory for executions with nothing to do")
	f.BoolVar(&c.NoFloor, "no-floor", false, "leave out the floor")
	f.BoolVar(&c.NoCompact, "no-compact", false, "leave out compaction, and with it the bytes in the store")
	f.StringVar(&c.Profile, "profile", "", "file for a CPU profile of the run")
	f.StringVar(&c.HeapProfile, "heap-profile", "", "file for a profile of the memory that is held when the run is over")
	f.BoolVar(&asJSON, "json", false, "print the report as JSON")
	f.StringVar(&victim, "victim", "", "be the process that recover kills, on the store in this folder")
	_ = f.MarkHidden("victim")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c.Kind = bench.Kind(args[0])
		err := errors.Join(checkWorkload(cmd, args[0]), atLeast(cmd, 1, "steps", "items", "executions", "concurrency"), atLeast(cmd, 32, "payload"))
		if err != nil {
			return err
		}
		if c.CacheBytes, err = parseBytes(cache); err != nil {
			return usage(fmt.Errorf("--cache: %w", err))
		}
		if victim != "" {
			return bench.Victim(cmd.Context(), victim, c, s.out)
		}
		return runBench(cmd.Context(), s, c, asJSON)
	}
	return cmd
}

// checkWorkload refuses a workload, and who does its work, that there is not.
func checkWorkload(cmd *cobra.Command, workload string) error {
	if !slices.Contains(cmd.ValidArgs, workload) {
		return usage(fmt.Errorf("there is no workload %q; usage: %s", workload, cmd.UseLine()))
	}
	return chosen(cmd, "tasks")
}

// heapWithFloor is the size of the heap of a run that has a floor: the batches
// that are kept for it are in use, and the collector is to run no oftener for them.
const heapWithFloor = 8 << 30

func runBench(ctx context.Context, s streams, c bench.Config, asJSON bool) error {
	env := bench.Env{Serve: serveForBench, Victim: victimOf, Progress: func(format string, args ...any) { fmt.Fprintf(s.err, format+"\n", args...) }}
	if c.Tasks == "lambda" {
		dir, err := os.MkdirTemp("", "fermata-bench-worker-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if env.Lambda, err = echoFunction(dir, c.Concurrency); err != nil {
			return err
		}
	}
	if !c.NoFloor {
		processCollector.size.Store(heapWithFloor)
	}
	report, err := bench.Run(ctx, c, env)
	if err != nil {
		return err
	}
	if asJSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		return e.Encode(report)
	}
	return report.Print(s.out)
}

// victimOf is the command line of the process that recover kills.
func victimOf(dir string, c bench.Config) []string {
	return []string{
		os.Args[0], "bench", string(c.Kind), "--victim", dir,
		"--steps", strconv.Itoa(c.Steps), "--executions", strconv.Itoa(c.Executions), "--payload", strconv.Itoa(c.Payload),
	}
}

// echoFunction is a Node handler that answers with its event.
func echoFunction(dir string, concurrency int) (*local.Function, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return nil, fmt.Errorf("tasks lambda run a Node handler: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.js"), []byte("exports.handler = async (event) => event;\n"), 0o600); err != nil {
		return nil, err
	}
	return &local.Function{Name: "work", Runtime: "nodejs", Handler: "index.handler", Dir: dir, Concurrency: min(concurrency, 8)}, nil
}
