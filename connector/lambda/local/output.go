package local

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// Limits of what a process may write to the log. It may write as much as it
// likes; the rest is read and dropped, so that it never waits for us.
const (
	maxLine        = 4 * 1024 // bytes of a line; the rest is cut off
	linesPerSecond = 500      // of one process
	lastLines      = 5        // shown of a process that did not start
)

// drainTime is how long the pipe of a process that has ended is read on, for
// what its last words may still be on the way; a child that left the process's
// group could keep the pipe open for ever.
const drainTime = 200 * time.Millisecond

// output reads what a process writes and logs it line by line.
type output struct {
	pipe     *os.File
	logger   *slog.Logger
	function string
	job      atomic.Pointer[job] // on whose behalf the process works
	done     chan struct{}       // closed when everything has been read
	last     []string            // lines on nobody's behalf; valid once done is closed

	window  time.Time // the second that is being counted
	lines   int       // logged in it
	dropped int       // not logged in it
}

// newOutput starts to read; finish ends it.
func newOutput(pipe *os.File, logger *slog.Logger, function string) *output {
	o := &output{pipe: pipe, logger: logger, function: function, done: make(chan struct{})}
	go o.read()
	return o
}

// begin says on whose behalf the process works from now on; nil for nobody's.
func (o *output) begin(j *job) { o.job.Store(j) }

// finish waits until everything has been read. The process must have ended.
func (o *output) finish() {
	_ = o.pipe.SetReadDeadline(time.Now().Add(drainTime))
	<-o.done
	_ = o.pipe.Close()
}

func (o *output) read() {
	defer close(o.done)
	r := bufio.NewReaderSize(o.pipe, maxLine)
	for {
		line, err := r.ReadSlice('\n')
		cut := errors.Is(err, bufio.ErrBufferFull)
		if len(line) > 0 {
			o.take(bytes.TrimRight(line, "\r\n"), cut)
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		if err != nil {
			o.flush()
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrDeadlineExceeded) {
				o.logger.Warn("lambda output cannot be read", "function", o.function, "error", err)
			}
			return
		}
	}
}

// take logs one line if there have not been too many.
func (o *output) take(line []byte, cut bool) {
	j := o.job.Load()
	if j != nil && j.log != nil {
		j.log.add(line)
	}
	if j == nil {
		o.last = append(o.last[max(len(o.last)-lastLines+1, 0):], string(line))
	}
	now := time.Now()
	if now.Sub(o.window) >= time.Second {
		o.flush()
		o.window, o.lines = now, 0
	}
	if o.lines >= linesPerSecond {
		o.dropped++
		return
	}
	o.lines++
	o.logger.Info("lambda output", o.attributes(j, "line", string(line), "cut", cut)...)
}

// flush says how many lines were dropped.
func (o *output) flush() {
	if o.dropped > 0 {
		o.logger.Warn("lambda output dropped", o.attributes(o.job.Load(), "lines", o.dropped)...)
		o.dropped = 0
	}
}

func (o *output) attributes(j *job, more ...any) []any {
	attributes := append([]any{"function", o.function}, more...)
	if j != nil {
		attributes = append(attributes, "request", j.id, "execution", j.request.Call.Execution, "state", j.request.Call.State)
	}
	return attributes
}
