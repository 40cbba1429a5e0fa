package maprun

import (
	"strconv"

	"github.com/fermata-dev/fermata/interpreter"
)

// jobKind is what an outstanding task is for. The numbers are durable.
type jobKind uint64

const (
	jobChild    jobKind = 0
	jobRead     jobKind = 1
	jobWrite    jobKind = 2
	jobManifest jobKind = 3
	jobStop     jobKind = 4
	jobAsk      jobKind = 5
	jobRedrive  jobKind = 6 // a Standard child that runs again
	jobRecall   jobKind = 7
	jobRecount  jobKind = 8
	jobRestore  jobKind = 9
	jobRerun    jobKind = 10 // an Express child that runs again
)

// job is an outstanding task.
type job struct {
	kind   jobKind
	task   interpreter.Task // shared by its address; never changed
	number int64            // of the child
	items  int64            // that the child, or the file, is about
	file   fileKind
	// children is how many of them the file is about.
	children int64
}

// child says whether the task is a child, and not something about files.
func (j *job) child() bool { return j.kind == jobChild || j.kind == jobRedrive || j.kind == jobRerun }

// begin adds a task.
func (r *Run) begin(j *job, payload []byte) {
	r.lastTask++
	r.describe(j, r.lastTask, payload)
	r.jobs[r.lastTask] = j
	if j.child() {
		r.children++
		r.held += len(payload)
	} else {
		r.asked += len(payload)
	}
}

// end takes a task away.
func (r *Run) end(id uint64) {
	j := r.jobs[id]
	delete(r.jobs, id)
	if j.child() {
		r.children--
		r.held -= len(j.task.Payload)
	} else {
		r.asked -= len(j.task.Payload)
	}
}

// describe makes the task of a job.
func (r *Run) describe(j *job, id uint64, payload []byte) {
	j.task = interpreter.Task{ID: id, Payload: payload, State: r.config.State}
	t := &j.task
	switch j.kind {
	case jobChild, jobRedrive, jobRerun:
		t.Connector, t.Action, t.Resource = Children, StartChild, strconv.FormatInt(j.number, 10)
		if j.items != 1 {
			t.Resource += "/" + strconv.FormatInt(j.items, 10)
		}
		t.Completion = interpreter.ByJob
		switch {
		case j.kind == jobRedrive:
			t.Action = RedriveChild
		case j.kind == jobRerun:
			t.Action, t.Completion = RerunChild, interpreter.ByAnswer
		case r.program.Express:
			t.Action, t.Completion = RunChild, interpreter.ByAnswer
		}
		t.Action += r.form()
	case jobStop:
		t.Connector, t.Action, t.Resource = Children, StopChildren, r.info.ExecutionARN
	case jobRecall:
		t.Connector, t.Action, t.Resource = Children, RecallInputs, r.info.ExecutionARN
	case jobRecount:
		t.Connector, t.Action, t.Resource = Children, RecountEnds, r.info.ExecutionARN
	case jobRestore:
		t.Connector, t.Action, t.Resource = Children, RestoreEnds, r.info.ExecutionARN
	case jobAsk:
		t.Connector, t.Action, t.Resource = Children, AskParent, r.info.ExecutionARN
	case jobRead:
		t.Connector, t.Action, t.Resource = Files, ReadItems, r.config.Reader.Resource
	case jobWrite:
		t.Connector, t.Action, t.Resource = Files, WriteResults, r.config.Writer.Resource
	case jobManifest:
		t.Connector, t.Action, t.Resource = Files, WriteManifest, r.config.Writer.Resource
	}
}

// The suffix of StartChild and RunChild says what the map run wants to know of the end of a
// child: with it a description of it, else only its output.
const Record = ".record"

func (r *Run) form() string {
	if r.results.records(r.config) {
		return Record
	}
	return ""
}
