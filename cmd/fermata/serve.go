package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// The limits of an HTTP connection. There is none on writing: a long poll or a
// synchronous start may last.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	// lastRequests is how long requests may last that nothing under way answers:
	// long polls once the server stops, and all others once the engines are drained.
	lastRequests = time.Second
)

// serveUntil serves a node on a listener until the context ends, and then
// closes both.
func serveUntil(ctx context.Context, n *node, listener net.Listener) error {
	// Long polls end with their context when the server stops.
	requests, endRequests := context.WithCancelCause(context.WithoutCancel(ctx))
	defer endRequests(http.ErrServerClosed)
	server := &http.Server{
		Handler: n.handler, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout,
		BaseContext: func(net.Listener) context.Context { return requests },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = shutDown(server, n, func() { endRequests(http.ErrServerClosed) })
		<-failed
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, n.Close())
}

// shutDown takes no more requests while tasks and Express executions under way end:
// who waits for one of them is answered. Whatever is still open soon after that is
// cut off.
func shutDown(server *http.Server, n *node, endRequests func()) error {
	defer time.AfterFunc(lastRequests, endRequests).Stop()
	stop, cancel := context.WithCancel(context.Background())
	defer cancel()
	drained := make(chan error, 1)
	go func() {
		drained <- n.Drain()
		time.AfterFunc(lastRequests, cancel)
	}()
	err := server.Shutdown(stop)
	if errors.Is(err, context.Canceled) {
		err = server.Close()
	}
	return errors.Join(err, <-drained)
}

// listen opens the address that a server is to listen on.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if failed := (*net.OpError)(nil); errors.As(err, &failed) {
		err = failed.Err
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; name another address with --listen (port 0 takes a free one)", address, err)
	}
	return listener, nil
}

// storeText says where executions are kept.
func (n *node) storeText() string {
	if n.settings.store == inMemory {
		return "memory: executions end with this process"
	}
	return n.settings.store
}
