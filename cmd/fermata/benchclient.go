package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/bench"
	"github.com/fermata-dev/fermata/server/sfn"
)

// serveForBench puts the HTTP API in front of an engine.
func serveForBench(f *fermata.Fermata, machine string, express bool, concurrency int) (bench.Starter, func(), error) {
	api, err := sfn.New(sfn.Config{Engine: f.Engine(), Express: f.Express(), Catalog: f.Catalog(), Launcher: f.Launcher()})
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: readHeaderTimeout}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }() // ends with Close
	c := &loadClient{address: listener.Addr().String(), machine: machine, express: express, idle: make(chan *loadConn, concurrency)}
	return c, func() { c.close(); _ = server.Close(); <-done }, nil
}

// loadClient starts executions through the API. It shares the machine with the
// server that is measured, so it does without the two goroutines that net/http's
// client has for each connection.
type loadClient struct {
	address, machine string
	express          bool // of the machine: it can be run by StartSyncExecution
	idle             chan *loadConn
}

// loadConn is one connection, used by one caller at a time.
type loadConn struct {
	net.Conn
	in  *bufio.Reader
	out []byte
}

// Start implements bench.Starter.
func (c *loadClient) Start(ctx context.Context, input []byte) error {
	return c.post(ctx, "/", "X-Amz-Target: AWSStepFunctions.StartExecution\r\nContent-Type: application/x-amz-json-1.0\r\n", input, nil)
}

// Run implements bench.Starter.
func (c *loadClient) Run(ctx context.Context, input []byte) error {
	if c.express {
		return c.post(ctx, "/", "X-Amz-Target: AWSStepFunctions.StartSyncExecution\r\nContent-Type: application/x-amz-json-1.0\r\n", input, succeeded)
	}
	return c.post(ctx, "/fermata/v1/executions/run", "Content-Type: application/json\r\n", input, succeeded)
}

// succeeded is what is in the answer of an execution that did.
var succeeded = []byte(`"status":"SUCCEEDED"`)

func (c *loadClient) post(ctx context.Context, path, headers string, input, want []byte) error {
	conn, err := c.conn(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	status, answer, err := conn.exchange(path, headers, c.address, c.machine, input)
	if !stop() || err != nil {
		_ = conn.Close()
		if err == nil {
			err = context.Cause(ctx)
		}
		return err
	}
	c.idle <- conn // as many as there are callers at a time
	if status != http.StatusOK || !bytes.Contains(answer, want) {
		return fmt.Errorf("%s answered %d: %.300s", path, status, answer)
	}
	return nil
}

func (c *loadClient) conn(ctx context.Context) (*loadConn, error) {
	select {
	case conn := <-c.idle:
		return conn, nil
	default:
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", c.address)
	if err != nil {
		return nil, err
	}
	return &loadConn{Conn: conn, in: bufio.NewReader(conn)}, nil
}

func (c *loadClient) close() {
	for {
		select {
		case conn := <-c.idle:
			_ = conn.Close()
		default:
			return
		}
	}
}

// exchange sends a request to start an execution and reads the answer.
func (c *loadConn) exchange(path, headers, host, machine string, input []byte) (int, []byte, error) {
	body := strconv.Quote(string(input))
	const before, between = `{"stateMachineArn":"`, `","input":`
	size := len(before) + len(machine) + len(between) + len(body) + 1
	c.out = fmt.Appendf(c.out[:0], "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n%s%s%s%s}",
		path, host, headers, size, before, machine, between, body)
	if _, err := c.Write(c.out); err != nil {
		return 0, nil, err
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}
