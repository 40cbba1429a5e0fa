package bench

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// echo is the work of a task in the process: its input.
func echo(_ context.Context, event []byte) ([]byte, error) { return event, nil }

// taskServer is an HTTP server on loopback whose answer is the request's body.
type taskServer struct {
	url    string
	server *http.Server
	done   chan struct{}
}

func startTaskServer() (*taskServer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &taskServer{url: "http://" + l.Addr().String() + "/task", done: make(chan struct{})}
	t.server = &http.Server{Handler: http.HandlerFunc(answerWithBody)}
	go func() {
		defer close(t.done)
		_ = t.server.Serve(l) // ends with Close
	}()
	return t, nil
}

func answerWithBody(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func (t *taskServer) close() {
	_ = t.server.Close()
	<-t.done
}

// loop measures the rate of POSTs that a bare client reaches.
func (t *taskServer) loop(concurrency int, body string, d time.Duration) (float64, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: concurrency}}
	defer client.CloseIdleConnections()
	var n atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	began := time.Now()
	for range concurrency {
		group.Go(func() {
			for time.Since(began) < d && failed.Load() == nil {
				if err := post(client, t.url, body); err != nil {
					failed.Store(&err)
				}
				n.Add(1)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(n.Load()) / time.Since(began).Seconds(), nil
}

func post(client *http.Client, url, body string) error {
	resp, err := client.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
