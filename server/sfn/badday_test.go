package sfn

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// TestHalfABody: a client that sends a part of its request and no more is sent away.
func TestHalfABody(t *testing.T) {
	w := newWorld(t)
	cfg := w.cfg
	cfg.Limits.BodyTime = 20 * time.Millisecond
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: %sListStateMachines\r\nContent-Type: %s\r\nContent-Length: 100\r\n\r\n{", targetPrefix, contentType)
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(body), "did not arrive in full within 20ms") {
		t.Errorf("status %d, %s, %v", response.StatusCode, body, err)
	}
	if _, err := connection.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection is still open: %v", err)
	}
}

// TestFailedStore: what the store cannot do any more is unavailable, and not a fault
// that is logged with every request.
func TestFailedStore(t *testing.T) {
	var log bytes.Buffer
	failed := fmt.Errorf("head of run 1: %w: disk full", store.ErrFailed)
	w := newWorld(t)
	s := w.with(faulty{err: failed}, slog.New(slog.NewTextHandler(&log, nil)))
	r := post(s, targetPrefix+"SendTaskSuccess", contentType, strings.NewReader(`{"taskToken":"x","output":"{}"}`))
	if r.Code != http.StatusServiceUnavailable || !strings.Contains(r.Body.String(), "until it is started again: head of run 1: store has failed: disk full") {
		t.Errorf("status %d, %s", r.Code, r.Body)
	}
	if log.Len() > 0 {
		t.Errorf("it was logged: %s", log.String())
	}
}
