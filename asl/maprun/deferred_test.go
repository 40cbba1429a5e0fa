package maprun

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/interpreter"
)

// breakWriter has the file fail that is being written.
func (w *world) breakWriter() {
	w.t.Helper()
	w.do(interpreter.TaskFailed{ID: w.tasks(WriteResults)[0].ID})
}

// restored answers the request for records with what the log has, at most as many bytes
// as wanted.
func (w *world) restored(bytes int) (records int) {
	w.t.Helper()
	var request RestoreRequest
	if err := json.Unmarshal(w.tasks(RestoreEnds)[0].Payload, &request); err != nil || request.Bytes != w.program.fileBytes() {
		w.t.Fatalf("asks for %s, %v", payloads(w.tasks(RestoreEnds)), err)
	}
	request.Bytes = bytes
	r, from, err := NewRestore(request)
	more := true
	for i := int(from); i < len(w.log) && more && err == nil; i++ {
		more, err = r.Entry(uint64(i), w.log[i])
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.answer(RestoreEnds, string(r.Found().Text()))
	return len(r.Found().Records)
}

// written counts the records of successes in the files that are being written, and
// ends those.
func (w *world) written() (records int) {
	w.t.Helper()
	for len(w.tasks(WriteResults)) > 0 {
		records += strings.Count(payloads(w.tasks(WriteResults)), `"SUCCEEDED","Output"`)
		w.write()
	}
	return records
}

// large is an item of a kilobyte.
func large(i int) string { return fmt.Sprintf(`"%d %s"`, i, strings.Repeat("x", 1024)) }

func larges(n int) string {
	var items []string
	for i := range n {
		items = append(items, large(i))
	}
	return strings.Join(items, ",")
}

// TestAFailedWriterLeavesNoRecords: what the children put out that end afterwards is in
// the log only, whatever becomes of them.
func TestAFailedWriterLeavesNoRecords(t *testing.T) {
	for _, express := range []bool{false, true} {
		w := newWorld(t, &Program{FileBytes: 10, Express: express}, interpreter.Limits{})
		w.start(config(writer + `,"Items":[` + larges(100) + `]`))
		w.end("SUCCEEDED")
		w.breakWriter()
		const around = 500 // of a task
		most := w.run.Size() + around
		for i := 0; w.run.Result().Status == interpreter.Running; i++ {
			switch {
			case len(w.tasks(StopChildren)) > 0:
				w.answer(StopChildren, `{}`)
			case i%2 == 0:
				w.end("SUCCEEDED")
			default:
				w.end("FAILED")
			}
			if size := w.run.Size(); size > most {
				t.Fatalf("express: %t: %d bytes, before it were %d", express, size, most)
			}
		}
		if size := w.run.Size() - w.run.Result().Input.Size(); !express && size > 6000 {
			t.Errorf("%d bytes are left", size)
		}
		w.expect("FAILED States.ResultWriterFailed ")
	}
}

// TestRedriveWritesWhatWasDeferred: each record once, a file at a time, while the other
// children go on.
func TestRedriveWritesWhatWasDeferred(t *testing.T) {
	for _, bytes := range []int{1, 3000, 1 << 20} {
		w := newWorld(t, &Program{FileBytes: 2500}, interpreter.Limits{})
		w.start(config(writer + `,"Batcher":{"MaxItemsPerBatch":2},"Items":[` + larges(20) + `]`))
		w.end("SUCCEEDED")
		w.end("SUCCEEDED")
		w.breakWriter()
		for range 6 {
			w.end("SUCCEEDED")
		}
		w.answer(StopChildren, `{}`)
		w.end("ABORTED")
		w.end("TIMED_OUT")
		w.redrive()
		if d := w.run.(*Run).results.deferred; d.children != 6 || d.items != 12 {
			t.Fatalf("%d bytes: %+v", bytes, d)
		}
		w.again("SUCCEEDED") // its record is written with those that were deferred
		records := w.written()
		for len(w.tasks(RestoreEnds)) > 0 {
			if n := w.restored(bytes); bytes == 1 && n != 1 {
				t.Errorf("%d records when one was wanted", n)
			}
			records += w.written()
		}
		if len(w.tasks(WriteManifest)) != 0 {
			t.Fatalf("%d bytes: a manifest while a child runs", bytes)
		}
		w.again("SUCCEEDED")
		records += w.written()
		w.answer(WriteManifest, `{}`)
		if d := w.run.(*Run).Describe(); w.run.Result().Status != interpreter.Succeeded || records != 10 || d.Items.ResultsWritten != 20 || d.Executions.ResultsWritten != 10 {
			t.Errorf("%d bytes: %d records were written; %s, %+v", bytes, records, w.outcome(), d)
		}
	}
}

// TestTheWriterFailsAgain: what was not read stays for the redrive after that.
func TestTheWriterFailsAgain(t *testing.T) {
	w := newWorld(t, &Program{FileBytes: 10}, interpreter.Limits{})
	w.start(config(writer + `,"Items":["a","b","c","d"]`))
	w.end("SUCCEEDED")
	w.breakWriter()
	for range 3 {
		w.end("SUCCEEDED")
	}
	w.answer(StopChildren, `{}`)
	w.expect("FAILED States.ResultWriterFailed ")
	w.redrive()
	w.breakWriter()
	w.restored(1) // was asked for before
	w.expect("FAILED States.ResultWriterFailed ")
	if d := w.run.(*Run).results.deferred; d.children != 2 {
		t.Fatalf("%+v", d)
	}
	w.redrive()
	records := w.written()
	for len(w.tasks(RestoreEnds)) > 0 {
		w.restored(1)
		records += w.written()
	}
	w.answer(WriteManifest, `{}`)
	if d := w.run.(*Run).Describe(); w.run.Result().Status != interpreter.Succeeded || records != 4 || d.Items.ResultsWritten != 4 {
		t.Errorf("%d records were written; %s, %+v", records, w.outcome(), d)
	}
}

// TestDeferredRecordsThatCannotBeRead: the map run fails, and the next redrive tries
// again.
func TestDeferredRecordsThatCannotBeRead(t *testing.T) {
	const tooMany = `{"Items":1,"Record":{}},{"Items":1,"Record":{}},{"Items":1,"Record":{}}`
	for _, answer := range []string{"", `[]`, `{}`, `{"Records":[{"Items":0,"Record":{}}]}`, `{"Records":[{"Items":2,"Record":{}}]}`, `{"Records":[{"Items":1}]}`, `{"Records":[` + tooMany + `]}`} {
		w := newWorld(t, &Program{FileBytes: 10}, interpreter.Limits{})
		w.start(config(writer + `,"Items":["a","b","c"]`))
		w.end("SUCCEEDED")
		w.breakWriter()
		w.end("SUCCEEDED")
		w.end("SUCCEEDED")
		w.answer(StopChildren, `{}`)
		w.redrive()
		w.written()
		if answer == "" {
			w.do(interpreter.TaskFailed{ID: w.tasks(RestoreEnds)[0].ID})
		} else {
			w.answer(RestoreEnds, answer)
		}
		w.expect("FAILED States.Runtime The log of the map run does not give the results of its children")
		w.redrive()
		w.restored(1 << 20)
		w.written()
		w.answer(WriteManifest, `{}`)
		if d := w.run.(*Run).Describe(); w.run.Result().Status != interpreter.Succeeded || d.Items.ResultsWritten != 3 {
			t.Errorf("%s: %s, %+v", answer, w.outcome(), d)
		}
	}
	if _, _, err := NewRestore(RestoreRequest{Cursor: "x"}); err == nil {
		t.Error("a cursor that is none is taken")
	}
}

// TestASnapshotFromBefore: records of children that did not succeed, which are of no use
// when the writer has failed, are let go.
func TestASnapshotFromBefore(t *testing.T) {
	w := newWorld(t, &Program{FileBytes: 1000}, interpreter.Limits{})
	w.start(config(writer + `,"MaxConcurrency":2,"ToleratedFailureCount":5,"Items":["a","b","c"]`))
	w.end("FAILED")
	w.end("SUCCEEDED")
	run := w.run.(*Run)
	run.results.broken = true
	restored, err := w.program.Restore(w.info(), run.Snapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	if s := &restored.(*Run).results; s.files[failedFile].pending != nil || len(s.files[succeededFile].pending) != 1 || s.bytes != s.files[succeededFile].bytes {
		t.Errorf("it has %+v", s)
	}
}
