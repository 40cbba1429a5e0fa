package maprun

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// config is the text of a configuration with these members.
func config(members string) string {
	return `{"Name":"id","Label":"l","State":"M","Entered":2` + members + `}`
}

// TestMembersAsItems: the members of an object are items of a key and a value, which
// the configuration tells the selector of, over snapshots too.
func TestMembersAsItems(t *testing.T) {
	keyed := func(c *Config, _ interpreter.Info) (Selector, error) {
		return func(item Item, _ *interpreter.Env) (*value.Document, *Failure) {
			return value.Text(fmt.Appendf(nil, `{"keyed":%t,"item":%s}`, c.Keyed(), item.Value.Text())), nil
		}, nil
	}
	const selector = `,"MaxConcurrency":1,"Selector":{"Input":1,"Context":{}}`
	for _, c := range []struct{ members, first, second string }{
		{`,"MaxConcurrency":1,"Items":{"b":1,"a":[2]}`, `{"Key":"b","Value":1}`, `{"Key":"a","Value":[2]}`},
		{selector + `,"Items":{"b":1,"a":[2]}`, `{"keyed":true,"item":{"Key":"b","Value":1}}`, `{"keyed":true,"item":{"Key":"a","Value":[2]}}`},
		{selector + `,"Items":[{"Key":"b","Value":1},2]`, `{"keyed":false,"item":{"Key":"b","Value":1}}`, `{"keyed":false,"item":2}`},
	} {
		w := newWorld(t, &Program{Selector: keyed}, interpreter.Limits{})
		w.start(config(c.members))
		if got := payloads(w.tasks(StartChild)); got != c.first {
			t.Errorf("%s: the first child got %s", c.members, got)
		}
		w.run = w.twin // which is from a snapshot
		w.twin, _ = w.program.Restore(w.info(), w.run.Snapshot(nil))
		w.end("SUCCEEDED")
		if got := payloads(w.tasks(StartChild)); got != c.second {
			t.Errorf("%s: the second child got %s", c.members, got)
		}
		w.end("SUCCEEDED")
		w.expect(`SUCCEEDED [` + c.first + `,` + c.second + `]`)
	}
}

func TestWindow(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"MaxConcurrency":2,"Items":["a","b","c"]`))
	if got := payloads(w.tasks(StartChild)); got != `"a" "b"` {
		t.Fatalf("under way: %s", got)
	}
	w.end("SUCCEEDED")
	if got := payloads(w.tasks(StartChild)); got != `"b" "c"` {
		t.Fatalf("under way: %s", got)
	}
	w.end("SUCCEEDED")
	w.end("SUCCEEDED")
	w.expect(`SUCCEEDED ["a","b","c"]`)
}

// TestOrderOfResults is that of the items, whatever ends first.
func TestOrderOfResults(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Items":[1,2,3]`))
	tasks := w.tasks(StartChild)
	for _, i := range []int{2, 0, 1} {
		w.do(interpreter.TaskSucceeded{ID: tasks[i].ID, Output: fmt.Appendf(nil, `{"Status":"SUCCEEDED","Output":%d}`, i*10)})
	}
	w.expect("SUCCEEDED [0,10,20]")
}

// TestResultsTwice: what comes for a task that is gone appends nothing.
func TestResultsTwice(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Items":[1,2]`))
	first := w.tasks(StartChild)[0].ID
	w.end("SUCCEEDED")
	before := w.facts
	for _, cmd := range []interpreter.Command{
		interpreter.TaskSucceeded{ID: first, Output: []byte(`{"Status":"SUCCEEDED","Output":1}`)},
		interpreter.TaskFailed{ID: first}, interpreter.TaskSubmitted{ID: first, Output: []byte(`{}`)},
		interpreter.TaskSucceeded{ID: 99, Output: []byte(`{}`)},
	} {
		if got := w.do(cmd); got != interpreter.NoTask || w.facts != before {
			t.Errorf("%T: %d, %d facts", cmd, got, w.facts-before)
		}
	}
	if got := w.do(interpreter.TaskSubmitted{ID: w.tasks(StartChild)[0].ID}); got != interpreter.Done || w.facts != before {
		t.Errorf("the start of a child is a fact")
	}
	w.end("SUCCEEDED")
	if got := w.do(interpreter.Stop{}); got != interpreter.Closed {
		t.Errorf("a closed map run is stopped: %d", got)
	}
}

const exceededText = "FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded"

