package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Report is what a run measured. Rates are per second of wall time.
type Report struct {
	Kind        Kind   `json:"kind"`
	Tasks       string `json:"tasks"`
	API         bool   `json:"api"`
	Store       string `json:"store"`
	Concurrency int    `json:"concurrency"`
	Executions  int    `json:"executions"`
	StepsEach   int    `json:"steps_each"`
	PayloadSize int    `json:"payload_bytes"`

	Seconds             float64 `json:"seconds"`
	StepsPerSecond      float64 `json:"steps_per_second"`
	ExecutionsPerSecond float64 `json:"executions_per_second"`
	P50                 float64 `json:"p50_ms"`
	P99                 float64 `json:"p99_ms"`

	FloorStepsPerSecond      float64 `json:"floor_steps_per_second"`
	FloorExecutionsPerSecond float64 `json:"floor_executions_per_second"`
	FloorRatio               float64 `json:"floor_ratio"`
	// HTTPLoopPerSecond is the rate of a bare loop of POSTs to the same task
	// server, for tasks over HTTP; HTTPLoopRatio the rate of steps to it.
	HTTPLoopPerSecond float64 `json:"http_loop_per_second,omitempty"`
	HTTPLoopRatio     float64 `json:"http_loop_ratio,omitempty"`

	Commits             uint64  `json:"commits"` // batches
	CommitsPerExecution float64 `json:"commits_per_execution"`
	Fsyncs              uint64  `json:"fsyncs"`
	FsyncsPerStep       float64 `json:"fsyncs_per_step"`
	BytesLogged         uint64  `json:"bytes_logged"`
	BytesPerExecution   float64 `json:"bytes_per_execution"` // in the store, after compaction
	BytesPerStep        float64 `json:"bytes_per_step"`
	CPUPerStep          float64 `json:"cpu_us_per_step"`
	CPUPerExecution     float64 `json:"cpu_us_per_execution"`
	PeakRSS             uint64  `json:"peak_rss_bytes"`
	// HeapGrowth is that of the live heap, the engine's cache included and the
	// store's buffers not, where executions stay open; HeapPerExecution the share of
	// one. StoreBuffers are those buffers: they do not grow with the executions.
	HeapGrowth       int64   `json:"heap_growth_bytes,omitempty"`
	HeapPerExecution float64 `json:"heap_bytes_per_execution,omitempty"`
	StoreBuffers     uint64  `json:"store_buffer_bytes,omitempty"`
	// RSSGrowth is the growth of the resident memory over the run, ReadyMs the time
	// to open the store and the engine again with all executions in it; both for
	// executions that stay open.
	RSSGrowth int64 `json:"rss_growth_bytes,omitempty"`
	// Recovered is the time from opening the store after a kill until all that was
	// acknowledged has ended; CallsBefore the tasks that had been called at the kill,
	// CallsAfter those that were called then.
	Recovered   float64 `json:"recovered_ms,omitempty"`
	CallsBefore int64   `json:"calls_before,omitempty"`
	CallsAfter  int64   `json:"calls_after,omitempty"`
	ReadyMs     float64 `json:"ready_ms,omitempty"`
	Goroutines  int     `json:"goroutines"`
	// Map is what there is beyond that of a distributed Map.
	Map       *MapReport `json:"map,omitempty"`
	IdleCores float64    `json:"idle_cores,omitempty"`
}

// Print writes the report for people.
func (r *Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	if r.Kind == Recover {
		row("workload", "recover, %d executions of %d steps under way, killed", r.Executions, r.StepsEach)
		row("opened again", "ready after %.1f ms, all ended after %.1f ms", r.ReadyMs, r.Recovered)
		row("tasks called", "%d before the kill, %d after", r.CallsBefore, r.CallsAfter)
		return t.Flush()
	}
	if r.Map != nil {
		r.Map.print(r, row)
		return t.Flush()
	}
	row("workload", "%s, %d executions of %d steps, %d at a time, tasks %s, store %s", r.Kind, r.Executions, r.StepsEach, r.Concurrency, r.Tasks, r.Store)
	row("time", "%.2f s", r.Seconds)
	row("executions/s", "%.0f", r.ExecutionsPerSecond)
	row("steps/s", "%.0f", r.StepsPerSecond)
	row("start to end", "p50 %.3f ms, p99 %.3f ms", r.P50, r.P99)
	if r.FloorRatio > 0 {
		row("floor", "%.0f executions/s, %.0f steps/s; ratio %.2f", r.FloorExecutionsPerSecond, r.FloorStepsPerSecond, r.FloorRatio)
	}
	if r.HTTPLoopRatio > 0 {
		row("bare HTTP POSTs", "%.0f/s; ratio %.2f", r.HTTPLoopPerSecond, r.HTTPLoopRatio)
	}
	r.printStore(row)
	row("CPU", "%.1f µs a step, %.1f µs an execution", r.CPUPerStep, r.CPUPerExecution)
	row("memory", "peak RSS %.1f MiB, %d goroutines", mebibytes(r.PeakRSS), r.Goroutines)
	if r.HeapPerExecution != 0 {
		row("at rest", "heap grew by %.1f MiB, %.0f B an execution, beside %.1f MiB of the store's buffers; RSS grew by %.1f MiB; %.4f cores",
			mebibytes(r.HeapGrowth), r.HeapPerExecution, mebibytes(r.StoreBuffers), mebibytes(r.RSSGrowth), r.IdleCores)
		row("opened again", "ready after %.1f ms", r.ReadyMs)
	}
	return t.Flush()
}

func mebibytes[N int64 | uint64](n N) float64 { return float64(n) / (1 << 20) }

// printStore writes what the store has had to do, for workloads that use it.
func (r *Report) printStore(row func(name, format string, args ...any)) {
	if r.Kind == Express {
		return
	}
	row("commits", "%d (%.2f an execution), %d fsyncs (%.3f a step), %d bytes logged", r.Commits, r.CommitsPerExecution, r.Fsyncs, r.FsyncsPerStep, r.BytesLogged)
	row("bytes in the store", "%.0f an execution, %.0f a step", r.BytesPerExecution, r.BytesPerStep)
}
