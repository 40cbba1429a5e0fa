package asl

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// snapshotVersion is the version of the snapshots that are written; the
// format is that of image.layout. Version 1 had no frames of executions that were
// closed, no fans that had failed and no redrives, version 2 no map runs that can
// go on, version 3 no deleted state machines, version 4 no map runs that failed for
// good.
const snapshotVersion = 5

// Snapshot appends the state of the run. Documents come first, each once,
// however many registers refer to it.
func (r *Run) Snapshot(dst []byte) []byte {
	body := image{version: snapshotVersion, run: r, numbers: map[*value.Document]int{}}
	body.layout()
	c := codec{Buf: append(dst, snapshotVersion)}
	n := len(body.documents)
	c.Int(&n)
	for i := range body.documents {
		layoutDocument(&c, &body.documents[i])
	}
	return append(c.Buf, body.codec.Buf...)
}

// restore reads a snapshot.
func restore(p *Program, info interpreter.Info, snapshot []byte) (*Run, error) {
	snapshot = slices.Clone(snapshot)
	if len(snapshot) == 0 {
		return nil, errors.New("asl: a snapshot is empty")
	}
	if snapshot[0] == 0 || snapshot[0] > snapshotVersion {
		return nil, fmt.Errorf("asl: a snapshot has version %d, this interpreter knows 1 to %d", snapshot[0], snapshotVersion)
	}
	c := codec{Buf: snapshot[1:], Reading: true}
	documents := make([]*value.Document, c.Length(0))
	for i := range documents {
		layoutDocument(&c, &documents[i])
	}
	if !c.Bad {
		body := image{version: snapshot[0], codec: c, run: newRun(p, info), documents: documents}
		body.layout()
		if !body.codec.Bad && len(body.codec.Buf) == 0 {
			return body.run, nil
		}
	}
	return nil, errors.New("asl: a snapshot is damaged")
}

// image is a run while it is written to a snapshot or read from one.
type image struct {
	codec
	version   byte
	run       *Run
	documents []*value.Document
	numbers   map[*value.Document]int // writing: place in documents
	wrecked   int                     // within how many fans that have failed
}

func (m *image) layout() {
	r := m.run
	m.Uint(&r.version)
	m.Byte((*byte)(&r.status))
	m.Signed(&r.started)
	m.Signed(&r.last)
	m.Text(&r.trace)
	m.document(&r.input)
	m.document(&r.output)
	r.failure.layout(&m.codec)
	m.Uint(&r.events)
	m.Uint(&r.nextFrame)
	m.Uint(&r.lastTask)
	m.Int(&r.heldBytes)
	m.timer(&r.alarm)
	if r.version != 0 && !r.status.Closed() {
		m.tree(&r.root, nil)
		m.queue()
	}
	if m.version > 1 {
		m.redrives()
	}
	if m.version > 3 {
		m.Bool(&r.deleted)
	}
}

// document is a reference to a document, which may be nil.
func (m *image) document(p **value.Document) {
	var n int
	if !m.Reading && *p != nil {
		at, known := m.numbers[*p]
		if !known {
			at = len(m.documents)
			m.numbers[*p] = at
			m.documents = append(m.documents, *p)
		}
		n = at + 1
	}
	m.Int(&n)
	switch {
	case !m.Reading || n == 0:
	case n > len(m.documents):
		m.Fail()
	default:
		*p = m.documents[n-1]
	}
}

// timer is when a timer is due. The heartbeat of a task is written as the log
// knows it: see frame.
func (m *image) timer(t *timer) {
	armed := t.armed
	m.Bool(&armed)
	if !armed {
		return
	}
	due := t.due
	m.Signed(&due)
	if m.Reading && !m.Bad {
		m.run.timers.arm(t, due)
	}
}

// state is a reference to a state, which may be nil.
func (m *image) state(p **definition.State) {
	var n int
	if !m.Reading && *p != nil {
		n = (*p).Index + 1
	}
	m.Int(&n)
	all := m.run.program.machine.All
	switch {
	case !m.Reading || n == 0:
	case n > len(all):
		m.Fail()
	default:
		*p = all[n-1]
	}
}

// failure is one that may be absent.
func (m *image) failure(p **failure) {
	there := *p != nil
	m.Bool(&there)
	if !there || m.Bad {
		return
	}
	if m.Reading {
		*p = &failure{}
	}
	(*p).layout(&m.codec)
}

// queue is the order in which frames go on.
func (m *image) queue() {
	ids := m.run.ready.waiting()
	n := m.Length(len(ids))
	for i := range n {
		var id uint64
		if !m.Reading {
			id = ids[i]
		}
		m.Uint(&id)
		if !m.Reading {
			continue
		}
		f := m.run.frames.of(id)
		if f == nil || !f.runnable() {
			m.Fail()
			return
		}
		m.run.ready.push(f)
	}
}