func TestTolerance(t *testing.T) {
	for members, tc := range map[string]struct{ ends, want string }{
		``:                                  {"SUCCEEDED FAILED", exceededText},
		`,"ToleratedFailureCount":1`:        {"FAILED SUCCEEDED SUCCEEDED SUCCEEDED", `SUCCEEDED [{"Status":"FAILED"},2,3,4]`},
		`,"ToleratedFailureCount":1,"X":1`:  {"FAILED TIMED_OUT", exceededText},
		`,"ToleratedFailurePercentage":50`:  {"ABORTED FAILED SUCCEEDED SUCCEEDED", `SUCCEEDED [{"Status":"ABORTED"},{"Status":"FAILED"},3,4]`},
		`,"ToleratedFailurePercentage":49`:  {"FAILED FAILED", exceededText},
		`,"ToleratedFailurePercentage":100`: {"FAILED FAILED FAILED FAILED", `SUCCEEDED [{"Status":"FAILED"},{"Status":"FAILED"},{"Status":"FAILED"},{"Status":"FAILED"}]`},
		`,"ToleratedFailurePercentage":100,"ToleratedFailureCount":1`: {"FAILED FAILED", exceededText},
	} {
		w := newWorld(t, &Program{}, interpreter.Limits{})
		w.start(config(`,"MaxConcurrency":1,"Items":[1,2,3,4]` + members))
		for _, status := range strings.Fields(tc.ends) {
			w.end(status)
		}
		if got := w.outcome(); got != tc.want {
			t.Errorf("%s: %s", members, got)
		}
	}
}

// TestStop: children that run are stopped, also those that were being started, and
// the map run ends when all have.
func TestStop(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"MaxConcurrency":2,"Items":[1,2,3]`))
	name := "E"
	w.do(interpreter.Stop{Error: &name})
	w.end("ABORTED")
	w.answer(StopChildren, `{}`)
	if len(w.tasks(StopChildren)) != 0 || w.run.Wake().IsZero() {
		t.Fatal("it does not look again")
	}
	w.env.Now = w.run.Wake()
	w.do(interpreter.Tick{})
	w.end("ABORTED")
	w.answer(StopChildren, `{}`)
	w.expect("ABORTED E")
	d := w.run.(*Run).Describe()
	if d.Items.Aborted != 2 || d.Items.Pending != 1 || d.Items.Total != 3 {
		t.Errorf("counts %+v", d.Items)
	}
}

// TestStopExpress: whoever runs a child is told to stop, and nobody is waited for.
func TestStopExpress(t *testing.T) {
	w := newWorld(t, &Program{Express: true}, interpreter.Limits{})
	w.start(config(`,"Items":[1,2]`))
	w.do(interpreter.Stop{})
	cancelled := 0
	for _, e := range w.effects {
		if _, ok := e.(interpreter.Cancel); ok {
			cancelled++
		}
	}
	if w.expect("ABORTED"); cancelled != 2 {
		t.Errorf("%d children were told", cancelled)
	}
}

// TestForsaken: a map run that was taken over asks whether anybody waits for it.
func TestForsaken(t *testing.T) {
	for answer, want := range map[string]string{"false": "ABORTED", "true": "SUCCEEDED [1]"} {
		w := newWorld(t, &Program{}, interpreter.Limits{})
		w.start(config(`,"Items":[1]`))
		w.do(interpreter.Recover{})
		w.do(interpreter.Recover{})
		w.answer(AskParent, answer)
		w.end("SUCCEEDED")
		for _, task := range w.tasks(StopChildren) {
			w.do(interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`{}`)})
		}
		w.expect(want)
	}
}

func TestReading(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Reader":{"Resource":"arn:aws:states:::s3:getObject","MaxItems":3}`))
	if got := payloads(w.tasks(ReadItems)); !strings.Contains(got, `"Cursor":"","MaxItems":3,`) {
		t.Fatalf("asked for %s", got)
	}
	w.answer(ReadItems, `{"Items":[1, 2],"Cursor":"c","Done":false}`)
	if got := payloads(w.tasks(ReadItems)); !strings.Contains(got, `"Cursor":"c","MaxItems":1,`) {
		t.Fatalf("asked for %s", got)
	}
	w.end("SUCCEEDED")
	w.end("SUCCEEDED")
	w.answer(ReadItems, `{"Items":[3],"Cursor":"d","Done":false}`)
	if len(w.tasks(ReadItems)) != 0 {
		t.Error("more is read than was wanted")
	}
	w.end("SUCCEEDED")
	w.expect("SUCCEEDED [1,2,3]")
}

func TestReadingFails(t *testing.T) {
	for answer, want := range map[string]string{
		`{"Items":{}}`: "FAILED States.ItemReaderFailed Attempting to map over non-iterable node.",
		`[]`:           "FAILED States.ItemReaderFailed The items that were read are no block of items: ",
	} {
		w := newWorld(t, &Program{}, interpreter.Limits{})
		w.start(config(`,"Reader":{"Resource":"r"}`))
		w.answer(ReadItems, answer)
		if got := w.outcome(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", answer, got)
		}
	}
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Reader":{"Resource":"r"}`))
	cause := "it is gone"
	w.do(interpreter.TaskFailed{ID: w.tasks(ReadItems)[0].ID, Cause: &cause})
	w.expect("FAILED States.ItemReaderFailed it is gone")
}

