package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// redriveMap is a machine over the rows of crashMap. A bad one fails in the first
// attempt of its child and succeeds when that is redriven; the Map fails with the
// twelfth.
const redriveMap = `{"StartAt":"M","QueryLanguage":"JSONata","States":{"M":{"Type":"Map","Label":"rows","End":true,"MaxConcurrency":100,"ToleratedFailureCount":11,
	"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Arguments":{"Bucket":"data","Key":"rows.csv"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}},
	"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"data","Prefix":"out"},"WriterConfig":{"Transformation":"NONE","OutputType":"JSON"}},
	"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{
		"P":{"Type":"Pass","Output":"{% $states.input.kind = 'bad' and $states.context.Execution.RedriveCount = 0 ? $error('not yet') : $states.input %}","End":true}}}}}}`

// TestKilledRedriveCountsEveryItemOnce redrives a map run until it succeeds, kills
// the server in the middle of each attempt, and counts the results.
func TestKilledRedriveCountsEveryItemOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a server; run without -short")
	}
	c := newMapCrash(t, "STANDARD")
	write(t, c.dir, "rows.json", redriveMap)
	c.start()
	arn := c.startRows()
	redrives := 0
	for {
		c.pause()
		c.kill()
		c.start()
		x := c.ended(arn)
		if x.Status == "SUCCEEDED" {
			c.checkRedriven(x, redrives)
			return
		}
		if redrives++; redrives > rows/100 {
			t.Fatalf("it ended as %+v after %d redrives", x, redrives)
		}
		c.redrive(arn)
	}
}

// ended waits for the end of an execution.
func (c *crash) ended(arn string) *client.Execution {
	c.t.Helper()
	api := client.New(c.url)
	x, err := api.Execution(c.ctx, arn)
	for deadline := time.Now().Add(2 * time.Minute); err == nil && x.Open() && time.Now().Before(deadline); x, err = api.Execution(c.ctx, arn) {
		timer := time.NewTimer(20 * time.Millisecond)
		<-timer.C
	}
	if err != nil || x.Open() {
		c.t.Fatalf("it stands as %+v, %v", x, err)
	}
	return x
}

func (c *crash) redrive(arn string) {
	c.t.Helper()
	if err := client.New(c.url).Call(c.ctx, "RedriveExecution", map[string]any{"executionArn": arn}, nil); err != nil {
		c.t.Fatal(err)
	}
}

// checkRedriven looks for every row in the files that the last manifest names.
func (c *crash) checkRedriven(x *client.Execution, redrives int) {
	c.t.Helper()
	var out struct {
		MapRunArn           string
		ResultWriterDetails struct{ Key string }
	}
	if err := json.Unmarshal([]byte(*x.Output), &out); err != nil {
		c.t.Fatal(err)
	}
	var manifest struct {
		ResultFiles map[string][]struct{ Key string }
	}
	c.readData(out.ResultWriterDetails.Key, &manifest)
	seen, count := map[string]bool{}, map[string]int{}
	for kind, files := range manifest.ResultFiles {
		for _, file := range files {
			var records []struct{ Input string }
			c.readData(file.Key, &records)
			for _, r := range records {
				if seen[r.Input] {
					c.t.Errorf("the row %s is in the results twice", r.Input)
				}
				seen[r.Input] = true
				count[kind]++
			}
		}
	}
	var run struct {
		RedriveCount int
		ItemCounts   struct{ Total, Succeeded, Failed, ResultsWritten, PendingRedrive int }
	}
	if err := client.New(c.url).Call(c.ctx, "DescribeMapRun", map[string]any{"mapRunArn": out.MapRunArn}, &run); err != nil {
		c.t.Fatal(err)
	}
	n := run.ItemCounts
	if len(seen) != rows || count["PENDING"] != 0 || n.Succeeded != count["SUCCEEDED"] || n.Failed != count["FAILED"] || n.Total != rows || n.ResultsWritten != rows || n.PendingRedrive != 0 || run.RedriveCount != redrives {
		c.t.Errorf("after %d redrives the files have %v, %d rows, and the map run counts %+v", redrives, count, len(seen), run)
	}
	if redrives < 2 || count["FAILED"] > 11 {
		c.t.Errorf("it took %d redrives, and %d rows have failed", redrives, count["FAILED"])
	}
}

func (c *crash) readData(key string, into any) {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, "data", key))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		c.t.Fatal(fmt.Errorf("%s: %w", key, err))
	}
}
