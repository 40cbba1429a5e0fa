package fermata_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// redriveWorld runs a Map over the rows of a file, each with a call of a function
// that fails for every seventh row until it is healthy.
type redriveWorld struct {
	t       *testing.T
	f       *fermata.Fermata
	dir     string
	run     store.RunID
	healthy atomic.Bool
}

const redriveRows = 300

func newRedriveWorld(t *testing.T, execution, fields string, healthy bool) *redriveWorld {
	f, dir := mapWorld(t)
	w := &redriveWorld{t: t, f: f, dir: dir}
	w.healthy.Store(healthy)
	f.Handle("work", fermata.Func(w.work))
	text := "id\n"
	for i := range redriveRows {
		text += fmt.Sprintf("%d\n", i)
	}
	if err := os.WriteFile(filepath.Join(dir, "rows.csv"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	machine := distributed(execution, `"Label":"L",`+fields+`
		"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"},"Parameters":{"Bucket":"b","Key":"rows.csv"}},`,
		`"StartAt":"W","States":{"W":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}`)
	if _, err := f.Deploy(t.Context(), "m", machine); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Start(t.Context(), "m", json.RawMessage(`{}`), fermata.WithName("x")); err != nil {
		t.Fatal(err)
	}
	m, err := f.Catalog().MachineByName(t.Context(), "m")
	if err != nil {
		t.Fatal(err)
	}
	if w.run, err = f.Engine().ByName(t.Context(), m.ID, "x"); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *redriveWorld) work(_ context.Context, input json.RawMessage) (any, error) {
	var row struct{ ID string }
	if err := json.Unmarshal(input, &row); err != nil {
		return nil, err
	}
	number := 0
	if _, err := fmt.Sscan(row.ID, &number); err != nil {
		return nil, err
	}
	if number%7 == 3 && !w.healthy.Load() {
		return nil, errors.New("not yet")
	}
	return row.ID, nil
}

// end waits for the end of the execution.
func (w *redriveWorld) end() string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	d, err := w.f.Engine().Wait(ctx, w.run)
	if err != nil {
		w.t.Fatal(err)
	}
	if d.Output != nil {
		return d.Status.String() + " " + string(d.Output.Text())
	}
	return d.Status.String()
}

func (w *redriveWorld) redrive() {
	w.t.Helper()
	if err := w.f.Engine().Redrive(w.t.Context(), w.run, ""); err != nil {
		w.t.Fatal(err)
	}
}

func TestRedriveOfADistributedMap(t *testing.T) {
	for _, execution := range []string{"STANDARD", "EXPRESS"} {
		t.Run(execution, func(t *testing.T) {
			w := newRedriveWorld(t, execution, `"MaxConcurrency":20,"ToleratedFailureCount":10,`, false)
			for range 2 {
				if got := w.end(); got != "FAILED" {
					t.Fatalf("ended as %s", got)
				}
				w.redrive()
			}
			w.end()
			w.healthy.Store(true)
			w.redrive()
			var rows []string
			for i := range redriveRows {
				rows = append(rows, fmt.Sprintf("%q", fmt.Sprint(i)))
			}
			if got, want := w.end(), "SUCCEEDED ["+strings.Join(rows, ",")+"]"; got != want {
				t.Errorf("ended as %s", got)
			}
		})
	}
}

// TestRedriveWritesWhatIsNew: the files of a redrive lie beside those of the
// attempts before, and the last manifest names each row once, also where the redrive
// has not reached all of them.
func TestRedriveWritesWhatIsNew(t *testing.T) {
	for _, execution := range []string{"STANDARD", "EXPRESS"} {
		t.Run(execution, func(t *testing.T) {
			w := newRedriveWorld(t, execution, `"MaxConcurrency":20,"ToleratedFailureCount":10,
				"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"out"}},`, false)
			if got := w.end(); got != "FAILED" {
				t.Fatalf("ended as %s", got)
			}
			before := w.files("manifest.json")
			if n := before["SUCCEEDED"] + before["FAILED"] + before["PENDING"]; n != redriveRows || before["FAILED"] < 11 || before["PENDING"] == 0 {
				t.Errorf("the files have %v", before)
			}
			w.redrive()
			if got := w.end(); got != "FAILED" {
				t.Fatalf("ended as %s", got)
			}
			again := w.files("Redrive-1/manifest.json")
			if n := again["SUCCEEDED"] + again["FAILED"] + again["PENDING"]; n != redriveRows || again["FAILED"] < 11 {
				t.Errorf("the files have %v", again)
			}
			w.healthy.Store(true)
			w.redrive()
			if got := w.end(); !strings.Contains(got, "/Redrive-2/manifest.json") {
				t.Errorf("ended as %s", got)
			}
			if after := w.files("Redrive-2/manifest.json"); !maps.Equal(after, map[string]int{"SUCCEEDED": redriveRows, "FAILED": 0, "PENDING": 0}) {
				t.Errorf("the files have %v", after)
			}
		})
	}
}

// files counts the rows in the files that a manifest names, by kind.
func (w *redriveWorld) files(manifest string) map[string]int {
	w.t.Helper()
	found, err := filepath.Glob(filepath.Join(w.dir, "out", "*", manifest))
	if err != nil || len(found) != 1 {
		w.t.Fatalf("manifests %v, %v", found, err)
	}
	var list struct {
		ResultFiles map[string][]struct{ Key string }
	}
	w.read(found[0], &list)
	count := map[string]int{}
	var inputs []string
	for kind, files := range list.ResultFiles {
		count[kind] = 0
		for _, file := range files {
			var records []struct{ Input, Status string }
			w.read(filepath.Join(w.dir, file.Key), &records)
			count[kind] += len(records)
			for _, r := range records {
				inputs = append(inputs, r.Input)
			}
		}
	}
	slices.Sort(inputs)
	if n := len(slices.Compact(inputs)); n != redriveRows {
		w.t.Errorf("%s: %d different rows are in the files", manifest, n)
	}
	return count
}

func (w *redriveWorld) read(file string, into any) {
	w.t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestRedriveOfAStoppedMap: what was under way goes on, in a Map that was stopped in
// the middle, and again.
func TestRedriveOfAStoppedMap(t *testing.T) {
	for _, execution := range []string{"STANDARD", "EXPRESS"} {
		t.Run(execution, func(t *testing.T) {
			w := newRedriveWorld(t, execution, `"MaxConcurrency":5,`, true)
			for range 3 {
				_, err := w.f.Engine().Stop(t.Context(), w.run, nil, nil)
				if errors.Is(err, engine.ErrClosed) {
					break // it was faster
				}
				if err != nil {
					t.Fatal(err)
				}
				w.redrive()
			}
			if got := w.end(); !strings.HasPrefix(got, "SUCCEEDED [") || strings.Count(got, ",") != redriveRows-1 {
				t.Errorf("ended as %s", got)
			}
		})
	}
}
