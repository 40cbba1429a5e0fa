package local

import (
	"container/list"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/lambda"
	"github.com/fermata-dev/fermata/connector/lambda/runtimeapi"
	"github.com/fermata-dev/fermata/expr/value"
)

// job is one invocation on its way through a pool.
type job struct {
	request  *lambda.Request
	id       string
	done     chan struct{} // closed by finish
	unwanted chan struct{} // closed when nobody waits any longer
	givenUp  chan struct{} // closed instead when somebody will make the invocation again
	place    *list.Element // in the queue; guarded by the pool's mutex

	answer runtimeapi.Answer // valid once done is closed
	err    error             // the same: the pool's own fault
	log    *tail             // nil unless asked for
}

func newJob(r *lambda.Request) *job {
	j := &job{request: r, id: lambda.NewRequestID(), done: make(chan struct{}), unwanted: make(chan struct{}), givenUp: make(chan struct{})}
	if r.LogTail {
		j.log = &tail{}
	}
	return j
}

// finish gives the answer to whoever waits. Called once.
func (j *job) finish(a runtimeapi.Answer) {
	if !a.Failed {
		if len(a.Payload) == 0 {
			a.Payload = []byte("null")
		} else if err := value.Valid(a.Payload); err != nil {
			a = runtimeapi.Answer{Payload: lambda.InvalidAnswer(err), Failed: true}
		}
	}
	j.answer = a
	close(j.done)
}

// fail finishes the job with an error that the platform reports for the
// function, worded as AWS does.
func (j *job) fail(errorType, message string) {
	j.finish(failed(errorType, fmt.Sprintf("RequestId: %s Error: %s", j.id, message)))
}

func failed(errorType, message string) runtimeapi.Answer {
	return runtimeapi.Answer{Payload: lambda.ErrorPayload(errorType, message), Failed: true}
}

// drop finishes the job without an answer.
func (j *job) drop(err error) {
	j.err = err
	close(j.done)
}

// leave says that nobody waits any longer, and why.
func (j *job) leave(why error) {
	if errors.Is(why, connector.ErrGivenUp) {
		close(j.givenUp)
	} else {
		close(j.unwanted)
	}
}

// isLeft says whether nobody waits any longer.
func (j *job) isLeft() bool {
	select {
	case <-j.unwanted:
		return true
	case <-j.givenUp:
		return true
	default:
		return false
	}
}

func (j *job) response() (*lambda.Response, error) {
	if j.err != nil {
		return nil, j.err
	}
	r := &lambda.Response{
		Status: http.StatusOK, Payload: j.answer.Payload, Failed: j.answer.Failed,
		ExecutedVersion: "$LATEST", RequestID: j.id,
	}
	if j.log != nil {
		r.LogResult = base64.StdEncoding.EncodeToString(j.log.text())
	}
	return r, nil
}

func (j *job) invocation(f *Function, arn string, now time.Time) *runtimeapi.Invocation {
	payload := j.request.Payload
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	return &runtimeapi.Invocation{
		ID: j.id, Payload: payload, Deadline: now.Add(f.Timeout), FunctionARN: arn,
		TraceID: j.request.Call.TraceHeader, ClientContext: j.request.ClientContextJSON(),
		Settled: j.request.Call.Settled, Unwanted: j.unwanted, GivenUp: j.givenUp,
	}
}

// tailSize is how much of its log an invocation gives back.
const tailSize = 4096

// tail keeps the end of what was written to it.
type tail struct {
	mu  sync.Mutex // guards buf
	buf []byte
}

func (t *tail) add(line []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(append(t.buf, line...), '\n')
	if over := len(t.buf) - tailSize; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
}

func (t *tail) text() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]byte(nil), t.buf...)
}
