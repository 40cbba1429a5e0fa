package maprun

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/interpreter"
)

// TestEndsOfChildrenWaitForTheWriter: also those of a map run that is being stopped, for
// which files are written before its last child has ended.
func TestEndsOfChildrenWaitForTheWriter(t *testing.T) {
	for name, stopped := range map[string]bool{"while it runs": false, "while it is stopped": true} {
		t.Run(name, func(t *testing.T) {
			p := &Program{FileBytes: 100}
			w := newWorld(t, p, interpreter.Limits{})
			run := w.run.(*Run)
			w.start(config(writer + `,"Items":[` + strings.Repeat(`"sixteen letters.",`, 99) + `"sixteen letters."]`))
			if stopped {
				w.do(interpreter.Stop{})
			}
			for !run.Hesitates() {
				w.end("SUCCEEDED")
			}
			size, children := w.run.Size(), len(w.tasks(StartChild))
			if run.results.bytes < 4*p.FileBytes || run.results.bytes > 5*p.FileBytes || children < 50 {
				t.Fatalf("it hesitates with %d bytes and %d children", run.results.bytes, children)
			}
			first, written := w.tasks(StartChild)[0], w.tasks(WriteResults)[0]
			for cmd, deferred := range map[interpreter.Command]bool{
				interpreter.TaskFailed{ID: first.ID}:   true,
				interpreter.TaskFailed{ID: written.ID}: false,
				interpreter.TaskFailed{ID: 1 << 40}:    false,
				interpreter.Tick{}:                     false,
			} {
				if run.Defers(cmd) != deferred {
					t.Errorf("%#v is deferred: %t", cmd, !deferred)
				}
			}
			if !run.Defers(interpreter.TaskSucceeded{ID: first.ID}) || run.Defers(interpreter.TaskSubmitted{ID: first.ID, Output: []byte("{}")}) {
				t.Error("the end of a child is not deferred, or the answer to its start is")
			}
			w.answer(WriteResults, `{"Key":"k","Size":1}`)
			if run.Hesitates() || len(w.tasks(WriteResults)) != 1 || w.run.Size() > size {
				t.Errorf("a file was written: it hesitates: %t, with %d bytes after %d", run.Hesitates(), w.run.Size(), size)
			}
			for len(w.tasks(StartChild)) > 0 {
				w.end("SUCCEEDED")
			}
			if !run.Hesitates() { // what was decided although it hesitated is not lost
				t.Error("it has room")
			}
			w.answer(WriteResults, `{"Key":"k","Size":1}`)
			if stopped {
				w.answer(StopChildren, `{}`)
			}
			w.answer(WriteResults, `{"Key":"k","Size":1}`)
			w.answer(WriteManifest, `{"Bucket":"b","Key":"k"}`)
			if run.Hesitates() || !w.run.Result().Status.Closed() {
				t.Errorf("it hesitates: %t; %s", run.Hesitates(), w.outcome())
			}
		})
	}
}

// TestAWriterThatHasFailedIsNotWaitedFor: else the map run would never end.
func TestAWriterThatHasFailedIsNotWaitedFor(t *testing.T) {
	w := newWorld(t, &Program{FileBytes: 10}, interpreter.Limits{})
	run := w.run.(*Run)
	w.start(config(writer + `,"Items":["sixteen letters.","sixteen letters.","c"]`))
	w.end("SUCCEEDED")
	w.end("SUCCEEDED")
	if !run.Hesitates() {
		t.Fatal("it does not hesitate")
	}
	w.do(interpreter.TaskFailed{ID: w.tasks(WriteResults)[0].ID})
	if run.Hesitates() {
		t.Error("it hesitates")
	}
}

// TestSizeCountsWhatIsBeingWritten: a snapshot has it.
func TestSizeCountsWhatIsBeingWritten(t *testing.T) {
	w := newWorld(t, &Program{FileBytes: 1}, interpreter.Limits{})
	w.start(config(writer + `,"Items":["` + strings.Repeat("x", 10_000) + `"]`))
	w.end("SUCCEEDED")
	if file, size := len(w.tasks(WriteResults)[0].Payload), w.run.Size(); file < 10_000 || size < file {
		t.Errorf("its size is %d, and it is writing %d", size, file)
	}
}

// TestExpressChildrenGoByTheSizeOfResults, which are in memory: they begin with few, and
// each that ends lets more begin, as long as results like those before have room.
func TestExpressChildrenGoByTheSizeOfResults(t *testing.T) {
	for bytes, most := range map[int]int{100: 400, 200_000: 335, 1 << 20: 64, 5 << 20: leastExpress} {
		t.Run(fmt.Sprint(bytes), func(t *testing.T) {
			w := newExpressWorld(t, 800)
			end := fmt.Appendf(nil, `{"Status":"SUCCEEDED","Output":"%s"}`, strings.Repeat("x", bytes))
			peak := 0
			for ends := range 300 {
				n := len(w.tasks(RunChild))
				if peak = max(peak, n); n > leastExpress+expressGrowth*ends {
					t.Fatalf("%d are under way when %d have ended", n, ends)
				}
				if n == most && ends > 0 || ends > 10 && bytes > 1<<20 {
					break
				}
				w.endExpress(end)
			}
			if peak < most*9/10 || peak > most {
				t.Errorf("%d are under way, not %d", peak, most)
			}
		})
	}
}

func newExpressWorld(t *testing.T, items int) *world {
	w := newWorld(t, &Program{Express: true}, interpreter.Limits{BatchFacts: 100_000})
	w.start(config(writer + `,"MaxConcurrency":400,"Items":[` + strings.Repeat("0,", items) + `0]`))
	return w
}

// endExpress ends the first child, and writes the files that are due then. The state is
// too large to be compared every time.
func (w *world) endExpress(end []byte) {
	w.t.Helper()
	var d interpreter.Decision
	w.run.Decide(&w.env, interpreter.TaskSucceeded{ID: w.tasks(RunChild)[0].ID, Output: end}, &d)
	for _, file := range w.tasks(WriteResults) {
		w.run.Decide(&w.env, interpreter.TaskSucceeded{ID: file.ID, Output: fmt.Appendf(nil, `{"Key":"k","Size":%d}`, len(file.Payload))}, &d)
	}
}

// TestAnOldSnapshotTellsTheSizeOfResults: one that did not count them has the sizes of
// the files.
func TestAnOldSnapshotTellsTheSizeOfResults(t *testing.T) {
	w := newExpressWorld(t, 800)
	end := fmt.Appendf(nil, `{"Status":"SUCCEEDED","Output":"%s"}`, strings.Repeat("x", 1<<20))
	for range 40 {
		w.endExpress(end)
	}
	run := w.run.(*Run)
	if s := run.guess(); s.ends != run.seen.ends || s.bytes < run.seen.bytes || s.bytes > run.seen.bytes*11/10 {
		t.Errorf("guessed %+v, seen were %+v", s, run.seen)
	}
}
