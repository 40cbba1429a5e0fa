package maprun

import (
	"encoding/json"

	"github.com/fermata-dev/fermata/interpreter"
)

// A map run whose writer has failed has children under way that end all the same, with
// records for which there is no file: ten thousand of them may have gigabytes. Those of
// children that did not succeed are dropped: a redrive runs these again. Those of children
// that succeeded are needed, for a redrive writes them. They stay in the log, where the
// end of the child is, and the map run keeps how many they are. A redrive has them read
// off the log, as many at a time as make a file (see Restore).

// deferred are records that are in the log only.
type deferred struct {
	children, items int64
	cursor          string // where to go on reading, empty for the beginning
	task            uint64 // the reading that is under way, 0 for none
}

func (d *deferred) layout(c *codec) {
	c.Signed(&d.children)
	c.Signed(&d.items)
	c.Text(&d.cursor)
	c.Uint(&d.task)
}

func (d *deferred) sound() bool {
	return d.children >= 0 && d.items >= d.children && (d.children > 0 || d.items == 0 && d.task == 0)
}

// giveUp notes that the writer has failed.
func (s *results) giveUp() {
	s.broken = true
	s.dropUnsuccessful()
}

// dropUnsuccessful lets go of the records of children that did not succeed, and of those
// that were not begun.
func (s *results) dropUnsuccessful() {
	for _, k := range []fileKind{failedFile, pendingFile} {
		f := &s.files[k]
		s.bytes -= f.bytes
		f.pending, f.bytes, f.items = nil, 0, 0
	}
}

// defers says whether the record of a child that ends so stays in the log.
func (r *Run) defers(status interpreter.Status) bool {
	return r.results.broken && status == interpreter.Succeeded
}

func (r *Run) applyDeferred(f *fact) error {
	j := r.jobs[f.task]
	if j == nil || !j.child() || j.items != f.items || !exports(r.config) {
		return errImpossible
	}
	r.childEnded(f.task, interpreter.Succeeded, len(f.data))
	r.results.deferred.children++
	r.results.deferred.items += j.items
	return nil
}

// mustRestore says whether the next deferred records are to be read.
func (r *Run) mustRestore() bool {
	d := &r.results.deferred
	return d.children > 0 && d.task == 0 && r.results.files[succeededFile].bytes < r.program.fileBytes()
}

// RestoreRequest is the payload of the task that reads deferred records.
type RestoreRequest struct {
	// Bytes bounds the records together, but for the last.
	Bytes int
	// Cursor is that of the last answer, empty at first.
	Cursor string
}

// Restored is the answer to it: the next of these records, at least one.
type Restored struct {
	Records []DeferredRecord
	Cursor  string
}

// DeferredRecord describes a child that has succeeded.
type DeferredRecord struct {
	Items  int64 // of the child
	Record json.RawMessage
}

// Text is the answer as JSON text.
func (a *Restored) Text() []byte { return marshal(a) }

func (r *Run) applyRestoring() error {
	d := &r.results.deferred
	if d.children == 0 || d.task != 0 {
		return errImpossible
	}
	r.begin(&job{kind: jobRestore}, marshal(&RestoreRequest{r.program.fileBytes(), d.cursor}))
	d.task = r.lastTask
	return nil
}

// restored takes the records.
func (t *turn) restored(task uint64, text []byte) {
	var answer Restored
	if json.Unmarshal(text, &answer) != nil || !t.run.results.deferred.has(answer.Records) {
		t.unrestored(task)
		return
	}
	t.append(&fact{kind: factRestored, task: task, data: marshal(answer.Records), text: answer.Cursor})
}

// unrestored gives the files up: what is deferred stays so, for the next redrive.
func (t *turn) unrestored(task uint64) {
	t.append(&fact{kind: factUnwritable, task: task})
	t.fail(&Failure{"States.Runtime", "The log of the map run does not give the results of its children"})
}

// has says whether the records can be the next of those that are deferred.
func (d *deferred) has(records []DeferredRecord) bool {
	left := deferred{children: d.children - int64(len(records)), items: d.items}
	for i := range records {
		if n := records[i].Items; n < 1 || n > left.items || len(records[i].Record) == 0 {
			return false
		}
		left.items -= records[i].Items
	}
	return len(records) > 0 && left.sound()
}

func (r *Run) applyRestored(f *fact) error {
	d := &r.results.deferred
	j := r.jobs[f.task]
	if j == nil || j.kind != jobRestore || d.task != f.task {
		return errImpossible
	}
	var records []DeferredRecord
	if json.Unmarshal(f.data, &records) != nil || !d.has(records) {
		return errImpossible
	}
	r.end(f.task)
	d.task, d.cursor = 0, f.text
	for _, child := range records {
		d.children--
		d.items -= child.Items
		r.results.add(succeededFile, child.Record, child.Items)
	}
	return nil
}
