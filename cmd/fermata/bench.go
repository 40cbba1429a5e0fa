package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/bench"
	"github.com/fermata-dev/fermata/connector/lambda/local"
	"github.com/fermata-dev/fermata/server/sfn"
)

func newBench(s streams) *cobra.Command {
	var c bench.Config
	var asJSON bool
	var cache, victim string
	cmd := &cobra.Command{
		Use:   "bench one|seq|fanout|sleep|recover",
		Short: "Measure this machine: executions and steps per second, latency, CPU, bytes, and the floor",
		Long: `Run one workload on a new store and measure it.

  one     one task
  seq     --steps tasks in a row
  fanout  an inline Map over --items, one task each
  sleep   a Wait of an hour; only starts are measured, and what sleepers cost
  recover a process with executions of --steps tasks under way is killed; measured is
          how long it takes until all have ended

The floor is what the store alone can do: the batches that the run committed,
replayed against an empty store of the same kind, with the same number of
executions at a time. The ratio is the run's rate to it.`,
		Args:      cobra.MatchAll(arguments(cobra.ExactArgs(1)), cobra.OnlyValidArgs),
		ValidArgs: []string{"one", "seq", "fanout", "sleep", "recover"},
	}
	f := cmd.Flags()
	f.IntVar(&c.Steps, "steps", 5, "tasks of seq")
	f.IntVar(&c.Items, "items", 1000, "items of fanout")
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
	f.BoolVar(&asJSON, "json", false, "print the report as JSON")
	f.StringVar(&victim, "victim", "", "be the process that recover kills, on the store in this folder")
	_ = f.MarkHidden("victim")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c.Kind = bench.Kind(args[0])
		var err error
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

// serveForBench puts the HTTP API in front of an engine.
func serveForBench(f *fermata.Fermata, machine string, concurrency int) (bench.Starter, func(), error) {
	api, err := sfn.New(sfn.Config{Engine: f.Engine(), Express: f.Express(), Catalog: f.Catalog(), Launcher: f.Launcher()})
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: readHeaderTimeout}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }() // ends with Close
	c := &overHTTP{
		url:     "http://" + listener.Addr().String(),
		machine: machine,
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: concurrency}},
	}
	return c, func() { c.client.CloseIdleConnections(); _ = server.Close(); <-done }, nil
}

// overHTTP starts executions through the API.
type overHTTP struct {
	url, machine string
	client       *http.Client
}

func (c *overHTTP) Start(ctx context.Context, input []byte) error {
	return c.post(ctx, "/", input, func(h http.Header) {
		h.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
		h.Set("Content-Type", "application/x-amz-json-1.0")
	}, nil)
}

func (c *overHTTP) Run(ctx context.Context, input []byte) error {
	return c.post(ctx, "/fermata/v1/executions/run", input, func(http.Header) {}, []byte(`"status":"SUCCEEDED"`))
}

func (c *overHTTP) post(ctx context.Context, path string, input []byte, header func(http.Header), want []byte) error {
	body := append([]byte(`{"stateMachineArn":"`+c.machine+`","input":`), strconv.Quote(string(input))...)
	body = append(body, '}')
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	header(r.Header)
	resp, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || !bytes.Contains(answer, want) {
		return fmt.Errorf("%s answered %s: %.300s", path, resp.Status, answer)
	}
	return nil
}
