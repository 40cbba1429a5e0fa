package maprun

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// snapshotVersion is the version of the snapshots that are written; the format is
// that of Run.layout. Version 1 had no redrives, and nothing that one needs of map
// runs that were closed; version 2 did not say where items are from; version 3 had no
// records that are deferred, and did not say how much the children have given; version 4
// had nothing of children that did not succeed in a result without records.
const snapshotVersion = 5

// Snapshot appends the state of the map run.
func (r *Run) Snapshot(dst []byte) []byte {
	c := codec{Buf: append(dst, snapshotVersion)}
	r.layout(&c, snapshotVersion)
	return c.Buf
}

// restore reads a snapshot.
func restore(p *Program, info interpreter.Info, snapshot []byte) (*Run, error) {
	if len(snapshot) == 0 || snapshot[0] == 0 || snapshot[0] > snapshotVersion {
		return nil, fmt.Errorf("maprun: a snapshot is empty, or not of a version from 1 to %d", snapshotVersion)
	}
	r := newRun(p, info)
	c := codec{Buf: slices.Clone(snapshot[1:]), Reading: true}
	r.layout(&c, snapshot[0])
	if c.Bad || len(c.Buf) > 0 {
		return nil, errors.New("maprun: a snapshot is damaged")
	}
	return r, nil
}

func (r *Run) layout(c *codec, version byte) {
	c.Uint(&r.version)
	status := uint64(r.status)
	c.Uint(&status)
	r.status = interpreter.Status(status)
	c.Signed(&r.last)
	c.Text(&r.trace)
	layoutDocument(c, &r.input)
	layoutDocument(c, &r.output)
	c.Optional(&r.error)
	c.Optional(&r.cause)
	if r.version == 0 || c.Bad {
		return
	}
	if c.Reading && (r.input == nil || r.configure() != nil) {
		c.Fail()
		return
	}
	if version > 1 {
		c.Bool(&r.lost)
	} else {
		r.lost = r.status.Closed()
	}
	if c.Reading && r.lost {
		r.source = source{}
	}
	r.settings.layout(c)
	r.items.layout(c)
	r.executions.layout(c)
	c.Uint(&r.lastTask)
	r.layoutEnding(c)
	c.Uint(&r.stopTask)
	c.Uint(&r.askTask)
	c.Signed(&r.stopAt)
	r.source.layout(c, r.config.Reader == nil)
	r.layoutJobs(c)
	r.results.layout(c, version)
	if version > 1 {
		r.layoutRedrives(c)
	} else if r.executions.unsuccessful() > 0 {
		r.lost = true // which children those are was not written
	}
	if version > 2 {
		layoutOrigins(c, &r.source.origins)
	}
	if version > 3 {
		r.results.deferred.layout(c)
		r.seen.layout(c)
	} else {
		r.seen = r.guess()
	}
	if c.Reading && !c.Bad && !r.sound() {
		c.Fail()
	}
}

// sound says whether the tasks that the state names are there.
func (r *Run) sound() bool {
	names := func(id uint64, kind jobKind) bool { return id == 0 || r.jobs[id] != nil && r.jobs[id].kind == kind }
	for k := range r.results.files {
		if !names(r.results.files[k].task, jobWrite) {
			return false
		}
	}
	return r.executions.Total >= 0 && r.executions.Total <= mostItems && names(r.source.task, jobRead) && names(r.redo.inputs.task, jobRecall) && names(r.results.deferred.task, jobRestore) && r.results.deferred.sound() && r.seen.ends >= 0 && r.seen.bytes >= 0 && names(r.stopTask, jobStop) && names(r.askTask, jobAsk) &&
		(r.config.Reader != nil || r.source.done || r.lost) && r.redo.sound(r) &&
		(r.source.origins == nil || counted(r.source.origins) == int64(len(r.source.block)))
}

// layoutRedrives is what version 2 added.
func (r *Run) layoutRedrives(c *codec) {
	c.Uint(&r.redrives)
	c.Signed(&r.redriven)
	c.Signed(&r.items.NotRedrivable)
	c.Signed(&r.executions.NotRedrivable)
	r.failures.layout(c)
	r.redo.items.layout(c)
	r.redo.executions.layout(c)
	c.Signed(&r.redo.from)
	r.redo.inputs.layout(c)
}

// sound says whether as many children are there as wait.
func (d *redo) sound(r *Run) bool {
	if r.results.left > len(r.source.block) {
		return false
	}
	if d.from < 0 || d.executions.Failed < 0 || d.executions.TimedOut < 0 || d.executions.Aborted < 0 {
		return false
	}
	n := d.from
	if r.ending != nil {
		n = 0 // from is where the recount stands
	}
	for left := d.waiting(); left > 0; left-- {
		if n = r.failures.next(n); n < 0 {
			return false
		}
		n++
	}
	return true
}

