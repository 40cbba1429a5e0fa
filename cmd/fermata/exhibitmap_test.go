package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

var (
	exhibitRows    = flag.Int("exhibit.rows", 10_000, "rows of the map run over a file that TestExhibitRowsOfAFolder kills")
	exhibitObjects = flag.Int("exhibit.objects", 1_000, "objects, and rows in one, of the map runs that TestExhibitObjectsOfS3 kills")
)

// exhibit is a map run over n items, every thousandth of which (every hundredth of
// few) is bad: it fails in the first attempt of its child, and the Map with the last of
// them, near its end. The server is killed in the middle of that, and in the middle
// of the redrive after it, which succeeds.
type exhibit struct {
	*crash
	n     int
	name  func(i int) string // of an item
	read  func(key string) ([]byte, error)
	peak  int // of the memory of any of the servers, in KiB
	began time.Time
}

// exhibitMachine takes how many children there are at a time, the tolerance, the
// reader, and the member of an item that is its name.
const exhibitMachine = `{"StartAt":"M","QueryLanguage":"JSONata","States":{"M":{"Type":"Map","Label":"items","End":true,"MaxConcurrency":%d,%s,
	"ItemReader":%s,
	"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"data","Prefix":"out"}},
	"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{
		"P":{"Type":"Pass","Output":"{%% $contains($states.input.%[4]s, 'bad') and $states.context.Execution.RedriveCount = 0 ? $error('not yet') : $states.input.%[4]s %%}","End":true}}}}}}`

// every is how many items there are to a bad one.
func (e *exhibit) every() int {
	if e.n < 100_000 {
		return 100
	}
	return 1000
}

// bad is the number of bad items before the i-th.
func (e *exhibit) bad(i int) int { return (i + e.every()/2) / e.every() }

// tolerated is how many bad items the Map bears: all but the last, which stands before
// the last twentieth of the items.
func (e *exhibit) tolerated() int { return e.bad(e.n*19/20) - 1 }

// item is the name of an item, which says whether it is bad.
func (e *exhibit) item(i int) string {
	if i < e.n*19/20 && e.bad(i) < e.bad(i+1) {
		return fmt.Sprintf("%09d-bad", i)
	}
	return fmt.Sprintf("%09d", i)
}

// TestExhibitRowsOfAFolder is over the rows of a CSV file in a folder.
func TestExhibitRowsOfAFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a server; run without -short")
	}
	e := &exhibit{crash: newMapCrash(t, "STANDARD"), n: *exhibitRows}
	e.name = e.item
	text := []byte("id\n")
	for i := range e.n {
		text = append(append(text, e.item(i)...), '\n')
	}
	write(t, e.dir, "data/rows.csv", string(text))
	e.machine(fmt.Sprintf(`"ToleratedFailureCount":%d`, e.tolerated()), "id",
		`{"Resource":"arn:aws:states:::s3:getObject","Arguments":{"Bucket":"data","Key":"rows.csv"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}}`)
	e.read = func(key string) ([]byte, error) { return os.ReadFile(filepath.Join(e.dir, "data", key)) }
	e.show()
}

func (e *exhibit) machine(tolerance, member, reader string) {
	e.t.Helper()
	atATime := min(e.n/50, 1000)
	write(e.t, e.dir, "rows.json", fmt.Sprintf(exhibitMachine, atATime, tolerance, reader, member))
}

// show tells the story, checks how it ends, and prints what it took.
func (e *exhibit) show() {
	e.t.Helper()
	e.began = time.Now()
	e.start()
	arn := e.startRows()
	mapRun := e.mapRun(arn)
	first := e.killWhen(mapRun, func(s standing) bool { return s.ItemCounts.Succeeded > e.n/2 })
	if x := e.awaited(arn); x.Status != "FAILED" || x.Error == nil || *x.Error != "States.ExceedToleratedFailureThreshold" {
		e.t.Fatalf("it ended as %+v", x)
	}
	failed := e.standing(mapRun)
	e.redrive(arn)
	second := e.killWhen(mapRun, func(s standing) bool { return s.RedriveCount == 1 })
	x := e.awaited(arn)
	took := time.Since(e.began)
	if x.Status != "SUCCEEDED" || x.Output == nil {
		e.t.Fatalf("redriven, it ended as %+v", x)
	}
	e.checkItems(*x.Output)
	if n := e.standing(mapRun); n.ItemCounts != (itemCounts{Total: e.n, Succeeded: e.n, ResultsWritten: e.n}) || n.RedriveCount != 1 {
		e.t.Errorf("the map run counts %+v", n)
	}
	e.close()
	e.t.Logf("%d items: %v, %.0f items/s, %d bytes an item on disk, RSS at most %d MB", e.n,
		took.Round(time.Millisecond), float64(e.n)/took.Seconds(), e.bytesOnDisk()/e.n, e.peak>>10)
	e.t.Logf("killed with %d succeeded; failed with %d succeeded, %d failed, %d not begun; redriven, killed with %d succeeded",
		first.Succeeded, failed.ItemCounts.Succeeded, failed.ItemCounts.Failed, failed.ItemCounts.Pending, second.Succeeded)
}

