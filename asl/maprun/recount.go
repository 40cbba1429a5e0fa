package maprun

import "encoding/json"

// A redrive that ends before it has reached all children that did not succeed has
// their records in its files all the same, as they were before: the files of
// failures of the last manifest are complete. The map run does not keep the records
// that were written. It has them read off its own log (see Recount).

// RecountRequest is the payload of the task that reads records.
type RecountRequest struct {
	// From is the number of the first child to look at.
	From int64
	// Bytes bounds the records together, but for the first.
	Bytes int
}

// Recounted is the answer to it: the records of the first of these children.
type Recounted struct {
	Records []ChildRecord
	// Next is the number of the child to go on with, 0 if there is none.
	Next int64
}

// ChildRecord describes a child that has ended without success.
type ChildRecord struct {
	Number int64
	Record json.RawMessage
}

// Text is the answer as JSON text.
func (a *Recounted) Text() []byte { return marshal(a) }

// unrecorded says whether there may be children that a redrive has not reached, and
// that have no record in its files.
func (r *Run) unrecorded() bool {
	return r.ending != nil && r.redo.waiting() > 0 && r.failures.next(r.redo.from) >= 0
}

// recounts says whether records are being read.
func (r *Run) recounts() bool {
	for _, j := range r.jobs {
		if j.kind == jobRecount {
			return true
		}
	}
	return false
}

func (r *Run) applyRecounting() error {
	if !r.unrecorded() || r.recounts() {
		return errImpossible
	}
	r.begin(&job{kind: jobRecount}, marshal(&RecountRequest{From: r.redo.from, Bytes: r.program.fileBytes()}))
	return nil
}

// recounted takes the records. Where they cannot be had the files are without them.
func (t *turn) recounted(task uint64, text []byte) {
	r := t.run
	var answer Recounted
	if json.Unmarshal(text, &answer) != nil || answer.Next <= r.redo.from {
		answer.Next = r.executions.Total
	}
	kept := []ChildRecord{}
	for _, c := range answer.Records {
		if r.lacks(c.Number, answer.Next) {
			kept = append(kept, c)
		}
	}
	t.append(&fact{kind: factRecounted, task: task, data: marshal(kept), number: answer.Next})
}

// lacks says whether the child of that number, below the limit, has no record yet.
func (r *Run) lacks(number, limit int64) bool {
	_, _, failed := r.failures.get(number)
	return failed && number >= r.redo.from && number < limit
}

func (r *Run) applyRecounted(f *fact) error {
	j := r.jobs[f.task]
	if j == nil || j.kind != jobRecount || f.number <= r.redo.from {
		return errImpossible
	}
	var records []ChildRecord
	if err := json.Unmarshal(f.data, &records); err != nil {
		return errImpossible
	}
	for _, c := range records {
		if !r.lacks(c.Number, f.number) {
			return errImpossible
		}
		_, items, _ := r.failures.get(c.Number)
		r.results.add(failedFile, c.Record, items)
	}
	r.end(f.task)
	r.redo.from = f.number
	return nil
}
