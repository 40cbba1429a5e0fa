package maprun

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/interpreter"
)

// redrive opens the map run again.
func (w *world) redrive() {
	w.t.Helper()
	if got := w.do(interpreter.Redrive{}); got != interpreter.Done {
		w.t.Fatalf("the redrive is answered with %d", got)
	}
}

// again ends the first child that was redriven.
func (w *world) again(status string) {
	w.t.Helper()
	child := w.tasks(RedriveChild)[0]
	output := ""
	if status == "SUCCEEDED" {
		output = `,"Output":"again ` + child.Resource + `"`
	}
	w.do(interpreter.TaskSucceeded{ID: child.ID, Output: fmt.Appendf(nil, `{"Status":%q%s}`, status, output)})
}

// counts are those of children: pending, running, succeeded, failed, timed out,
// aborted, total, not redrivable and waiting.
func (w *world) counts() string {
	c := w.run.(*Run).Describe().Executions
	return fmt.Sprint(c.Pending, c.Running, c.Succeeded, c.Failed, c.TimedOut, c.Aborted, c.Total, c.NotRedrivable, c.PendingRedrive)
}

// resources are what tasks are about.
func resources(tasks []*interpreter.Task) string {
	var texts []string
	for _, t := range tasks {
		texts = append(texts, t.Resource)
	}
	return strings.Join(texts, " ")
}

// TestRedriveBeginsWithFailures: the children that did not succeed go on first, as
// many at a time as may, then come the items that were not begun.
func TestRedriveBeginsWithFailures(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"MaxConcurrency":2,"ToleratedFailureCount":1,"Items":["a","b","c","d","e","f"]`))
	w.end("FAILED")
	w.end("SUCCEEDED")
	w.end("TIMED_OUT")
	w.answer(StopChildren, `{}`)
	w.end("ABORTED")
	w.expect(exceededText)
	if got := w.counts(); got != "2 0 1 1 1 1 6 0 0" {
		t.Errorf("failed: %s", got)
	}
	if r := w.run.Result(); !r.Redrivable || r.Redrives != 0 {
		t.Errorf("failed: %+v", r)
	}
	w.redrive()
	if got := w.counts(); got != "2 2 1 0 0 0 6 0 1" {
		t.Errorf("redriven: %s", got)
	}
	if got := resources(w.tasks(RedriveChild)); got != "0 2" {
		t.Errorf("under way: %s", got)
	}
	w.again("SUCCEEDED")
	w.again("FAILED") // tolerated: what failed before does not count
	if got := resources(w.tasks(RedriveChild)) + " " + payloads(w.tasks(StartChild)); got != `3 "e"` {
		t.Errorf("under way: %s", got)
	}
	w.again("SUCCEEDED")
	w.end("SUCCEEDED")
	w.end("SUCCEEDED")
	w.expect(`SUCCEEDED ["again 0","b",{"Status":"FAILED"},"again 3","e","f"]`)
	if got := w.counts(); got != "0 0 5 1 0 0 6 0 0" {
		t.Errorf("ended: %s", got)
	}
	if r := w.run.Result(); r.Redrives != 1 || !r.Redriven.Equal(w.env.Now) {
		t.Errorf("ended: %+v", r)
	}
}

// TestRedriveThatFails: what did not run again counts as what it was, and runs in
// the next redrive.
func TestRedriveThatFails(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"MaxConcurrency":3,"Items":["a","b","c"]`))
	w.do(interpreter.Update{Change: []byte(`{"MaxConcurrency":1}`)})
	w.end("FAILED")
	w.answer(StopChildren, `{}`)
	w.end("TIMED_OUT")
	w.end("ABORTED")
	for range 2 {
		w.redrive()
		if got := w.counts(); got != "0 1 0 0 0 0 3 0 2" {
			t.Errorf("redriven: %s", got)
		}
		w.again("FAILED")
		w.expect(exceededText)
		if got := w.counts(); got != "0 0 0 1 1 1 3 0 0" {
			t.Errorf("failed again: %s", got)
		}
	}
	w.redrive()
	for range 3 {
		w.again("SUCCEEDED")
	}
	w.expect(`SUCCEEDED ["again 0","again 1","again 2"]`)
}

