package maprun

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// snapshotVersion is the version of the snapshots that are written; the format is
// that of Run.layout.
const snapshotVersion = 1

// Snapshot appends the state of the map run.
func (r *Run) Snapshot(dst []byte) []byte {
	c := codec{buf: append(dst, snapshotVersion)}
	r.layout(&c)
	return c.buf
}

// restore reads a snapshot.
func restore(p *Program, info interpreter.Info, snapshot []byte) (*Run, error) {
	if len(snapshot) == 0 || snapshot[0] != snapshotVersion {
		return nil, fmt.Errorf("maprun: a snapshot is empty, or not of version %d", snapshotVersion)
	}
	r := newRun(p, info)
	c := codec{buf: slices.Clone(snapshot[1:]), reading: true}
	r.layout(&c)
	if c.bad || len(c.buf) > 0 {
		return nil, errors.New("maprun: a snapshot is damaged")
	}
	return r, nil
}

func (r *Run) layout(c *codec) {
	c.uint(&r.version)
	status := uint64(r.status)
	c.uint(&status)
	r.status = interpreter.Status(status)
	c.int(&r.last)
	c.text(&r.trace)
	c.document(&r.input)
	c.document(&r.output)
	c.optional(&r.error)
	c.optional(&r.cause)
	if r.version == 0 || c.bad {
		return
	}
	if c.reading && (r.input == nil || r.configure() != nil) {
		c.fail()
		return
	}
	if r.status.Closed() { // it has let its items go
		r.source = source{}
	}
	c.settings(&r.settings)
	r.items.layout(c)
	r.executions.layout(c)
	c.uint(&r.lastTask)
	r.layoutEnding(c)
	c.uint(&r.stopTask)
	c.uint(&r.askTask)
	c.int(&r.stopAt)
	r.source.layout(c, r.config.Reader == nil)
	r.layoutJobs(c)
	r.results.layout(c)
	if c.reading && !c.bad && !r.sound() {
		c.fail()
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
	return names(r.source.task, jobRead) && names(r.stopTask, jobStop) && names(r.askTask, jobAsk) &&
		(r.config.Reader != nil || r.source.done || r.status.Closed())
}

func (c *codec) document(p **value.Document) {
	there := *p != nil
	c.bool(&there)
	if !there || c.bad {
		return
	}
	var text []byte
	if !c.reading {
		text = (*p).Text()
	}
	c.bytes(&text)
	if c.reading {
		*p = value.Text(text)
	}
}

func (r *Run) layoutEnding(c *codec) {
	there := r.ending != nil
	c.bool(&there)
	if !there || c.bad {
		return
	}
	if c.reading {
		r.ending = &ending{}
	}
	status := uint64(r.ending.status)
	c.uint(&status)
	r.ending.status = interpreter.Status(status)
	c.optional(&r.ending.error)
	c.optional(&r.ending.cause)
}

// layout: items of the input are there already, but for those that were used.
func (s *source) layout(c *codec, own bool) {
	used := s.used
	c.int(&used)
	c.text(&s.cursor)
	c.uint(&s.task)
	c.bool(&s.done)
	if own {
		if c.reading && (used < 0 || used > int64(len(s.block))) {
			c.fail()
		} else if c.reading {
			s.take(int(used))
		}
		return
	}
	s.used = used
	c.list(&s.block)
	if c.reading {
		for _, item := range s.block {
			s.bytes += len(item)
		}
	}
}

func (c *codec) list(p *[][]byte) {
	n := c.length(len(*p))
	if c.reading && n > 0 {
		*p = make([][]byte, n)
	}
	for i := range n {
		c.bytes(&(*p)[i])
	}
}

func (r *Run) layoutJobs(c *codec) {
	ids := r.jobIDs()
	n := c.length(len(ids))
	for i := range n {
		var id uint64
		j := &job{}
		if !c.reading {
			id, j = ids[i], r.jobs[ids[i]]
		}
		payload := j.task.Payload
		c.uint(&id)
		c.uint((*uint64)(&j.kind))
		c.int(&j.number)
		c.int(&j.items)
		c.uint((*uint64)(&j.file))
		c.int(&j.children)
		c.bytes(&payload)
		if !c.reading {
			continue
		}
		if c.bad || !r.adopt(j, id, payload) {
			c.fail()
			return
		}
	}
}

// adopt makes a job that was read part of the run, if it makes sense.
func (r *Run) adopt(j *job, id uint64, payload []byte) bool {
	switch {
	case id == 0 || id > r.lastTask || r.jobs[id] != nil || j.kind > jobAsk || j.file >= fileKinds,
		j.kind == jobRead && r.config.Reader == nil,
		(j.kind == jobWrite || j.kind == jobManifest) && !exports(r.config):
		return false
	}
	last := r.lastTask
	r.lastTask = id - 1
	r.begin(j, payload)
	r.lastTask = last
	return true
}

func (s *results) layout(c *codec) {
	c.list(&s.outputs)
	for i, output := range s.outputs {
		if len(output) == 0 {
			s.outputs[i] = nil
		}
	}
	size := int64(s.bytes)
	c.int(&size)
	s.bytes = int(size)
	c.bool(&s.tooLarge)
	c.bytes(&s.listed)
	if len(s.listed) == 0 {
		s.listed = nil
	}
	c.bool(&s.broken)
	for k := range s.files {
		s.files[k].layout(c)
	}
}

func (f *files) layout(c *codec) {
	c.list(&f.pending)
	size := int64(f.bytes)
	c.int(&size)
	f.bytes = int(size)
	c.int(&f.items)
	c.int(&f.count)
	c.uint(&f.task)
	n := c.length(len(f.written))
	if c.reading && n > 0 {
		f.written = make([]File, n)
	}
	for i := range n {
		c.text(&f.written[i].Key)
		c.int(&f.written[i].Size)
	}
}
