package bench_test

import (
	"encoding/json"
	"testing"

	"github.com/fermata-dev/fermata/bench"
)

func TestEveryWorkloadReports(t *testing.T) {
	for _, c := range []bench.Config{
		{Kind: bench.One, Executions: 50},
		{Kind: bench.Seq, Steps: 3, Executions: 20},
		{Kind: bench.Seq, Steps: 2, Executions: 20, Tasks: "http"},
		{Kind: bench.Fanout, Items: 20, Executions: 3},
		{Kind: bench.One, Executions: 50, Store: "memory"},
	} {
		c.Concurrency = 4
		r, err := bench.Run(t.Context(), c, bench.Env{})
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		if r.StepsPerSecond <= 0 || r.FloorRatio <= 0 || r.P99 < r.P50 {
			t.Errorf("%+v: %+v", c, r)
		}
		if want := float64(r.StepsEach + 1); c.Kind != bench.Fanout && r.CommitsPerExecution != want {
			t.Errorf("%+v: %v commits an execution, want %v: one for the start and one for each step", c, r.CommitsPerExecution, want)
		}
		if c.Store != "memory" && (r.BytesPerExecution <= 0 || r.Fsyncs == 0) {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}

func TestExpressWorkloadReports(t *testing.T) {
	r, err := bench.Run(t.Context(), bench.Config{Kind: bench.Express, Executions: 200, Concurrency: 4}, bench.Env{})
	if err != nil || r.ExecutionsPerSecond <= 0 || r.StepsEach != 5 || r.Store != "memory" || r.Commits != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestReportHasTheMembersThatScriptsRead(t *testing.T) {
	text, err := json.Marshal(&bench.Report{})
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"steps_per_second", "executions_per_second", "p50_ms", "p99_ms", "floor_steps_per_second", "floor_ratio",
		"commits", "fsyncs", "bytes_per_execution", "cpu_us_per_step", "peak_rss_bytes",
	} {
		if _, ok := members[name]; !ok {
			t.Errorf("the report has no member %q", name)
		}
	}
}

func TestBadConfigurationIsRefused(t *testing.T) {
	for _, c := range []bench.Config{{Kind: "two"}, {Kind: bench.One, Tasks: "elves"}, {Kind: bench.One, Payload: 5}} {
		if _, err := bench.Run(t.Context(), c, bench.Env{}); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}

func TestMapWorkloadReports(t *testing.T) {
	for _, where := range []string{"", "memory"} {
		r, err := bench.Run(t.Context(), bench.Config{Kind: bench.Map, Items: 300, Concurrency: 4, Store: where}, bench.Env{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Executions != 300 || r.ExecutionsPerSecond <= 0 || r.FloorRatio <= 0 || r.Commits < 300 {
			t.Errorf("%+v", r)
		}
		if m := r.Map; m.StartsPerSecond <= 0 || m.Ratio <= 0 || m.Memory.MostLive == 0 || m.Memory.MostRSS < m.Memory.MedianRSS {
			t.Errorf("%+v", m)
		}
	}
}
