package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fermata-dev/fermata/connector/lambda/runtimeapi"
)

// instance is one process of a function, its side of the Runtime API and what it
// writes.
type instance struct {
	pool    *pool
	session *runtimeapi.Session
	server  *http.Server
	served  chan struct{} // closed when the server has ended
	cmd     *exec.Cmd
	exited  chan struct{} // closed when the process has ended
	waitErr error         // how; valid once exited is closed
	output  *output
	ended   atomic.Bool // we ended it
}

// launch starts a process and what belongs to it.
func launch(p *pool) (*instance, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	inst := &instance{
		pool: p, session: runtimeapi.NewSession(), served: make(chan struct{}), exited: make(chan struct{}),
	}
	if err := inst.startProcess(listener.Addr().String()); err != nil {
		_ = listener.Close()
		return nil, err
	}
	inst.server = inst.session.Server()
	go func() {
		defer close(inst.served)
		_ = inst.server.Serve(listener) // always ErrServerClosed
	}()
	go func() {
		defer close(inst.exited)
		defer inst.session.Close()
		inst.waitErr = inst.cmd.Wait()
		killGroup(inst.cmd.Process) // whom it left behind
		inst.output.finish()
	}()
	p.config.Logger.Debug("lambda function started", "function", p.function.Name, "pid", inst.cmd.Process.Pid)
	return inst, nil
}

func (inst *instance) startProcess(api string) error {
	f := &inst.pool.function
	argv, err := f.argv(inst.pool.files)
	if err != nil {
		return err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer writer.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = f.Dir
	cmd.Env = f.environment(inst.pool.config.Region, api)
	cmd.Stdout, cmd.Stderr = writer, writer
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		_ = reader.Close()
		return err
	}
	inst.cmd = cmd
	inst.output = newOutput(reader, inst.pool.config.Logger, f.Name)
	return nil
}

// argv is the command of the function.
func (f *Function) argv(files *bootstraps) ([]string, error) {
	if len(f.Command) > 0 {
		return f.Command, nil
	}
	switch f.kind() {
	case "nodejs":
		path, err := files.path("bootstrap.mjs")
		return []string{"node", path}, err
	case "python":
		path, err := files.path("bootstrap.py")
		return []string{"python3", path}, err
	}
	return []string{"./bootstrap"}, nil
}

func (inst *instance) hasExited() bool {
	select {
	case <-inst.exited:
		return true
	default:
		return false
	}
}

// ending says how the process ended, in AWS's words. It waits for the end, which
// has come or is about to.
func (inst *instance) ending() string {
	<-inst.exited
	var exit *exec.ExitError
	switch {
	case inst.waitErr == nil:
		return "Runtime exited without providing a reason"
	case errors.As(inst.waitErr, &exit):
		return "Runtime exited with error: " + strings.TrimSpace(exit.Error())
	}
	return fmt.Sprintf("Runtime exited with error: %v", inst.waitErr)
}

// stopped says whether the pool is being closed.
func (inst *instance) stopped() bool { return inst.pool.ctx.Err() != nil }

// kill ends the process and its children at once.
func (inst *instance) kill() {
	inst.ended.Store(true)
	killGroup(inst.cmd.Process)
}

// end ends the process if it still runs, gently and after the grace with force,
// and waits for everything that belongs to it.
func (inst *instance) end() {
	if !inst.hasExited() && !inst.ended.Swap(true) {
		terminateGroup(inst.cmd.Process)
		grace := time.NewTimer(inst.pool.config.StopGrace)
		select {
		case <-inst.exited:
		case <-grace.C:
			killGroup(inst.cmd.Process)
		}
		grace.Stop()
	}
	<-inst.exited
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = inst.server.Shutdown(ctx) // the handlers end with the session
	_ = inst.server.Close()
	<-inst.served
	inst.pool.config.Logger.Debug("lambda function ended", "function", inst.pool.function.Name,
		"pid", inst.cmd.Process.Pid, "how", inst.ending())
}
