package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// victimPause is how long a task of the process takes that is to be killed, so
// that all executions are under way at the same time.
const victimPause = 100 * time.Millisecond

// Victim is the process that is killed: it starts the executions of a Recover
// workload over the store in dir, writes the number of calls to out as they come,
// and ends when it is killed or ctx ends.
func Victim(ctx context.Context, dir string, c Config, out io.Writer) error {
	if err := c.setDefaults(); err != nil {
		return err
	}
	f, err := fermata.Open(ctx, fermata.Config{Dir: dir, MaxCalls: c.Executions})
	if err != nil {
		return err
	}
	defer f.Close()
	var calls atomic.Int64
	f.Handle("work", func(ctx context.Context, event []byte) ([]byte, error) {
		calls.Add(1)
		timer := time.NewTimer(victimPause)
		defer timer.Stop()
		select {
		case <-timer.C:
			return event, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	if _, err := f.Deploy(ctx, "bench", c.definition("")); err != nil {
		return err
	}
	if err := startAll(ctx, f, &c); err != nil {
		return err
	}
	for ticker := time.NewTicker(5 * time.Millisecond); ; {
		if _, err := fmt.Fprintln(out, calls.Load()); err != nil {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// startAll starts the executions, 64 at a time.
func startAll(ctx context.Context, f *fermata.Fermata, c *Config) error {
	var next atomic.Int64
	failed := make(chan error, 64)
	for range 64 {
		go func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= c.Executions {
					failed <- nil
					return
				}
				if _, err := f.Start(ctx, "bench", json.RawMessage(c.input(uint64(i)))); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	var errs []error
	for range 64 {
		errs = append(errs, <-failed)
	}
	return errors.Join(errs...)
}

// recoverFromKill runs a victim, kills it when half of the tasks were called, and
// measures how long it takes until everything has ended.
func recoverFromKill(ctx context.Context, c Config, env Env) (*Report, error) {
	if env.Victim == nil {
		return nil, errors.New("recover needs a command line for the process that is killed")
	}
	dir, err := os.MkdirTemp("", "fermata-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	r := &Report{Kind: Recover, Store: "pebble", Executions: c.Executions, StepsEach: c.Steps, PayloadSize: c.Payload}
	if r.CallsBefore, err = killHalfWay(ctx, env.Victim(dir, c), int64(c.Executions*c.Steps/2)); err != nil {
		return nil, err
	}
	began := time.Now()
	f, err := openAfterKill(ctx, dir, &r.CallsAfter)
	if err != nil {
		return nil, err
	}
	r.ReadyMs = milliseconds(time.Since(began))
	m, err := f.Catalog().MachineByName(ctx, "bench")
	if err == nil {
		err = allEnded(ctx, f.Engine(), m.ID)
	}
	r.Recovered = milliseconds(time.Since(began))
	return r, errors.Join(err, f.Close())
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

// openAfterKill opens the store with the task's function in place before the
// first task is called.
func openAfterKill(ctx context.Context, dir string, calls *int64) (*fermata.Fermata, error) {
	return fermata.Open(ctx, fermata.Config{Dir: dir, Handlers: map[string]fermata.Handler{
		"work": func(_ context.Context, event []byte) ([]byte, error) {
			atomic.AddInt64(calls, 1)
			return event, nil
		},
	}})
}

// allEnded returns when no execution is open any more.
func allEnded(ctx context.Context, e *engine.Engine, machine uint64) error {
	for {
		open, err := e.List(ctx, store.ListQuery{Machine: machine, Status: store.Running}, store.ListRow{}, 1)
		if err != nil || len(open) == 0 {
			return err
		}
		if _, err := e.Wait(ctx, open[0].Run); err != nil {
			return err
		}
	}
}

// killHalfWay starts the victim and kills it (SIGKILL) after so many calls. It
// returns how many there had been.
func killHalfWay(ctx context.Context, args []string, after int64) (int64, error) {
	victim := exec.CommandContext(ctx, args[0], args[1:]...)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := victim.Start(); err != nil {
		return 0, err
	}
	calls := int64(0)
	for s := bufio.NewScanner(out); calls < after && s.Scan(); {
		if calls, err = strconv.ParseInt(strings.TrimSpace(s.Text()), 10, 64); err != nil {
			break
		}
	}
	killed := victim.Process.Kill()
	_ = victim.Wait() // it was killed
	if calls < after {
		return calls, errors.Join(fmt.Errorf("the process ended after %d of %d calls", calls, after), killed)
	}
	return calls, errors.Join(err, killed)
}
