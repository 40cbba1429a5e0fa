package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fermata-dev/fermata/connector/mapio"
)

// The machine of a distributed Map, beside the one that its children are like, and the
// bucket of its rows and results.
const (
	mapMachine = "map"
	mapBucket  = "bench"
)

const (
	// warmRows is how many rows warm up.
	warmRows = 2000
	// mostMapFloor is of how many rows the batches can be kept for the floor.
	mostMapFloor = 200_000
	// mapFloorRuns is how many runs are replayed at a time for the floor.
	mapFloorRuns = 1000
)

// childStates are those of a row, and of the executions that are started beside them:
// two that need nothing from outside, so that each is one commit.
var childStates = map[string]any{
	"StartAt": "Known",
	"States": map[string]any{
		"Known":   map[string]any{"Type": "Choice", "Choices": []any{map[string]any{"Condition": "{% $states.input.order = '' %}", "Next": "Unknown"}}, "Default": "Keep"},
		"Unknown": map[string]any{"Type": "Fail", "Error": "Unknown"},
		"Keep":    map[string]any{"Type": "Pass", "Output": "{% $states.input.n %}", "End": true},
	},
}

// mapDefinition is a machine that has a distributed Map over a file of rows, with its
// results in files.
func mapDefinition() string {
	processor := map[string]any{"ProcessorConfig": map[string]any{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
	for name, v := range childStates {
		processor[name] = v
	}
	return definitionText(map[string]any{"QueryLanguage": "JSONata", "StartAt": "Rows", "States": map[string]any{"Rows": map[string]any{
		"Type": "Map", "Label": "rows", "End": true, "ItemProcessor": processor,
		"ItemReader": map[string]any{
			"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": map[string]any{"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
			"Arguments": map[string]any{"Bucket": mapBucket, "Key": "{% $states.input.rows %}"},
		},
		"ResultWriter": map[string]any{"Resource": "arn:aws:states:::s3:putObject", "Arguments": map[string]any{"Bucket": mapBucket, "Prefix": "results"}},
	}}})
}

// mapIO is where the Map reads and writes.
func (b *bench) mapIO() (mapio.Config, error) {
	if b.Kind != Map {
		return mapio.Config{}, nil
	}
	dir := filepath.Join(b.dir, mapBucket)
	b.atEnd(func() { _ = os.RemoveAll(dir) })
	c := mapio.Config{Roots: map[string]string{mapBucket: dir}, OnlyRoots: true}
	return c, errors.Join(os.MkdirAll(dir, 0o700), b.writeRows(dir, "warm.csv", warmRows), b.writeRows(dir, "all.csv", b.Items))
}

// writeRows writes a CSV file of n rows, each with the size of the payload.
func (b *bench) writeRows(dir, name string, n int) error {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	_, err = w.WriteString("n,order\n")
	for i := 0; i < n && err == nil; i++ {
		_, err = w.Write(append(b.row(i, "%d,", ""), '\n'))
	}
	return errors.Join(err, w.Flush(), f.Close())
}

// row is a row, or the input of the execution that is like its child.
func (b *bench) row(i int, format, end string) []byte {
	text := fmt.Appendf(make([]byte, 0, b.Payload+64), format, i)
	return noise(text, random(uint64(i)), b.Payload, end)
}

// measureMap runs the Map over all rows, and then starts as many executions of the same
// states, one by one.
func (b *bench) measureMap(ctx context.Context, r *Report) error {
	if _, err := b.fermata.Deploy(ctx, mapMachine, mapDefinition()); err != nil {
		return err
	}
	if err := b.runMap(ctx, "warm.csv"); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	b.env.Progress("a distributed Map over %d rows", b.Items)
	b.store.record(!b.NoFloor)
	memory := watchMemory()
	before, cpu, began := b.store.Stats(), cpuTime(), time.Now()
	if err := b.runMap(ctx, "all.csv"); err != nil {
		return err
	}
	took, used, after := time.Since(began), cpuTime()-cpu, b.store.Stats()
	b.store.record(false)
	b.fill(r, took, used, before, after, nil)
	r.Map = &MapReport{Memory: memory.stop()}
	return b.measureStarts(ctx, r)
}

// runMap returns when the Map over that file has succeeded.
func (b *bench) runMap(ctx context.Context, rows string) error {
	_, err := b.fermata.Run(ctx, mapMachine, map[string]string{"rows": rows})
	return err
}

// measureStarts starts executions of the children's states.
func (b *bench) measureStarts(ctx context.Context, r *Report) error {
	b.env.Progress("as many executions, started one by one")
	start := func(ctx context.Context, i int) error {
		return b.starter.Start(ctx, b.row(i, `{"n":"%d","order":"`, `"}`))
	}
	if _, err := b.inParallel(ctx, warmRows, start); err != nil {
		return err
	}
	cpu := cpuTime()
	took, err := b.inParallel(ctx, b.Items, start)
	if err != nil {
		return err
	}
	r.Map.StartsPerSecond = float64(b.Items) / took.Seconds()
	r.Map.CPUPerStart = float64((cpuTime() - cpu).Microseconds()) / float64(b.Items)
	r.Map.Ratio = r.ExecutionsPerSecond / r.Map.StartsPerSecond
	return nil
}

// MapReport is what a distributed Map has to say beside its rate.
type MapReport struct {
	// StartsPerSecond is the rate of plain starts of executions like its children,
	// Ratio the rate of rows to it.
	StartsPerSecond float64 `json:"starts_per_second"`
	CPUPerStart     float64 `json:"cpu_us_per_start"`
	Ratio           float64 `json:"ratio_to_starts"`
	// Memory while the Map ran, without the executions that were started then.
	Memory Memory `json:"memory"`
}

func (m *MapReport) print(r *Report, row func(name, format string, args ...any)) {
	row("workload", "map, %d rows of %d bytes, store %s", r.Executions, r.PayloadSize, r.Store)
	row("time", "%.2f s", r.Seconds)
	row("rows/s", "%.0f, %.1f µs CPU each", r.ExecutionsPerSecond, r.CPUPerExecution)
	row("plain starts/s", "%.0f, %.1f µs CPU each; ratio %.2f", m.StartsPerSecond, m.CPUPerStart, m.Ratio)
	if r.FloorRatio > 0 {
		row("floor", "%.0f rows/s; ratio %.2f", r.FloorExecutionsPerSecond, r.FloorRatio)
	}
	row("commits", "%d (%.2f a row), %d fsyncs, %d bytes logged", r.Commits, r.CommitsPerExecution, r.Fsyncs, r.BytesLogged)
	row("bytes in the store", "%.0f an execution, rows and starts alike", r.BytesPerExecution)
	const MiB = 1 << 20
	row("memory", "RSS at most %.1f MiB, median %.1f; live heap at most %.1f MiB, median %.1f",
		float64(m.Memory.MostRSS)/MiB, float64(m.Memory.MedianRSS)/MiB, float64(m.Memory.MostLive)/MiB, float64(m.Memory.MedianLive)/MiB)
}
