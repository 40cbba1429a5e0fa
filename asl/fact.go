package asl

import (
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/asl/internal/layout"
)

// codec writes and reads the binary form of facts and snapshots.
type codec = layout.Codec

// formatVersion is the version of the facts and snapshots that are written. A
// run names it in its first fact. Kinds are never given a new meaning: a
// changed fact is a new kind, and a new version is for what older
// interpreters would misread.
const formatVersion = 1

// factKind says what happened. The numbers are durable.
type factKind byte

const (
	factStarted   factKind = 1  // the execution started
	factEntered   factKind = 2  // a state was entered
	factExited    factKind = 3  // a state was left, and with it perhaps its scope
	factErred     factKind = 4  // a state failed by itself, without a task
	factScheduled factKind = 5  // a task was scheduled (a Push task is started as well)
	factFetched   factKind = 6  // a worker fetched a Pull task
	factSubmitted factKind = 7  // the submission of a ByToken or ByJob task was acknowledged
	factResolved  factKind = 8  // the result of a task came before that
	factSettled   factKind = 9  // such a result counts now, no acknowledgement will come
	factSucceeded factKind = 10 // a task succeeded
	factFailed    factKind = 11 // a task failed or timed out
	factWaiting   factKind = 12 // a Wait state waits
	factRetrying  factKind = 13 // a failed state waits for its next attempt
	factDue       factKind = 14 // such a wait is over
	factBranched  factKind = 15 // a Parallel state started its branches
	factMapped    factKind = 16 // a Map state has its items
	factIterated  factKind = 17 // a Map state started its next iteration
	factCollapsed factKind = 18 // a branch or iteration failed, and with it all of them
	factGaveUp    factKind = 19 // a Parallel or Map state has no attempt left
	factClosed    factKind = 20 // the execution ended without success
	factMisread   factKind = 21 // an expression of a state failed: as factErred, and the history shows it
	factSurveyed  factKind = 25 // a distributed Map state was begun
	factMapRun    factKind = 26 // its map run was scheduled
	factRedriven  factKind = 35 // the execution, closed without success, goes on

	factMapRunRedriven factKind = 36 // the map run of a distributed Map state is to go on, too

	factDeleted factKind = 37 // the state machine was deleted
	factCut     factKind = 38 // a frame was about to go on after that, and the execution failed
)

// fact is one entry of the log in memory. Which fields count depends on the
// kind: see layout.
type fact struct {
	kind    factKind
	frame   uint64
	version uint64
	value   ref
	vars    []assignment
	next    uint64 // 1 + index of the state to go on with, 0 for none
	text    string // trace header, role, worker, token, field of an expression, or name of a map run
	failure failure
	ok      bool
	late    bool // factMisread: the state had done something before
	status  byte
	count   int // of items; retrier
	window  int
	timeout uint64 // seconds, 0 for none
	beat    uint64 // seconds, 0 for none
	delay   int64  // milliseconds from the time of the fact
}

// assignment gives a variable a value.
type assignment struct {
	name  string
	value ref
}

// hasFrame says whether facts of the kind are about a frame, not the execution.
func (k factKind) hasFrame() bool {
	switch k {
	case factStarted, factClosed, factRedriven, factDeleted:
		return false
	default:
		return true
	}
}

// layout is the binary form of a fact behind its kind.
func (f *fact) layout(c *codec) {
	if f.kind.hasFrame() {
		c.Uint(&f.frame)
	}
	switch f.kind {
	case factStarted:
		c.Uint(&f.version)
		f.value.layout(c)
		c.Text(&f.text)
	case factDeleted:
	case factEntered, factDue, factCollapsed, factGaveUp, factMapRunRedriven:
	case factExited:
		f.value.layout(c)
		f.layoutVars(c)
		c.Uint(&f.next)
	case factErred, factCut:
		f.failure.layout(c)
	case factMisread:
		f.failure.layout(c)
		c.Text(&f.text)
		c.Bool(&f.late)
	case factWaiting:
		c.Signed(&f.delay)
	case factRetrying:
		c.Int(&f.count)
		c.Signed(&f.delay)
	case factBranched, factIterated:
		f.value.layout(c)
	case factMapped:
		f.value.layout(c)
		c.Int(&f.count)
		c.Int(&f.window)
	case factSurveyed:
		f.value.layout(c)
		c.Int(&f.count)
	case factMapRun:
		f.value.layout(c)
		c.Text(&f.text)
	case factClosed:
		c.Byte(&f.status)
		f.failure.layout(c)
	case factRedriven:
		c.Text(&f.text)
	default:
		f.layoutTask(c)
	}
}

// layoutTask is the layout of the facts about a task.
func (f *fact) layoutTask(c *codec) {
	switch f.kind {
	case factScheduled:
		f.value.layout(c)
		c.Uint(&f.timeout)
		c.Uint(&f.beat)
		c.Text(&f.text)
	case factFetched:
		c.Text(&f.text)
	case factSettled:
	case factSubmitted, factSucceeded:
		f.value.layout(c)
	case factResolved:
		c.Bool(&f.ok)
		if f.ok {
			f.value.layout(c)
		} else {
			f.failure.layout(c)
		}
	case factFailed:
		f.failure.layout(c)
	default:
		c.Fail()
	}
}

func (f *fact) layoutVars(c *codec) {
	n := c.Length(len(f.vars))
	if c.Reading && n > 0 {
		f.vars = make([]assignment, n)
	}
	for i := range n {
		c.Text(&f.vars[i].name)
		f.vars[i].value.layout(c)
	}
}

// append appends the binary form of the fact to dst.
func (f *fact) append(dst []byte) []byte {
	c := codec{Buf: append(dst, byte(f.kind))}
	f.layout(&c)
	return c.Buf
}

// decodeFact reads a fact. The fact shares memory with b.
func decodeFact(b []byte) (f fact, err error) {
	if len(b) == 0 {
		return fact{}, errors.New("asl: a fact is empty")
	}
	f.kind = factKind(b[0])
	c := codec{Buf: b[1:], Reading: true}
	f.layout(&c)
	if c.Bad || len(c.Buf) > 0 {
		return fact{}, fmt.Errorf("asl: a fact of kind %d is damaged or newer than this interpreter", f.kind)
	}
	return f, nil
}
