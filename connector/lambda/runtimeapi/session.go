// Package runtimeapi is the side of AWS Lambda that a runtime talks to: the
// Lambda Runtime API, version 2018-06-01, for one instance of one function.
//
// A Session is that instance as its owner sees it, and an http.Handler as the
// runtime sees it:
//
//	            next                    Invoke
//	starting ────────▶ ready ◀────────────────────┐
//	                     │ hand over               │ next
//	                     ▼                         │
//	                  working ────────────────▶ answered
//	                          response, error
//
// The runtime is told that its answer has arrived (202) only when the invocation
// is settled: whoever wanted the result has made it durable, or wants it no
// longer. So a function that cleans up after its answer was taken, as handlers
// that commit offsets do, never does so for a result that a crash then loses.
//
// There is one Session, and one listener, for each process: some runtime clients
// take AWS_LAMBDA_RUNTIME_API apart at the colon, so that a path in it, by which
// processes could share a listener, would not reach them.
package runtimeapi

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// MaxAnswer is the size of the biggest answer that a function may give, in
// bytes: that of AWS Lambda.
const MaxAnswer = 6*1024*1024 + 100

// ErrClosed is the error of an invocation whose session has ended.
var ErrClosed = errors.New("runtimeapi: the session has ended")

// Invocation is one event for the function.
type Invocation struct {
	// ID names the invocation within the session and must be new.
	ID string
	// Payload is the event. Read only.
	Payload []byte
	// Deadline is told to the function; holding it is the owner's affair.
	Deadline time.Time
	// FunctionARN, TraceID and ClientContext (JSON) go to the function as they
	// are; the last two may be empty.
	FunctionARN, TraceID, ClientContext string
	// Settled, if not nil, is closed when the result has been made durable or
	// dropped. Unwanted says the same when it is closed: nobody waits any longer.
	// GivenUp says the contrary: the invocation will be made again, and its answer is
	// refused.
	Settled, Unwanted, GivenUp <-chan struct{}
}

// Answer is what the function gave.
type Answer struct {
	// Payload is the result, or the error report, as the function wrote it.
	Payload []byte
	// Failed says that it is an error report.
	Failed bool
}

// Session is the runtime API of one instance. Its methods may be called by any
// number of goroutines, but it works on one invocation at a time.
type Session struct {
	mux     *http.ServeMux
	offers  chan *delivery
	ready   chan struct{} // closed by the first next
	parked  chan struct{} // holds one token while a next may be waiting
	initErr chan Answer   // what init/error reported
	closed  chan struct{}

	readyOnce, closeOnce sync.Once

	mu      sync.Mutex // guards current
	current *delivery  // handed over last; nil before the first
}

// delivery is an invocation on its way through the runtime.
type delivery struct {
	*Invocation
	answer chan Answer   // holds one
	lost   chan struct{} // holds one token when the hand-over failed
	state  stage         // guarded by Session.mu
}

type stage int

const (
	working stage = iota
	answering
	answered
	abandoned
)

// NewSession is a session whose runtime has not said anything yet.
func NewSession() *Session {
	s := &Session{
		offers:  make(chan *delivery),
		ready:   make(chan struct{}),
		parked:  make(chan struct{}, 1),
		initErr: make(chan Answer, 1),
		closed:  make(chan struct{}),
	}
	s.mux = s.routes()
	return s
}

// Ready is closed when the runtime asks for an invocation for the first time.
func (s *Session) Ready() <-chan struct{} { return s.ready }

// Parked gives one token each time the runtime has begun to wait for an
// invocation, if the last one was taken.
func (s *Session) Parked() <-chan struct{} { return s.parked }

// InitError gives what the runtime reported if it could not start.
func (s *Session) InitError() <-chan Answer { return s.initErr }

// Invoke has the function carry out one invocation and gives its answer. The
// error is ctx's or ErrClosed; then the invocation is abandoned: the runtime may
// still work on it, but its answer will be refused.
func (s *Session) Invoke(ctx context.Context, inv *Invocation) (Answer, error) {
	d := &delivery{Invocation: inv, answer: make(chan Answer, 1), lost: make(chan struct{}, 1)}
	for {
		if err := s.offer(ctx, d); err != nil {
			return Answer{}, err
		}
		select {
		case a := <-d.answer:
			return a, nil
		case <-d.lost: // the connection broke on the way to the runtime
		case <-ctx.Done():
			return s.abandon(d, ctx.Err())
		case <-s.closed:
			return s.abandon(d, ErrClosed)
		}
	}
}

func (s *Session) offer(ctx context.Context, d *delivery) error {
	select {
	case s.offers <- d:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closed:
		return ErrClosed
	}
}

// abandon gives up on d, unless its answer has come in this very moment.
func (s *Session) abandon(d *delivery, why error) (Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case a := <-d.answer:
		return a, nil
	default:
		d.state = abandoned
		return Answer{}, why
	}
}

// Close ends the session: whoever waits in it is sent away. It may be called
// more than once.
func (s *Session) Close() { s.closeOnce.Do(func() { close(s.closed) }) }