// TestRedriveOfWhatCannotRunAgain: the end of a child that cannot be redriven comes
// with the answer, and counts.
func TestRedriveOfWhatCannotRunAgain(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"ToleratedFailureCount":1,"Items":["a","b","c"]`))
	w.end("FAILED")
	w.end("FAILED")
	w.answer(StopChildren, `{}`)
	w.end("FAILED")
	w.redrive()
	tasks := w.tasks(RedriveChild)
	const end = `{"Status":"TIMED_OUT"}`
	w.do(interpreter.TaskSubmitted{ID: tasks[1].ID, Output: []byte(end)})
	if got := w.counts(); got != "0 2 0 0 1 0 3 1 0" {
		t.Errorf("one cannot: %s", got)
	}
	w.do(interpreter.TaskSubmitted{ID: tasks[0].ID, Output: []byte(`{}`)})
	w.again("SUCCEEDED")
	w.again("SUCCEEDED")
	w.expect(`SUCCEEDED ["again 0",{"Status":"TIMED_OUT"},"again 2"]`)
}

// TestRedriveAfterTooManyFailures: what is told of children that did not succeed counts
// for the size of the result, but what they give in a redrive takes its place, and what
// the others gave is there still.
func TestRedriveAfterTooManyFailures(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{PayloadBytes: 44})
	w.start(config(`,"MaxConcurrency":3,"ToleratedFailurePercentage":100,"Items":["a","b","c"]`))
	w.end("SUCCEEDED")
	w.end("FAILED") // 21 bytes with its comma
	w.end("FAILED")
	w.expect("FAILED States.DataLimitExceeded The state/task 'M' returned a result with a size exceeding the maximum number of bytes service limit.")
	w.redrive()
	w.again("SUCCEEDED")
	w.again("FAILED")
	w.expect(`SUCCEEDED ["a","again 1",{"Status":"FAILED"}]`)
}

// TestRedriveAfterStop: what was stopped goes on, and what was read is not read
// again.
func TestRedriveAfterStop(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"MaxConcurrency":1,"Reader":{"Resource":"r"}`))
	w.answer(ReadItems, `{"Items":["a","b"],"Cursor":"c","Done":false}`)
	w.do(interpreter.Stop{})
	w.answer(StopChildren, `{}`)
	w.end("ABORTED")
	w.expect("ABORTED")
	w.redrive()
	if got := payloads(w.tasks(ReadItems)); !strings.Contains(got, `"Cursor":"c"`) {
		t.Errorf("reads %s", got)
	}
	w.answer(ReadItems, `{"Items":["c"],"Cursor":"d","Done":true}`)
	w.again("SUCCEEDED")
	w.end("SUCCEEDED")
	w.end("SUCCEEDED")
	w.expect(`SUCCEEDED ["again 0","b","c"]`)
}

func TestRedriveAfterReadingFailed(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Reader":{"Resource":"r"}`))
	for range 2 {
		w.do(interpreter.TaskFailed{ID: w.tasks(ReadItems)[0].ID})
		w.expect("FAILED States.ItemReaderFailed ")
		w.redrive()
	}
	w.answer(ReadItems, `{"Items":["a"],"Cursor":"c","Done":true}`)
	w.end("SUCCEEDED")
	w.expect(`SUCCEEDED ["a"]`)
}

