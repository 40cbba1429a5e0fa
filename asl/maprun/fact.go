package maprun

import (
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/asl/internal/layout"
	"github.com/fermata-dev/fermata/interpreter"
)

// codec writes and reads the binary form of facts and snapshots.
type codec = layout.Codec

// formatVersion is the version of the facts and snapshots that are written. A
// map run names it in its first fact. Kinds are never given a new meaning.
const formatVersion = 1

// factKind says what happened. The numbers are durable.
type factKind byte

const (
	factStarted  factKind = 1  // the map run started
	factReading  factKind = 2  // the next block of items was asked for
	factRead     factKind = 3  // it came
	factLaunched factKind = 4  // a child was given to whoever starts it
	factEnded    factKind = 5  // a child ended
	factEnding   factKind = 6  // the map run is going to end without success
	factStopping factKind = 7  // the children that run are to be stopped
	factStopped  factKind = 8  // they were asked to; looks again later
	factWriting  factKind = 9  // a file of results was given to the writer
	factWritten  factKind = 10 // it was written
	factListing  factKind = 11 // the manifest was given to the writer
	factListed   factKind = 12 // it was written
	factUpdated  factKind = 13 // the settings were changed
	factClosed   factKind = 14 // the map run ended

	factUnwritable factKind = 15 // the writer failed
	factAsking     factKind = 16 // whether the state waits for the map run is asked
	factAsked      factKind = 17 // that was answered
	factRedriven   factKind = 18 // the map run, which had ended, goes on
	factRelaunched factKind = 19 // a child that did not succeed runs again
	factFinal      factKind = 20 // as factEnded, and the child cannot run again
	factLeft       factKind = 21 // a child was not begun, for the map run has failed
	factRecalling  factKind = 22 // inputs of children that are to run again are read off the log
	factRecalled   factKind = 23 // they came
	factRecounting factKind = 24 // records of children that a redrive did not reach are read off the log
	factRecounted  factKind = 25 // they came
	factDeferred   factKind = 26 // a child succeeded whose record stays in the log, for the writer has failed
	factRestoring  factKind = 27 // such records are read off the log
	factRestored   factKind = 28 // they came
)

// begins says whether the fact adds a task.
func (k factKind) begins() bool {
	switch k {
	case factReading, factLaunched, factRelaunched, factRecalling, factRecounting, factRestoring, factStopping, factAsking, factWriting, factListing:
		return true
	}
	return false
}

// fact is one entry of the log in memory. Which fields count depends on the
// kind: see layout.
type fact struct {
	kind     factKind
	task     uint64
	version  uint64
	data     []byte // input, items, result or output
	given    bool   // data is there, else it is the item or items of the block
	text     string // trace header, cursor or key of a file
	done     bool   // nothing comes after the block
	items    int64  // of a child
	number   int64  // of a child
	status   uint64
	size     int64 // of a file in bytes
	kindOf   uint64
	delay    int64 // milliseconds
	settings Settings

	error, cause *string

	origins []origin // of items; optional
}

// layout is the binary form of a fact behind its kind.
func (f *fact) layout(c *codec) {
	switch f.kind {
	case factStarted:
		c.Uint(&f.version)
		c.Bytes(&f.data)
		c.Text(&f.text)
	case factReading, factStopping, factListing, factAsking, factAsked, factRedriven, factRecalling, factRecounting, factRestoring:
	case factRelaunched:
		c.Signed(&f.number)
	case factRecalled, factRestored:
		c.Uint(&f.task)
		c.Bytes(&f.data)
		c.Text(&f.text)
	case factRecounted:
		c.Uint(&f.task)
		c.Bytes(&f.data)
		c.Signed(&f.number)
	case factRead:
		c.Bytes(&f.data)
		c.Text(&f.text)
		c.Bool(&f.done)
		if len(f.origins) > 0 || c.Reading && len(c.Buf) > 0 {
			layoutOrigins(c, &f.origins)
		}
	case factLaunched, factLeft:
		c.Signed(&f.items)
		c.Bool(&f.given)
		if f.given {
			c.Bytes(&f.data)
		}
	case factEnded, factFinal:
		c.Uint(&f.task)
		c.Uint(&f.status)
		c.Bytes(&f.data)
	case factDeferred:
		c.Uint(&f.task)
		c.Signed(&f.items)
		c.Bytes(&f.data)
	case factEnding, factClosed:
		c.Uint(&f.status)
		c.Optional(&f.error)
		c.Optional(&f.cause)
		c.Bytes(&f.data)
	case factUnwritable:
		c.Uint(&f.task)
	case factStopped:
		c.Signed(&f.delay)
	case factWriting:
		c.Uint(&f.kindOf)
	case factWritten:
		c.Uint(&f.task)
		c.Text(&f.text)
		c.Signed(&f.size)
	case factListed:
		c.Bytes(&f.data)
	case factUpdated:
		f.settings.layout(c)
	default:
		c.Fail()
	}
}

func (s *Settings) layout(c *codec) {
	c.Signed(&s.MaxConcurrency)
	c.Signed(&s.ToleratedFailureCount)
	c.Float(&s.ToleratedFailurePercentage)
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
		return fact{}, errors.New("maprun: a fact is empty")
	}
	f.kind = factKind(b[0])
	c := codec{Buf: b[1:], Reading: true}
	f.layout(&c)
	if c.Bad || len(c.Buf) > 0 || f.status > uint64(interpreter.Aborted) {
		return fact{}, fmt.Errorf("maprun: a fact of kind %d is damaged or newer than this interpreter", f.kind)
	}
	return f, nil
}
