package maprun

import (
	"encoding/json"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// succeeded takes the result of a task.
func (t *turn) succeeded(cmd interpreter.TaskSucceeded) interpreter.Outcome {
	j := t.run.jobs[cmd.ID]
	if j == nil {
		return interpreter.NoTask
	}
	switch j.kind {
	case jobChild, jobRedrive, jobRerun:
		t.childEnded(factEnded, cmd.ID, cmd.Output)
	case jobRead:
		t.read(cmd.Output)
	case jobRecall:
		t.recalled(cmd.ID, cmd.Output)
	case jobRecount:
		t.recounted(cmd.ID, cmd.Output)
	case jobRestore:
		t.restored(cmd.ID, cmd.Output)
	case jobWrite:
		t.written(cmd)
	case jobManifest:
		t.append(&fact{kind: factListed, data: cmd.Output})
	case jobStop:
		t.append(&fact{kind: factStopped, delay: stopPause})
	case jobAsk:
		t.append(&fact{kind: factAsked})
		if string(cmd.Output) == Forsaken {
			t.end(interpreter.Aborted, nil, nil)
		}
	}
	return interpreter.Done
}

// submitted takes the answer to a start, of which nothing is kept. A child that
// cannot run again has its end in it.
func (t *turn) submitted(cmd interpreter.TaskSubmitted) interpreter.Outcome {
	j := t.run.jobs[cmd.ID]
	if j == nil {
		return interpreter.NoTask
	}
	if j.kind == jobRedrive && final(cmd.Output) {
		t.childEnded(factFinal, cmd.ID, cmd.Output)
	}
	return interpreter.Done
}

// final says whether the answer to a start is the end of a child that cannot run again.
func final(answer []byte) bool { return len(answer) > len("{}") }

// Forsaken is the answer to AskParent where nobody waits any longer.
const Forsaken = "false"

// stopPause is how long to wait before the children are stopped again that were
// being started while the others were, in milliseconds.
const stopPause = 500

// failed takes the failure of a task. A child that could not even be started has
// failed as one that did.
func (t *turn) failed(cmd interpreter.TaskFailed) interpreter.Outcome {
	j := t.run.jobs[cmd.ID]
	if j == nil {
		return interpreter.NoTask
	}
	failure := &Failure{orElse(cmd.Error, ""), orElse(cmd.Cause, "")}
	switch j.kind {
	case jobChild, jobRedrive, jobRerun:
		t.append(&fact{kind: factEnded, task: cmd.ID, status: uint64(interpreter.Failed), data: t.unstarted(failure)})
	case jobRead:
		failure.Error = orElse(cmd.Error, errorReader)
		t.fail(failure)
	case jobRecall:
		failure.Error = orElse(cmd.Error, "States.Runtime")
		t.fail(failure)
	case jobRecount:
		t.recounted(cmd.ID, nil)
	case jobRestore:
		t.unrestored(cmd.ID)
	case jobWrite, jobManifest:
		t.append(&fact{kind: factUnwritable, task: cmd.ID})
		failure.Error = orElse(cmd.Error, errorWriter)
		t.fail(failure)
	case jobStop:
		t.append(&fact{kind: factStopped, delay: stopPause})
	case jobAsk:
		t.append(&fact{kind: factAsked})
	}
	return interpreter.Done
}

func orElse(text *string, instead string) string {
	if text == nil {
		return instead
	}
	return *text
}

// unstarted is the result of a child that could not be started.
func (t *turn) unstarted(f *Failure) []byte {
	return marshal(struct{ Status, Error, Cause string }{interpreter.Failed.String(), f.Error, f.Cause})
}

// childEnded takes the end of a child: a description of it, which is kept as it is
// where there are records, and of one that did not succeed; else the output alone.
func (t *turn) childEnded(kind factKind, task uint64, text []byte) {
	records := t.run.results.records(t.run.config)
	var status, output []byte
	_ = value.Members(text, func(name string, v []byte) bool { // what is no description is that of a failure
		switch name {
		case "Status":
			status = v
		case "Output":
			output = v
		}
		return status == nil || !records
	})
	out := &fact{kind: kind, task: task, status: uint64(statusOf(status)), data: output}
	if records || interpreter.Status(out.status) != interpreter.Succeeded {
		out.data = text
	}
	if t.run.defers(interpreter.Status(out.status)) {
		out.kind, out.items = factDeferred, t.run.jobs[task].items
	}
	t.append(out)
}

func statusOf(name []byte) interpreter.Status {
	for s := interpreter.Succeeded; s <= interpreter.Aborted; s++ {
		if `"`+s.String()+`"` == string(name) {
			return s
		}
	}
	return interpreter.Failed
}

// read takes the next block of items.
func (t *turn) read(text []byte) {
	var b block
	if err := json.Unmarshal(text, &b); err != nil {
		t.fail(&Failure{errorReader, "The items that were read are no block of items: " + err.Error()})
		return
	}
	items, err := split(b.Items)
	if err != nil {
		t.fail(&Failure{errorReader, "Attempting to map over non-iterable node."})
		return
	}
	most := t.run.config.Reader.MaxItems
	all := most > 0 && t.run.items.Total+int64(len(items)) >= most
	if t.run.config.Selector == nil || counted(b.Sources) != int64(len(items)) {
		b.Sources = nil // nobody asks, or they are not those of the items
	}
	t.append(&fact{kind: factRead, data: b.Items, text: b.Cursor, done: b.Done || all, origins: b.Sources})
}

// written takes the answer of the writer.
func (t *turn) written(cmd interpreter.TaskSucceeded) {
	var file File
	_ = json.Unmarshal(cmd.Output, &file) // a writer that does not say is asked for nothing else
	t.append(&fact{kind: factWritten, task: cmd.ID, text: file.Key, size: file.Size})
}