// TestRedriveOfFiles: a redrive has files of its own, beside those of what has
// succeeded before.
func TestRedriveOfFiles(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"MaxConcurrency":1,"Writer":{"Resource":"w"},"Items":["a","b","c"]`))
	w.end("SUCCEEDED")
	w.end("FAILED")
	const pending = `"Name":"PENDING_0","Resource":"w","Records":[{"Input":"\"c\"","InputDetails":{"Included":true},"Status":"PENDING"}]`
	if got := payloads(w.tasks(WriteResults)); !strings.Contains(got, pending) || strings.Contains(got, "Redrive") {
		t.Errorf("writes %s", got)
	}
	w.write()
	if got := payloads(w.tasks(WriteManifest)); !strings.Contains(got, `"Files":{"FAILED":[{"Key":"FAILED_0","Size":1}],"PENDING":[{"Key":"PENDING_0","Size":1}],"SUCCEEDED":[{"Key":"SUCCEEDED_0","Size":1}]}`) {
		t.Errorf("lists %s", got)
	}
	w.answer(WriteManifest, `{"Bucket":"b","Key":"m"}`)
	w.expect(exceededText)
	if d := w.run.(*Run).Describe(); d.Items.ResultsWritten != 3 || d.Executions.ResultsWritten != 3 {
		t.Errorf("counts %+v", d)
	}
	w.redrive()
	if d := w.run.(*Run).Describe(); d.Items.ResultsWritten != 0 || d.Executions.ResultsWritten != 0 {
		t.Errorf("while a redrive runs it counts %+v", d)
	}
	w.again("SUCCEEDED")
	w.end("SUCCEEDED")
	if got := payloads(w.tasks(WriteResults)); !strings.Contains(got, `"Name":"SUCCEEDED_0","Redrive":1,"Resource"`) {
		t.Errorf("writes %s", got)
	}
	w.write()
	if got := payloads(w.tasks(WriteManifest)); !strings.Contains(got, `"Redrive":1,"Files":{"FAILED":[],"PENDING":[],"SUCCEEDED":[{"Key":"SUCCEEDED_0","Size":1},{"Key":"1/SUCCEEDED_0","Size":1}]}`) {
		t.Errorf("lists %s", got)
	}
	w.answer(WriteManifest, `{"Bucket":"b","Key":"Redrive-1/m"}`)
	w.expect(`SUCCEEDED {"MapRunArn":"arn:aws:states:us-east-1:123456789012:mapRun:m/l:id","ResultWriterDetails":{"Bucket":"b","Key":"Redrive-1/m"}}`)
	if d := w.run.(*Run).Describe(); d.Items.ResultsWritten != 3 || d.Executions.ResultsWritten != 3 {
		t.Errorf("at its end it counts %+v", d)
	}
}

// write ends all files that are being written.
func (w *world) write() {
	w.t.Helper()
	for _, task := range w.tasks(WriteResults) {
		text := string(task.Payload)
		_, name, _ := strings.Cut(text, `"Name":"`)
		name, _, _ = strings.Cut(name, `"`)
		if strings.Contains(text, `"Redrive":1`) {
			name = "1/" + name
		}
		w.do(interpreter.TaskSucceeded{ID: task.ID, Output: fmt.Appendf(nil, `{"Key":%q,"Size":1}`, name)})
	}
}

// TestRedriveAfterWritingFailed writes what could not be written.
func TestRedriveAfterWritingFailed(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(writer + `,"Items":["a"]`))
	w.end("SUCCEEDED")
	first := payloads(w.tasks(WriteResults))
	w.do(interpreter.TaskFailed{ID: w.tasks(WriteResults)[0].ID})
	w.expect("FAILED States.ResultWriterFailed ")
	w.redrive()
	if got := strings.Replace(payloads(w.tasks(WriteResults)), `"Redrive":1,`, "", 1); got != first {
		t.Errorf("writes %s, not %s", got, first)
	}
	w.write()
	w.answer(WriteManifest, `{}`)
	if d := w.run.(*Run).Describe(); w.run.Result().Status != interpreter.Succeeded || d.Items.ResultsWritten != 1 {
		t.Errorf("ended as %s, %+v", w.outcome(), d)
	}
}

