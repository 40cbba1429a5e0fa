package runtimeapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

const prefix = "/2018-06-01/runtime/"

// Headers of the Runtime API.
const (
	headerRequestID     = "Lambda-Runtime-Aws-Request-Id"
	headerDeadline      = "Lambda-Runtime-Deadline-Ms"
	headerFunctionARN   = "Lambda-Runtime-Invoked-Function-Arn"
	headerTrace         = "Lambda-Runtime-Trace-Id"
	headerClientContext = "Lambda-Runtime-Client-Context"
	headerErrorType     = "Lambda-Runtime-Function-Error-Type"
	headerErrorBody     = "Lambda-Runtime-Function-Error-Body"
)

// Names of errors that the Runtime API answers with.
const (
	invalidRequestID  = "InvalidRequestID"
	invalidTransition = "InvalidStateTransition"
	entityTooLarge    = "RequestEntityTooLarge"
)

// ServeHTTP answers the runtime.
func (s *Session) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Session) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+prefix+"invocation/next", s.serveNext)
	mux.HandleFunc("POST "+prefix+"invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) {
		s.serveAnswer(w, r, false)
	})
	mux.HandleFunc("POST "+prefix+"invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) {
		s.serveAnswer(w, r, true)
	})
	mux.HandleFunc("POST "+prefix+"init/error", s.serveInitError)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "NotFound", "the Lambda Runtime API has no "+r.Method+" "+r.URL.Path)
	})
	return mux
}

// serveNext waits for an invocation and hands it over.
func (s *Session) serveNext(w http.ResponseWriter, r *http.Request) {
	if s.busy() {
		refuse(w, http.StatusForbidden, invalidTransition, "the last invocation has not been answered")
		return
	}
	s.readyOnce.Do(func() { close(s.ready) })
	select {
	case s.parked <- struct{}{}:
	default:
	}
	for {
		select {
		case d := <-s.offers:
			if r.Context().Err() != nil {
				d.lost <- struct{}{}
				return
			}
			if before, ok := s.start(d); ok {
				s.handOver(w, d, before)
				return
			}
		case <-r.Context().Done():
			return
		case <-s.closed:
			refuse(w, http.StatusGone, "SessionEnded", "the function instance is being stopped")
			return
		}
	}
}

// start makes d the current delivery, unless it was given up in this moment.
func (s *Session) start(d *delivery) (before *delivery, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.state == abandoned {
		return nil, false
	}
	before, s.current = s.current, d
	return before, true
}

// busy says whether the runtime owes an answer.
func (s *Session) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current != nil && (s.current.state == working || s.current.state == answering)
}

// handOver sends d to the runtime.
func (s *Session) handOver(w http.ResponseWriter, d, before *delivery) {
	h := w.Header()
	h["Content-Type"] = []string{"application/json"}
	h["Content-Length"] = []string{strconv.Itoa(len(d.Payload))}
	h[headerRequestID] = []string{d.ID}
	h[headerDeadline] = []string{strconv.FormatInt(d.Deadline.UnixMilli(), 10)}
	h[headerFunctionARN] = []string{d.FunctionARN}
	if d.TraceID != "" {
		h[headerTrace] = []string{d.TraceID}
	}
	if d.ClientContext != "" {
		h[headerClientContext] = []string{d.ClientContext}
	}
	_, err := w.Write(d.Payload)
	if err == nil {
		err = http.NewResponseController(w).Flush()
	}
	if err != nil {
		s.takeBack(d, before)
	}
}

// takeBack makes d available again: the runtime has not got it.
func (s *Session) takeBack(d, before *delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == d && d.state == working {
		s.current = before
		d.lost <- struct{}{}
	}
}

// serveAnswer takes the result or the error of an invocation, and answers when
// the invocation is settled.
func (s *Session) serveAnswer(w http.ResponseWriter, r *http.Request, failed bool) {
	d, status, name, message := s.claim(r.PathValue("id"))
	if d == nil {
		refuse(w, status, name, message)
		return
	}
	a, refused := readAnswer(r, failed)
	if !s.give(d, a) {
		refuse(w, http.StatusGone, invalidRequestID, "nobody waits for the invocation any longer")
		return
	}
	if !s.settled(d) {
		refuse(w, http.StatusGone, invalidRequestID, "the answer could not be kept; the invocation will be made again")
		return
	}
	if refused != "" {
		refuse(w, http.StatusRequestEntityTooLarge, entityTooLarge, refused)
		return
	}
	accept(w)
}

