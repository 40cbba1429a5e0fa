package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// rows are the items of the map run that is killed, every hundredth of which is bad
// and fails.
const rows = 4000

// crashMap is a machine over the rows of a file, with its results in files.
func crashMap(execution string) string {
	return fmt.Sprintf(`{"StartAt":"M","States":{"M":{"Type":"Map","Label":"rows","End":true,"MaxConcurrency":200,"ToleratedFailurePercentage":5,
	"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"data","Key":"rows.csv"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}},
	"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"data","Prefix":"out"},"WriterConfig":{"Transformation":"NONE","OutputType":"JSON"}},
	"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":%q},"StartAt":"C","States":{
		"C":{"Type":"Choice","Choices":[{"Variable":"$.kind","StringEquals":"bad","Next":"F"}],"Default":"P"},
		"F":{"Type":"Fail","Error":"Bad"},"P":{"Type":"Pass","End":true}}}}}}`, execution)
}

// TestKilledMapRunCountsEveryItemOnce kills a server in the middle of a map run,
// again and again, and counts the results.
func TestKilledMapRunCountsEveryItemOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a server; run without -short")
	}
	for _, execution := range []string{"STANDARD", "EXPRESS"} {
		t.Run(execution, func(t *testing.T) {
			c := newMapCrash(t, execution)
			c.start()
			arn := c.startRows()
			for range 6 {
				c.pause()
				c.kill()
				c.start()
			}
			c.checkRows(arn)
		})
	}
}

func newMapCrash(t *testing.T, execution string) *crash {
	return mapCrash(t, builtServer(t), execution)
}

// builtServer is the program, built anew.
func builtServer(t *testing.T) string {
	needs(t, "go")
	binary := filepath.Join(t.TempDir(), "fermata")
	if text, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return binary
}

// mapCrash prepares for a server that runs a Map over the rows of a file.
func mapCrash(t *testing.T, binary, execution string) *crash {
	c := &crash{t: t, dir: t.TempDir(), binary: binary, url: "http://" + freeAddress(t)}
	c.ctx, c.cancel = context.WithCancel(t.Context())
	data := filepath.Join(c.dir, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	text := []byte("id,kind\n")
	for i := range rows {
		kind := "good"
		if i%100 == 7 {
			kind = "bad"
		}
		text = fmt.Appendf(text, "%d,%s\n", i, kind)
	}
	write(t, data, "rows.csv", string(text))
	write(t, c.dir, "rows.json", crashMap(execution))
	write(t, c.dir, "fermata.yaml", "stateMachines:\n  rows:\n    definition: rows.json\n")
	c.flags = []string{"--map-root", "data=" + data}
	return c
}

func (c *crash) startRows() string {
	api := client.New(c.url)
	x, err := api.Start(c.ctx, "arn:aws:states:us-east-1:123456789012:stateMachine:rows", "one", `{}`)
	if err != nil {
		c.t.Fatal(err)
	}
	return x
}

// checkRows waits for the end, and looks for every row in the files of results.
func (c *crash) checkRows(arn string) {
	c.t.Helper()
	api := client.New(c.url)
	x, err := api.Execution(c.ctx, arn)
	for deadline := time.Now().Add(2 * time.Minute); err == nil && x.Open() && time.Now().Before(deadline); x, err = api.Execution(c.ctx, arn) {
		timer := time.NewTimer(20 * time.Millisecond)
		<-timer.C
	}
	if err != nil || x.Status != "SUCCEEDED" || x.Output == nil {
		c.t.Fatalf("it ended as %+v, %v", x, err)
	}
	var out struct{ MapRunArn string }
	if err := json.Unmarshal([]byte(*x.Output), &out); err != nil {
		c.t.Fatal(err)
	}
	folder := filepath.Join(c.dir, "data", "out", out.MapRunArn[strings.LastIndexByte(out.MapRunArn, ':')+1:])
	if good, bad := c.results(folder, "SUCCEEDED"), c.results(folder, "FAILED"); good != rows-rows/100 || bad != rows/100 {
		c.t.Errorf("%d rows have succeeded and %d failed, of %d", good, bad, rows)
	}
	var run struct {
		ItemCounts struct{ Total, Succeeded, Failed, ResultsWritten int }
	}
	if err := api.Call(c.ctx, "DescribeMapRun", map[string]any{"mapRunArn": out.MapRunArn}, &run); err != nil {
		c.t.Fatal(err)
	}
	if n := run.ItemCounts; n.Total != rows || n.Succeeded != rows-rows/100 || n.Failed != rows/100 || n.ResultsWritten != rows {
		c.t.Errorf("the map run counts %+v", n)
	}
}

// results counts the rows in the files of one kind, and reports those that are there
// twice.
func (c *crash) results(folder, kind string) int {
	files, err := filepath.Glob(filepath.Join(folder, kind+"_*.json"))
	if err != nil || len(files) == 0 {
		c.t.Fatalf("no files %s in %s: %v", kind, folder, err)
	}
	seen := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			c.t.Fatal(err)
		}
		var records []struct{ Input string }
		if err := json.Unmarshal(text, &records); err != nil {
			c.t.Fatalf("%s: %v", f, err)
		}
		for _, r := range records {
			if seen[r.Input] {
				c.t.Errorf("the row %s is in the results twice", r.Input)
			}
			seen[r.Input] = true
		}
	}
	return len(seen)
}