// TestRedriveOfExpressChildren: they run anew, with the inputs that the log has.
func TestRedriveOfExpressChildren(t *testing.T) {
	w := newWorld(t, &Program{Express: true}, interpreter.Limits{})
	w.start(config(`,"ToleratedFailurePercentage":1,"Items":["a","b","c"]`))
	for range 3 { // those under way end by themselves
		w.end("FAILED")
	}
	w.expect(exceededText)
	w.redrive()
	if got := payloads(w.tasks(RecallInputs)); !strings.Contains(got, `"Numbers":[0,1,2],`) {
		t.Fatalf("asks for %s", got)
	}
	w.answer(RecallInputs, `{"Inputs":["a","b"],"Cursor":"x"}`)
	if got := payloads(w.tasks(RerunChild)); got != `"a" "b"` {
		t.Errorf("runs %s", got)
	}
	if got := payloads(w.tasks(RecallInputs)); !strings.Contains(got, `"Numbers":[2],`) || !strings.Contains(got, `"Cursor":"x"`) {
		t.Fatalf("asks for %s", got)
	}
	w.answer(RecallInputs, `{"Inputs":["c"],"Cursor":"y"}`)
	for range 3 {
		w.end("SUCCEEDED")
	}
	w.expect(`SUCCEEDED ["a","b","c"]`)
}

// TestRedriveOfSuccess: a map run whose end nobody heard of gives it again.
func TestRedriveOfSuccess(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Items":["a"]`))
	w.end("SUCCEEDED")
	w.redrive()
	w.expect(`SUCCEEDED ["a"]`)
	if got := w.counts(); got != "0 0 1 0 0 0 1 0 0" {
		t.Errorf("ended: %s", got)
	}
}

// TestRedrivesAreLimited: AWS allows a thousand of one map run.
func TestRedrivesAreLimited(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Items":["a"]`))
	if got := w.do(interpreter.Redrive{}); got != interpreter.NotExpected {
		t.Errorf("a map run that runs is redriven: %d", got)
	}
	w.end("FAILED")
	for range mostRedrives {
		w.redrive()
		w.again("FAILED")
	}
	if got := w.do(interpreter.Redrive{}); got != interpreter.Closed || w.run.Result().Redrivable {
		t.Errorf("it is redriven once too often: %d", got)
	}
}

// TestRedriveKeepsBatches: a child that runs again has the items that it had.
func TestRedriveKeepsBatches(t *testing.T) {
	w := newWorld(t, &Program{}, interpreter.Limits{})
	w.start(config(`,"Batcher":{"MaxItemsPerBatch":2},"Items":[1,2,3]`))
	w.end("FAILED")
	w.answer(StopChildren, `{}`)
	w.end("SUCCEEDED")
	w.redrive()
	if got := resources(w.tasks(RedriveChild)); got != "0/2" {
		t.Errorf("under way: %s", got)
	}
	if d := w.run.(*Run).Describe(); d.Items.Running != 2 || d.Executions.Running != 1 {
		t.Errorf("counts %+v", d)
	}
}

// TestFailures keeps which children have failed, and how.
func TestFailures(t *testing.T) {
	var f failures
	for n, s := range map[int64]interpreter.Status{0: interpreter.Failed, 31: interpreter.TimedOut, 32: interpreter.Aborted, 1000: interpreter.Failed} {
		f.set(n, s, n+1)
	}
	var got []string
	for n := f.next(0); n >= 0; n = f.next(n + 1) {
		status, items, ok := f.get(n)
		got = append(got, fmt.Sprint(n, status, items, ok))
	}
	if text := strings.Join(got, ", "); text != "0 FAILED 1 true, 31 TIMED_OUT 32 true, 32 ABORTED 33 true, 1000 FAILED 1001 true" {
		t.Errorf("got %s", text)
	}
	f.clear(31)
	if n := f.next(1); n != 32 {
		t.Errorf("the next is %d", n)
	}
	for _, n := range []int64{-1, 1, 31, 999, 1 << 40} {
		if _, _, ok := f.get(n); ok {
			t.Errorf("%d has failed", n)
		}
	}
}

