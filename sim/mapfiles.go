package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// source is where the items of a map run are: all of it is in the key of the
// object.
type source struct {
	Items, Salt, Pad int
	// Broken is the first item that cannot be read, negative for none.
	Broken int
}

func (s *source) item(i int) json.RawMessage {
	return fmt.Appendf(nil, `{"n":%d,"pad":"%0*d"}`, (7*i+s.Salt)%10, s.Pad, i)
}

// location is what readers and writers are told of a place.
type location struct{ Bucket, Key, Prefix string }

func place(parameters json.RawMessage) (l location) {
	if parameters != nil {
		read(parameters, &l)
	}
	return l
}

func sourceOf(parameters json.RawMessage) (s source) {
	read([]byte(place(parameters).Key), &s)
	return s
}

// files are the places outside that map runs read from and write to.
type files struct {
	w         *World
	written   map[store.RunID]map[string][]byte // records by key
	manifests map[string][]byte
}

func newFiles(w *World) *files {
	return &files{w: w, written: map[store.RunID]map[string][]byte{}, manifests: map[string][]byte{}}
}

// transfer reads or writes. What does not get there, or whose answer is lost, is
// tried again by whoever does it, as connector/mapio does.
func (c *call) transfer() {
	w := c.node.w
	c.node.after(w.takes(), func() {
		if w.dice.chance(w.plan.Flaky) {
			c.transfer()
			return
		}
		cmd := w.files.carryOut(c.run, c.task)
		if w.dice.chance(w.plan.Flaky) {
			c.transfer()
			return
		}
		c.returns(cmd)
	})
}

func (f *files) carryOut(run store.RunID, t *interpreter.Task) interpreter.Command {
	switch t.Action {
	case maprun.ReadItems:
		return f.read(t)
	case maprun.WriteResults:
		return f.write(run, t)
	default:
		return f.list(run, t)
	}
}

func refused(t *interpreter.Task, name, cause string) interpreter.Command {
	return interpreter.TaskFailed{ID: t.ID, Error: &name, Cause: &cause}
}

// read gives a block of some size from the cursor on.
func (f *files) read(t *interpreter.Task) interpreter.Command {
	var request struct {
		Parameters json.RawMessage
		Cursor     string
		MaxItems   int
	}
	read(t.Payload, &request)
	from := sourceOf(request.Parameters)
	first, _ := strconv.Atoi(request.Cursor) // 0 for none
	end := min(from.Items, first+request.MaxItems, first+f.w.maps.upTo(12))
	var block [][]byte
	for i := first; i < end && i != from.Broken; i++ {
		block = append(block, from.item(i))
	}
	next := first + len(block)
	if len(block) == 0 && next == from.Broken {
		return refused(t, errorUnreadable, refusal)
	}
	output := array([]byte(`{"Items":`), block)
	output = fmt.Appendf(output, `,"Cursor":"%d","Done":%t}`, next, next == from.Items && next != from.Broken)
	return interpreter.TaskSucceeded{ID: t.ID, Output: output}
}

// write keeps a file of records. One that is written again is the same.
func (f *files) write(run store.RunID, t *interpreter.Task) interpreter.Command {
	var request struct {
		Name    string
		Redrive int
		Records json.RawMessage
	}
	read(t.Payload, &request)
	if model := f.w.audit.runs[run].maps.model; model.refuses(request.Redrive) {
		return model.refused(t)
	}
	of := f.written[run]
	if of == nil {
		of = map[string][]byte{}
		f.written[run] = of
	}
	key := fmt.Sprintf("%d/%s", request.Redrive, request.Name)
	if old, there := of[key]; there && !bytes.Equal(old, request.Records) {
		f.w.fail("run %d writes %s again, with other records", run, key)
	}
	of[key] = request.Records
	return interpreter.TaskSucceeded{ID: t.ID, Output: fmt.Appendf(nil, `{"Key":%q,"Size":%d}`, key, len(request.Records))}
}

func manifestOf(run store.RunID, redrives int) string { return fmt.Sprintf("%d/%d", run, redrives) }

// list keeps the manifest.
func (f *files) list(run store.RunID, t *interpreter.Task) interpreter.Command {
	var request struct {
		Files   json.RawMessage
		Redrive int
	}
	read(t.Payload, &request)
	if model := f.w.audit.runs[run].maps.model; model.refuses(request.Redrive) {
		return model.refused(t)
	}
	key := manifestOf(run, request.Redrive)
	if old, there := f.manifests[key]; there && !bytes.Equal(old, request.Files) {
		f.w.fail("run %d writes its manifest again, with other files", run)
	}
	f.manifests[key] = request.Files
	return interpreter.TaskSucceeded{ID: t.ID, Output: fmt.Appendf(nil, `{"Bucket":"results","Key":"manifest-%d"}`, run)}
}