func (c *recollection) layout(w *codec) {
	w.Uint(&c.task)
	w.Text(&c.cursor)
	n := w.Length(len(c.inputs))
	if w.Reading && n > 0 {
		c.inputs = make([]numbered, n)
	}
	for i := range n {
		w.Signed(&c.inputs[i].number)
		w.Bytes(&c.inputs[i].input)
		if w.Reading {
			c.bytes += len(c.inputs[i].input)
		}
	}
}

func layoutDocument(c *codec, p **value.Document) {
	there := *p != nil
	c.Bool(&there)
	if !there || c.Bad {
		return
	}
	var text []byte
	if !c.Reading {
		text = (*p).Text()
	}
	c.Bytes(&text)
	if c.Reading {
		*p = value.Text(text)
	}
}

func (r *Run) layoutEnding(c *codec) {
	there := r.ending != nil
	c.Bool(&there)
	if !there || c.Bad {
		return
	}
	if c.Reading {
		r.ending = &ending{}
	}
	status := uint64(r.ending.status)
	c.Uint(&status)
	r.ending.status = interpreter.Status(status)
	c.Optional(&r.ending.error)
	c.Optional(&r.ending.cause)
}

// layout: items of the input are there already, but for those that were used.
func (s *source) layout(c *codec, own bool) {
	used := s.used
	c.Signed(&used)
	c.Text(&s.cursor)
	c.Uint(&s.task)
	c.Bool(&s.done)
	if own {
		if c.Reading && (used < 0 || used > int64(len(s.block))) {
			c.Fail()
		} else if c.Reading {
			s.take(int(used))
		}
		return
	}
	s.used = used
	layoutList(c, &s.block)
	if c.Reading {
		for _, item := range s.block {
			s.bytes += len(item)
		}
	}
}

func layoutList(c *codec, p *[][]byte) {
	n := c.Length(len(*p))
	if c.Reading && n > 0 {
		*p = make([][]byte, n)
	}
	for i := range n {
		c.Bytes(&(*p)[i])
	}
}

func (r *Run) layoutJobs(c *codec) {
	ids := r.jobIDs()
	n := c.Length(len(ids))
	for i := range n {
		var id uint64
		j := &job{}
		if !c.Reading {
			id, j = ids[i], r.jobs[ids[i]]
		}
		payload := j.task.Payload
		c.Uint(&id)
		c.Uint((*uint64)(&j.kind))
		c.Signed(&j.number)
		c.Signed(&j.items)
		c.Uint((*uint64)(&j.file))
		c.Signed(&j.children)
		c.Bytes(&payload)
		if !c.Reading {
			continue
		}
		if c.Bad || !r.adopt(j, id, payload) {
			c.Fail()
			return
		}
	}
}

// adopt makes a job that was read part of the run, if it makes sense.
func (r *Run) adopt(j *job, id uint64, payload []byte) bool {
	switch {
	case id == 0 || id > r.lastTask || r.jobs[id] != nil || j.kind > jobRerun || j.file >= fileKinds,
		j.child() && (j.number < 0 || j.number >= r.executions.Total || j.items < 1),
		j.kind == jobRead && r.config.Reader == nil,
		(j.kind == jobWrite || j.kind == jobManifest || j.kind == jobRecount || j.kind == jobRestore) && !exports(r.config):
		return false
	}
	last := r.lastTask
	r.lastTask = id - 1
	r.begin(j, payload)
	r.lastTask = last
	return true
}

func (s *results) layout(c *codec, version byte) {
	layoutList(c, &s.outputs)
	for i, output := range s.outputs {
		if len(output) == 0 {
			s.outputs[i] = nil
		}
	}
	size := int64(s.bytes)
	c.Signed(&size)
	s.bytes = int(size)
	c.Bool(&s.tooLarge)
	c.Bytes(&s.listed)
	if len(s.listed) == 0 {
		s.listed = nil
	}
	c.Bool(&s.broken)
	kinds := s.files[:]
	if version == 1 {
		kinds = kinds[:pendingFile]
	}
	for k := range kinds {
		kinds[k].layout(c)
	}
	if version > 1 {
		c.Int(&s.left)
	}
	if version > 4 {
		c.Bool(&s.incomplete)
	}
	if c.Reading && s.broken {
		s.dropUnsuccessful() // version 3 kept them
	}
}

func (f *files) layout(c *codec) {
	layoutList(c, &f.pending)
	size := int64(f.bytes)
	c.Signed(&size)
	f.bytes = int(size)
	c.Signed(&f.items)
	c.Signed(&f.count)
	c.Uint(&f.task)
	n := c.Length(len(f.written))
	if c.Reading && n > 0 {
		f.written = make([]File, n)
	}
	for i := range n {
		c.Text(&f.written[i].Key)
		c.Signed(&f.written[i].Size)
		if c.Reading {
			f.sizes += f.written[i].Size
		}
	}
}