// recounted answers the request for records with what the log has, at most as many
// bytes as wanted at a time.
func (w *world) recounted(bytes int) (records string) {
	w.t.Helper()
	for len(w.tasks(RecountEnds)) > 0 {
		var request RecountRequest
		if err := json.Unmarshal(w.tasks(RecountEnds)[0].Payload, &request); err != nil || request.Bytes != fileBytes {
			w.t.Fatalf("asks for %s, %v", payloads(w.tasks(RecountEnds)), err)
		}
		request.Bytes = bytes
		r := NewRecount(request)
		for _, facts := range w.log {
			if err := r.Entry(facts); err != nil {
				w.t.Fatal(err)
			}
		}
		answer := string(r.Found().Text())
		w.answer(RecountEnds, answer)
		records += answer
	}
	return records
}

// TestRedriveThatDoesNotReachAll: the files of a redrive that ends early have the
// records of the children that it did not reach, too, each as it was last; and one
// without records where nothing has succeeded in it.
func TestRedriveThatDoesNotReachAll(t *testing.T) {
	for _, bytes := range []int{1, fileBytes} {
		w := newWorld(t, &Program{}, interpreter.Limits{})
		w.start(config(`,"MaxConcurrency":4,"Writer":{"Resource":"w"},"Items":["a","b","c","d","e"]`))
		w.end("SUCCEEDED")
		w.do(interpreter.Update{Change: []byte(`{"MaxConcurrency":1}`)})
		w.end("FAILED")
		w.answer(StopChildren, `{}`)
		for range 3 {
			w.end("ABORTED")
		}
		w.write()
		w.answer(WriteManifest, `{"Bucket":"b","Key":"m"}`)
		w.redrive()
		w.again("TIMED_OUT")
		if got := w.recounted(bytes); strings.Count(got, "Record\"") != 3 || strings.Contains(got, "FAILED") {
			t.Errorf("%d bytes: reads %s", bytes, got)
		}
		const failed = `"Name":"FAILED_0","Redrive":1,"Resource":"w","Records":[{"Status":"TIMED_OUT"},{"Status":"ABORTED"},{"Status":"ABORTED"},{"Status":"ABORTED"}]`
		const none = `"Name":"SUCCEEDED_0","Redrive":1,"Resource":"w","Records":[]`
		if got := payloads(w.tasks(WriteResults)); !strings.Contains(got, failed) || !strings.Contains(got, none) {
			t.Errorf("%d bytes: writes %s", bytes, got)
		}
		w.write()
		if got := payloads(w.tasks(WriteManifest)); !strings.Contains(got, `"SUCCEEDED":[{"Key":"SUCCEEDED_0","Size":1},{"Key":"1/SUCCEEDED_0","Size":1}]`) {
			t.Errorf("%d bytes: lists %s", bytes, got)
		}
		w.answer(WriteManifest, `{"Bucket":"b","Key":"Redrive-1/m"}`)
		w.expect(exceededText)
		if got := w.counts(); got != "0 0 1 0 1 3 5 0 0" {
			t.Errorf("%d bytes: ended: %s", bytes, got)
		}
		if d := w.run.(*Run).Describe(); d.Executions.ResultsWritten != 5 {
			t.Errorf("%d bytes: counts %+v", bytes, d)
		}
	}
}

// TestRecordsThatCannotBeRead: the map run ends without them.
func TestRecordsThatCannotBeRead(t *testing.T) {
	for _, answer := range []string{"", `[]`, `{"Records":[{"Number":9,"Record":1},{"Number":0,"Record":1}]}`} {
		w := newWorld(t, &Program{}, interpreter.Limits{})
		w.start(config(`,"MaxConcurrency":2,"Writer":{"Resource":"w"},"Items":["a","b"]`))
		w.do(interpreter.Update{Change: []byte(`{"MaxConcurrency":1}`)})
		w.end("FAILED")
		w.answer(StopChildren, `{}`)
		w.end("ABORTED")
		w.write()
		w.answer(WriteManifest, `{}`)
		w.redrive()
		w.again("FAILED")
		if answer == "" {
			w.do(interpreter.TaskFailed{ID: w.tasks(RecountEnds)[0].ID})
		} else {
			w.answer(RecountEnds, answer)
		}
		w.write()
		w.answer(WriteManifest, `{}`)
		w.expect(exceededText)
	}
}
