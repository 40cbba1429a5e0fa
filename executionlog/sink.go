package executionlog

import (
	"bufio"
	"errors"
	"io"
)

// Sink takes the records of log groups. It is used by one goroutine at a time.
type Sink interface {
	// Write takes one record of the log group with this ARN. The sink does not
	// keep the bytes.
	Write(group string, record []byte) error
	// Flush shows what was written to readers.
	Flush() error
	// Sync makes what was written durable, as far as the sink can.
	Sync() error
	// Close syncs and releases the sink.
	Close() error
}

// stream writes records as lines, whatever their log group.
type stream struct{ out *bufio.Writer }

// NewStream makes a sink that writes every record as one line of JSON. It does
// not close w.
func NewStream(w io.Writer) Sink { return stream{bufio.NewWriter(w)} }

func (s stream) Write(_ string, record []byte) error {
	_, _ = s.out.Write(record) // an error stays until the line's end
	return s.out.WriteByte('\n')
}

func (s stream) Flush() error { return s.out.Flush() }
func (s stream) Sync() error  { return s.out.Flush() }
func (s stream) Close() error { return s.out.Flush() }

// tee is several sinks.
type tee []Sink

// Tee makes a sink that gives every record to all of them.
func Tee(sinks ...Sink) Sink { return tee(sinks) }

func (t tee) each(f func(Sink) error) error {
	var errs []error
	for _, s := range t {
		errs = append(errs, f(s))
	}
	return errors.Join(errs...)
}

func (t tee) Write(group string, record []byte) error {
	return t.each(func(s Sink) error { return s.Write(group, record) })
}

func (t tee) Flush() error { return t.each(Sink.Flush) }
func (t tee) Sync() error  { return t.each(Sink.Sync) }
func (t tee) Close() error { return t.each(Sink.Close) }