type itemCounts struct{ Total, Pending, Running, Succeeded, Failed, Aborted, ResultsWritten, PendingRedrive int }

type standing struct {
	RedriveCount int
	ItemCounts   itemCounts
}

func (e *exhibit) standing(mapRun string) (s standing) {
	e.t.Helper()
	if err := client.New(e.url).Call(e.ctx, "DescribeMapRun", map[string]any{"mapRunArn": mapRun}, &s); err != nil {
		e.t.Fatal(err)
	}
	return s
}

// mapRun is the ARN of the only map run of an execution.
func (e *exhibit) mapRun(arn string) string {
	e.t.Helper()
	var list struct{ MapRuns []struct{ MapRunArn string } }
	e.until(func() bool {
		if err := client.New(e.url).Call(e.ctx, "ListMapRuns", map[string]any{"executionArn": arn}, &list); err != nil {
			e.t.Fatal(err)
		}
		return len(list.MapRuns) > 0
	})
	return list.MapRuns[0].MapRunArn
}

// until asks again and again, less often the longer it is going to take.
func (e *exhibit) until(done func() bool) {
	e.t.Helper()
	pause := min(max(5*time.Millisecond, time.Duration(e.n)*time.Microsecond), 500*time.Millisecond)
	for !done() {
		timer := time.NewTimer(pause)
		<-timer.C
	}
}

// killWhen kills the server when the map run stands so, starts another one, and gives
// how it stood.
func (e *exhibit) killWhen(mapRun string, due func(standing) bool) itemCounts {
	e.t.Helper()
	var s standing
	e.until(func() bool {
		s = e.standing(mapRun)
		return due(s)
	})
	e.weigh()
	e.kill()
	e.start()
	return s.ItemCounts
}

func (e *exhibit) awaited(arn string) (x *client.Execution) {
	e.t.Helper()
	e.until(func() bool {
		var err error
		if x, err = client.New(e.url).Execution(e.ctx, arn); err != nil {
			e.t.Fatal(err)
		}
		return !x.Open()
	})
	return x
}

// weigh notes how much memory the server has had at most, where the system tells.
func (e *exhibit) weigh() {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", e.server.Process.Pid))
	if err != nil {
		return
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var size int
	if _, err := fmt.Sscan(rest, &size); err == nil {
		e.peak = max(e.peak, size)
	}
}

// close stops the server as an operator would.
func (e *exhibit) close() {
	e.t.Helper()
	e.weigh()
	if err := e.server.Process.Signal(os.Interrupt); err != nil {
		e.t.Fatal(err)
	}
	_ = e.server.Wait()
}

func (e *exhibit) bytesOnDisk() (size int) {
	e.t.Helper()
	err := filepath.WalkDir(filepath.Join(e.dir, "store"), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += int(info.Size())
		}
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return size
}

// checkItems looks for every item in the files that the last manifest names: each
// has succeeded, and is there once.
func (e *exhibit) checkItems(output string) {
	e.t.Helper()
	var out struct{ ResultWriterDetails struct{ Key string } }
	var manifest struct {
		ResultFiles map[string][]struct{ Key string }
	}
	e.parse([]byte(output), &out)
	e.file(out.ResultWriterDetails.Key, &manifest)
	seen := make(map[string]bool, e.n)
	for kind, files := range manifest.ResultFiles {
		for _, file := range files {
			var records []struct{ Status, Output string }
			e.file(file.Key, &records)
			for _, r := range records {
				var name string
				if e.parse([]byte(r.Output), &name); seen[name] || kind != r.Status || kind != "SUCCEEDED" {
					e.t.Errorf("%s has %q as %s, which was there before: %t", file.Key, name, r.Status, seen[name])
				}
				seen[name] = true
			}
		}
	}
	for i := range e.n {
		if !seen[e.name(i)] {
			e.t.Fatalf("%s is in no file", e.name(i))
		}
	}
	if len(seen) != e.n {
		e.t.Errorf("%d items are in the files, of %d", len(seen), e.n)
	}
}

// file reads a file of results.
func (e *exhibit) file(key string, into any) {
	e.t.Helper()
	text, err := e.read(key)
	if err != nil {
		e.t.Fatal(err)
	}
	e.parse(text, into)
}

func (e *exhibit) parse(text []byte, into any) {
	e.t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		e.t.Fatalf("%.300s: %v", text, err)
	}
}
