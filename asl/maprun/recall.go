package maprun

import (
	"encoding/json"
)

// An Express child runs anew in a redrive, with the input that it had. The map run
// does not keep the inputs of children that have ended: it has them read off its own
// log, block by block, as they are needed (see Recall).

// The size of a block of inputs.
const (
	recallInputs = 1000
	recallBytes  = 1 << 20
)

// recollection are inputs of children that the log was asked for.
type recollection struct {
	task   uint64 // the reading that is under way, 0 for none
	cursor string // where to go on
	bytes  int    // of inputs
	inputs []numbered
}

type numbered struct {
	number int64
	input  []byte
}

// take uses the input of a child up, which must be the next.
func (c *recollection) take(number int64) ([]byte, bool) {
	if len(c.inputs) == 0 || c.inputs[0].number != number {
		return nil, false
	}
	input := c.inputs[0].input
	c.bytes -= len(input)
	if c.inputs = c.inputs[1:]; len(c.inputs) == 0 {
		c.inputs = nil
	}
	return input, true
}

// RecallRequest is the payload of the task that reads inputs.
type RecallRequest struct {
	// Numbers are those of the children, rising.
	Numbers []int64
	// Bytes bounds the inputs together, but for the last.
	Bytes int
	// Cursor is that of the last answer, empty at first.
	Cursor string
}

// Recalled is the answer to it: the inputs of the first of these children, at least
// one.
type Recalled struct {
	Inputs []json.RawMessage
	Cursor string
}

// Text is the answer as JSON text.
func (a *Recalled) Text() []byte { return marshal(a) }

// recallRequest asks for the next children that wait.
func (r *Run) recallRequest() []byte {
	request := RecallRequest{Bytes: recallBytes, Cursor: r.redo.inputs.cursor}
	for n := r.redo.from; int64(len(request.Numbers)) < min(recallInputs, r.redo.waiting()); n++ {
		if n = r.failures.next(n); n < 0 {
			break
		}
		request.Numbers = append(request.Numbers, n)
	}
	return marshal(&request)
}

func (r *Run) applyRecalling() error {
	if r.redo.inputs.task != 0 || r.redo.waiting() == 0 {
		return errImpossible
	}
	r.begin(&job{kind: jobRecall}, r.recallRequest())
	r.redo.inputs.task = r.lastTask
	return nil
}

// recalled takes the inputs.
func (t *turn) recalled(task uint64, text []byte) {
	var answer Recalled
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Inputs) == 0 {
		t.fail(&Failure{"States.Runtime", "The log of the map run does not give the inputs of its children"})
		return
	}
	t.append(&fact{kind: factRecalled, task: task, data: marshal(answer.Inputs), text: answer.Cursor})
}

func (r *Run) applyRecalled(f *fact) error {
	c := &r.redo.inputs
	j := r.jobs[f.task]
	if j == nil || j.kind != jobRecall || c.task != f.task {
		return errImpossible
	}
	inputs, err := split(f.data)
	if err != nil {
		return err
	}
	r.end(f.task)
	c.task, c.cursor = 0, f.text
	n := r.redo.from
	for _, input := range inputs {
		if n = r.failures.next(n); n < 0 {
			return errImpossible
		}
		c.inputs = append(c.inputs, numbered{n, input})
		c.bytes += len(input)
		n++
	}
	return nil
}

// recall has the next inputs read.
func (t *turn) recall() { t.appendTask(&fact{kind: factRecalling}) }

// mustRecall says whether the next child that waits needs an input first.
func (r *Run) mustRecall() bool { return r.program.Express && len(r.redo.inputs.inputs) == 0 }