// settled waits until the answer is durable or not wanted; false if it will never
// be.
func (s *Session) settled(d *delivery) bool {
	if d.Settled == nil {
		return true
	}
	select {
	case <-d.Settled:
		return true
	case <-d.Unwanted:
		return true
	case <-d.GivenUp:
		return false
	case <-s.closed:
		return false
	}
}

// claim makes the request that named id the one that answers the invocation, or
// says why it may not.
func (s *Session) claim(id string) (d *delivery, status int, name, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d = s.current
	switch {
	case d == nil || d.ID != id:
		return nil, http.StatusBadRequest, invalidRequestID, "the session has no invocation of that id"
	case d.state == abandoned:
		return nil, http.StatusGone, invalidRequestID, "nobody waits for the invocation any longer"
	case d.state != working:
		return nil, http.StatusForbidden, invalidTransition, "the invocation has been answered already"
	}
	d.state = answering
	return d, 0, "", ""
}

// give passes the answer on; false if the invocation was abandoned meanwhile.
func (s *Session) give(d *delivery, a Answer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.state != answering {
		return false
	}
	d.state = answered
	d.answer <- a
	return true
}

func (s *Session) serveInitError(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.ready:
		refuse(w, http.StatusForbidden, invalidTransition, "the runtime has been initialised")
		return
	default:
	}
	a, _ := readAnswer(r, true)
	select {
	case s.initErr <- a:
		accept(w)
	default:
		refuse(w, http.StatusForbidden, invalidTransition, "the error has been reported already")
	}
}

// readAnswer reads what the function gave, whole or in chunks. Where that is no
// answer it makes the error that AWS would report, and if it was too big also
// says what to tell the runtime.
func readAnswer(r *http.Request, failed bool) (a Answer, refused string) {
	a.Failed = failed
	body, err := readBody(r)
	switch {
	case errors.Is(err, errTooBig):
		refused = "Exceeded maximum allowed payload size (" + strconv.Itoa(MaxAnswer) + " bytes)."
		return report("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size ("+
			strconv.Itoa(MaxAnswer)+" bytes)."), refused
	case err != nil:
		return report("Runtime.TruncatedResponse", "the answer ended before its end: "+err.Error()), ""
	}
	if name := r.Trailer.Get(headerErrorType); name != "" {
		return streamedError(r, name), ""
	}
	if failed && len(body) == 0 {
		name := r.Header.Get(headerErrorType)
		if name == "" {
			name = "Runtime.Unknown"
		}
		return report(name, "the function reported an error without saying which"), ""
	}
	a.Payload = body
	return a, ""
}

var errTooBig = errors.New("too big")

func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > MaxAnswer {
		return nil, errTooBig
	}
	if r.ContentLength >= 0 {
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxAnswer+1))
	if err == nil && len(body) > MaxAnswer {
		err = errTooBig
	}
	return body, err
}

// streamedError is the error that a function reported in the trailer, after it
// had begun to answer.
func streamedError(r *http.Request, name string) Answer {
	body, err := base64.StdEncoding.DecodeString(r.Trailer.Get(headerErrorBody))
	if err != nil || len(body) == 0 {
		return report(name, "the function failed while it was answering")
	}
	return Answer{Payload: body, Failed: true}
}

func report(name, message string) Answer {
	b, _ := json.Marshal(struct { // two strings: cannot fail
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{name, message})
	return Answer{Payload: b, Failed: true}
}

func accept(w http.ResponseWriter) {
	w.Header()["Content-Type"] = []string{"application/json"}
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`+"\n")
}

// refuse answers with an error in the shape of the Runtime API.
func refuse(w http.ResponseWriter, status int, name, message string) {
	w.Header()["Content-Type"] = []string{"application/json"}
	w.WriteHeader(status)
	_, _ = w.Write(report(name, message).Payload)
}

// Server serves a session on a listener. IdleTimeout and read limits are those
// of a peer that is our own child.
func (s *Session) Server() *http.Server {
	return &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second, MaxHeaderBytes: 2 << 20}
}
