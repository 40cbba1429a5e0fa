package maprun

import (
	"github.com/fermata-dev/fermata/expr/value"
)

// What a map run that fails has not begun is in files of its own: records of
// children that have only an input. The items stay where they are, for a redrive
// begins with them. Items that were not read are in no file.

// leftOver says whether there are items without a record.
func (r *Run) leftOver() bool { return r.ending != nil && r.results.left < len(r.source.block) }

// leave makes the record of the next child that was not begun. Where its input
// cannot be made there are no more.
func (t *turn) leave() {
	n, input, err := t.nextInput(t.run.results.left)
	if err != nil {
		t.append(&fact{kind: factLeft, items: int64(len(t.run.source.block) - t.run.results.left)})
		return
	}
	t.append(&fact{kind: factLeft, items: n, given: true, data: input})
}

func (r *Run) applyLeft(f *fact) error {
	if r.ending == nil || f.items < 1 || f.items > int64(len(r.source.block)-r.results.left) {
		return errImpossible
	}
	r.results.left += int(f.items)
	if !f.given {
		return nil
	}
	record := value.AppendString([]byte(`{"Input":`), string(f.data))
	record = append(record, `,"InputDetails":{"Included":true},"Status":"PENDING"}`...)
	r.results.add(pendingFile, record, f.items)
	return nil
}