// TestPercentageOfAllItems: it is judged when their number is known.
func TestPercentageOfAllItems(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"ToleratedFailurePercentage":25,"Reader":{"Resource":"r"}`))
	w.answer(ReadItems, `{"Items":[1],"Cursor":"c","Done":false}`)
	w.end("FAILED")
	if w.run.Result().Status.Closed() {
		t.Fatal("one of one is judged before all are known")
	}
	w.answer(ReadItems, `{"Items":[2,3,4],"Cursor":"d","Done":true}`)
	for range 3 {
		w.end("SUCCEEDED")
	}
	w.expect(`SUCCEEDED [{"Status":"FAILED"},2,3,4]`)
}

const writer = `,"ToleratedFailurePercentage":100,"Writer":{"Resource":"w","Parameters":{"Bucket":"b"}}`

func TestWriting(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(writer + `,"Items":["a","b"]`))
	w.end("SUCCEEDED")
	w.end("FAILED")
	files := w.tasks(WriteResults)
	if len(files) != 2 || !strings.Contains(string(files[0].Payload), `"Name":"SUCCEEDED_0"`) || !strings.Contains(string(files[1].Payload), `"Name":"FAILED_0"`) {
		t.Fatalf("files: %s", payloads(files))
	}
	for i, id := range ids(files) {
		w.do(interpreter.TaskSucceeded{ID: id, Output: fmt.Appendf(nil, `{"Key":"k%d","Size":%d}`, i, i+1)})
	}
	if got := payloads(w.tasks(WriteManifest)); !strings.Contains(got, `"Files":{"FAILED":[{"Key":"k1","Size":2}],"PENDING":[],"SUCCEEDED":[{"Key":"k0","Size":1}]}`) {
		t.Fatalf("manifest: %s", got)
	}
	w.answer(WriteManifest, `{"Bucket":"b","Key":"m"}`)
	w.expect(`SUCCEEDED {"MapRunArn":"arn:aws:states:us-east-1:123456789012:mapRun:m/l:id","ResultWriterDetails":{"Bucket":"b","Key":"m"}}`)
	if d := w.run.(*Run).Describe(); d.Items.ResultsWritten != 2 || d.Executions.ResultsWritten != 2 {
		t.Errorf("counts %+v", d)
	}
}

func TestWritingFails(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(writer + `,"Items":[1]`))
	w.end("SUCCEEDED")
	cause := "no room"
	w.do(interpreter.TaskFailed{ID: w.tasks(WriteResults)[0].ID, Cause: &cause})
	w.expect("FAILED States.ResultWriterFailed no room")
}

func TestUpdate(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"MaxConcurrency":1,"Items":[1,2,3]`))
	three, one := int64(3), int64(1)
	if got := w.do(interpreter.Update{Change: (&Change{MaxConcurrency: &three, ToleratedFailureCount: &one}).Text()}); got != interpreter.Done {
		t.Fatalf("answered %d", got)
	}
	if len(w.tasks(StartChild)) != 3 {
		t.Error("the new concurrency does not count")
	}
	w.end("FAILED")
	w.end("SUCCEEDED")
	w.end("SUCCEEDED")
	w.expect(`SUCCEEDED [{"Status":"FAILED"},2,3]`)
	if got := w.do(interpreter.Update{Change: []byte(`{}`)}); got != interpreter.Closed {
		t.Errorf("a closed map run is changed: %d", got)
	}
}

// TestTooLargeResult: the children run all the same.
func TestTooLargeResult(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{PayloadBytes: 12})
	w.start(config(`,"Items":["aaaa","bbbb"]`))
	w.end("SUCCEEDED")
	w.end("SUCCEEDED")
	w.expect("FAILED States.DataLimitExceeded The state/task 'M' returned a result with a size exceeding the maximum number of bytes service limit.")
}

// TestBudget: a decision stops at its budget and is continued.
func TestBudget(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{BatchFacts: 3})
	w.start(config(`,"Items":[` + strings.Repeat("0,", 99) + `0]`))
	if n := len(w.tasks(StartChild)); n != 100 {
		t.Fatalf("%d children are under way", n)
	}
	for range 100 {
		w.end("SUCCEEDED")
	}
	w.expect("SUCCEEDED [" + strings.Repeat("0,", 99) + "0]")
}

// TestMemoryIsBounded: with a writer, a map run over many items holds no more than
// one over few.
func TestMemoryIsBounded(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(writer + `,"MaxConcurrency":10,"Reader":{"Resource":"r"}`))
	block, most := `"`+strings.Repeat("x", 50_000)+`"`, 0
	for range 12 {
		w.answer(ReadItems, `{"Items":[`+strings.Repeat(block+",", 19)+block+`],"Cursor":"c","Done":false}`)
		for len(w.tasks(ReadItems)) == 0 || len(w.tasks(StartChild)) > 0 {
			w.end("SUCCEEDED")
			for _, f := range w.tasks(WriteResults) {
				w.do(interpreter.TaskSucceeded{ID: f.ID, Output: []byte(`{"Key":"k","Size":1}`)})
			}
		}
		most = max(most, w.run.Size())
	}
	if limit := fileBytes + 2*blockBytes; most > limit {
		t.Errorf("it held %d bytes, more than %d", most, limit)
	}
}
