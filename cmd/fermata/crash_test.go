package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

var kills = flag.Int("crash.kills", 50, "how often the server is killed")

// crashMachines are the kinds of load; each execution ends with the number of
// steps that it took. The activity has a timeout, as every one should: a worker
// whose answer to GetActivityTask is lost does not know that it has the task.
var crashMachines = map[string]struct {
	definition string
	output     string // with the id for %s
}{
	"sequence": {`{"StartAt":"A","States":{` + task("A", "B") + "," + task("B", "C") + "," + task("C", "D") + "," + task("D", "E") + "," + task("E", "") + `}}`,
		`{"id":"%s","steps":5}`},
	"parallel": {`{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"ResultSelector":{"id.$":"$[0].id","steps.$":"States.ArrayLength($)"},"Branches":[
		{"StartAt":"A","States":{` + task("A", "B") + "," + task("B", "") + `}},
		{"StartAt":"C","States":{` + task("C", "") + `}},
		{"StartAt":"D","States":{"D":{"Type":"Wait","Seconds":1,"Next":"E"},` + task("E", "") + `}}]}}}`,
		`{"id":"%s","steps":3}`},
	"waiting": {`{"StartAt":"A","States":{` + task("A", "W") + `,"W":{"Type":"Wait","Seconds":1,"Next":"B"},` + task("B", "") + `}}`,
		`{"id":"%s","steps":2}`},
	"nested": {`{"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
		"Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:waiting","Input.$":"$"},"OutputPath":"$.Output","Next":"A"},` + task("A", "") + `}}`,
		`{"id":"%s","steps":3}`},
	"activity": {`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:work","Next":"A",
		"TimeoutSeconds":3,"Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1,"BackoffRate":1,"MaxAttempts":1000}]},` + task("A", "") + `}}`,
		`{"id":"%s","steps":2}`},
}

func task(name, next string) string {
	end := `"End":true`
	if next != "" {
		end = `"Next":"` + next + `"`
	}
	return `"` + name + `":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work",` + end + `}`
}

// TestKilledServerLosesNothing kills a server again and again under load, at
// random instants, and asks the handlers afterwards what they have seen.
func TestKilledServerLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a server for half a minute; run without -short")
	}
	c := newCrash(t)
	c.start()
	if err := client.New(c.url).Call(t.Context(), "CreateActivity", map[string]any{"name": "work"}, nil); err != nil {
		t.Fatal(err)
	}
	c.load()
	for range *kills {
		c.pause()
		c.kill()
		c.start()
	}
	c.over.Store(true)
	c.clients.Wait()
	c.checkExecutions()
	c.cancel()
	c.workers.Wait()
	c.checkWitnesses()
}

// crash is a server that is killed, and those who rely on it.
type crash struct {
	t           *testing.T
	dir, binary string
	flags       []string // of the server, beside those of every one
	url         string
	server      *exec.Cmd
	killed      []time.Time
	ctx         context.Context
	cancel      context.CancelFunc
	clients     sync.WaitGroup
	workers     sync.WaitGroup
	over        atomic.Bool

	mu       sync.Mutex // guards started and tokens
	started  []started
	tokens   map[string]int // acknowledged results by token
	handouts map[string]int // hand-outs by token
}

type started struct{ arn, kind, id string }

func newCrash(t *testing.T) *crash {
	needs(t, "go")
	c := &crash{t: t, dir: t.TempDir(), tokens: map[string]int{}, handouts: map[string]int{}}
	c.binary = filepath.Join(c.dir, "fermata")
	worker := filepath.Join(c.dir, "worker")
	for out, pkg := range map[string]string{c.binary: ".", worker: "./testdata/crashworker"} {
		if text, err := exec.Command("go", "build", "-o", out, pkg).CombinedOutput(); err != nil {
			t.Fatalf("go build %s: %v\n%s", pkg, err, text)
		}
	}
	witness := filepath.Join(c.dir, "witness")
	if err := os.Mkdir(witness, 0o755); err != nil {
		t.Fatal(err)
	}
	var machines strings.Builder
	for kind, m := range crashMachines {
		write(t, c.dir, kind+".json", m.definition)
		fmt.Fprintf(&machines, "  %s:\n    definition: %s.json\n", kind, kind)
	}
	write(t, c.dir, "fermata.yaml", fmt.Sprintf("functions:\n  work:\n    command: [%q]\n    concurrency: 8\n    timeout: 30s\n    environment:\n      WITNESS: %q\nstateMachines:\n%s",
		worker, witness, machines.String()))
	c.url = "http://" + freeAddress(t)
	c.ctx, c.cancel = context.WithCancel(t.Context())
	return c
}

// start starts the server and waits until it is ready.
func (c *crash) start() {
	c.t.Helper()
	flags := []string{"server", "--store", filepath.Join(c.dir, "store"), "--project", c.dir, "--listen", strings.TrimPrefix(c.url, "http://")}
	c.server = exec.Command(c.binary, append(flags, c.flags...)...)
	var log bytes.Buffer
	c.server.Stderr = &log
	out, err := c.server.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.server.Start(); err != nil {
		c.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		_ = c.server.Wait()
		c.t.Fatalf("the server did not start: %q, %v\n%s", line, err, log.String())
	}
	server := c.server
	c.t.Cleanup(func() { _ = server.Process.Kill() })
}

// freeAddress is an address on which nothing listens now. Its port is below those
// that the system gives to clients: a client that insists on a port of theirs while
// nobody listens is connected to itself in the end, and holds the port.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no free port between 20000 and 30000")
	return ""
}

// pause lets the load run for a random while.
func (c *crash) pause() {
	timer := time.NewTimer(time.Duration(20+rand.IntN(400)) * time.Millisecond)
	defer timer.Stop()
	<-timer.C
}

func (c *crash) kill() {
	if err := c.server.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	_ = c.server.Wait()
	c.killed = append(c.killed, time.Now())
}

// load starts clients that start executions of every kind, and workers for the
// activity. All of them try again until they get an answer.
func (c *crash) load() {
	for kind := range crashMachines {
		for n := range 3 {
			c.clients.Go(func() { c.startMany(kind, n) })
		}
	}
	for range 2 {
		c.workers.Go(c.workActivity)
	}
}

// insist carries out a call until the server answers it.
func (c *crash) insist(call func() error) error {
	for {
		err := call()
		var refusal *client.Error
		if err == nil || errors.As(err, &refusal) {
			return err
		}
		timer := time.NewTimer(5 * time.Millisecond)
		select {
		case <-timer.C:
		case <-c.ctx.Done():
			timer.Stop()
			return c.ctx.Err()
		}
	}
}

func (c *crash) startMany(kind string, n int) {
	api := client.New(c.url)
	machine := "arn:aws:states:us-east-1:123456789012:stateMachine:" + kind
	for i := 0; !c.over.Load() && i < 2000; i++ {
		id := fmt.Sprintf("%s-%d-%d", kind, n, i)
		arn := "arn:aws:states:us-east-1:123456789012:execution:" + kind + ":" + id
		err := c.insist(func() error {
			_, err := api.Start(c.ctx, machine, id, fmt.Sprintf(`{"id":%q,"steps":0}`, id))
			return err
		})
		if err != nil && !client.IsCode(err, "ExecutionAlreadyExists") { // an answer was lost, and it has ended since
			c.t.Errorf("start %s: %v", id, err)
			return
		}
		c.mu.Lock()
		c.started = append(c.started, started{arn, kind, id})
		c.mu.Unlock()
		timer := time.NewTimer(10 * time.Millisecond)
		<-timer.C
	}
}

// workActivity fetches tasks of the activity and answers them.
func (c *crash) workActivity() {
	api := client.New(c.url)
	for c.ctx.Err() == nil {
		var got struct{ TaskToken, Input string }
		poll, cancel := context.WithTimeout(c.ctx, time.Second)
		err := api.Call(poll, "GetActivityTask", map[string]any{"activityArn": "arn:aws:states:us-east-1:123456789012:activity:work"}, &got)
		cancel()
		if err != nil || got.TaskToken == "" {
			continue
		}
		c.answer(api, got.TaskToken, got.Input)
	}
}

func (c *crash) answer(api *client.Client, token, input string) {
	var n struct {
		ID    string `json:"id"`
		Steps int    `json:"steps"`
	}
	if err := json.Unmarshal([]byte(input), &n); err != nil {
		c.t.Errorf("activity input %q: %v", input, err)
		return
	}
	c.mu.Lock()
	c.handouts[token]++
	c.mu.Unlock()
	n.Steps++
	output, _ := json.Marshal(n)
	err := c.insist(func() error { return api.TaskSuccess(c.ctx, token, string(output)) })
	if err != nil && !client.IsCode(err, "TaskTimedOut") && c.ctx.Err() == nil { // an answer was lost
		c.t.Errorf("SendTaskSuccess: %v", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens[token]++
}

// checkExecutions waits for every acknowledged execution to end, and looks at
// what it gave.
func (c *crash) checkExecutions() {
	api := client.New(c.url)
	deadline := time.Now().Add(90 * time.Second)
	kinds := map[string]int{}
	for _, s := range c.started {
		for {
			x, err := api.Execution(c.ctx, s.arn)
			if err != nil {
				c.t.Fatalf("acknowledged execution %s: %v", s.arn, err)
			}
			if x.Open() && time.Now().Before(deadline) {
				timer := time.NewTimer(20 * time.Millisecond)
				<-timer.C
				continue
			}
			if want := fmt.Sprintf(crashMachines[s.kind].output, s.id); x.Status != "SUCCEEDED" || x.Output == nil || *x.Output != want {
				c.t.Errorf("%s ended as %+v, want output %s", s.arn, x, want)
			}
			break
		}
		kinds[s.kind]++
	}
	c.t.Logf("%d executions were acknowledged and ended right: %v", len(c.started), kinds)
}

// sighting is what a handler has seen of one call.
type sighting struct {
	at  time.Time
	ack bool
}

// checkWitnesses reads what the handlers wrote down: no call after its
// acknowledgement, and repeated calls only of what was under way at a kill.
func (c *crash) checkWitnesses() {
	seen := c.witnesses()
	calls, repeated, allowed := 0, 0, 0
	for key, s := range seen {
		slices.SortFunc(s, func(a, b sighting) int { return a.at.Compare(b.at) })
		acked, open := false, 0
		for _, x := range s {
			switch {
			case x.ack:
				acked = true
			case acked:
				c.t.Errorf("task %s was called again after its result was acknowledged", key)
			default:
				calls++
				if open++; open > 1 {
					repeated++
				}
			}
		}
		allowed += c.underWay(s)
	}
	if repeated > allowed {
		c.t.Errorf("%d calls were repeated, but only %d were under way at the kills", repeated, allowed)
	}
	for token, n := range c.handouts {
		if n > 1 {
			c.t.Errorf("activity task %s was handed out %d times", token, n)
		}
	}
	c.t.Logf("%d kills; %d tasks, %d calls, %d of them repeated (%d were under way at the kills); %d activity tasks", len(c.killed), len(seen), calls, repeated, allowed, len(c.handouts))
}

// underWay counts the kills that found the task called and not acknowledged.
func (c *crash) underWay(s []sighting) int {
	n := 0
	for _, kill := range c.killed {
		called, acked := false, false
		for _, x := range s {
			if x.at.Before(kill) {
				called = called || !x.ack
				acked = acked || x.ack
			}
		}
		if called && !acked {
			n++
		}
	}
	return n
}

func (c *crash) witnesses() map[string][]sighting {
	seen := map[string][]sighting{}
	files, err := filepath.Glob(filepath.Join(c.dir, "witness", "*"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			c.t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			if len(fields) != 3 {
				c.t.Fatalf("witness %s: %q", f, line)
			}
			ns, err := strconv.ParseInt(fields[0], 10, 64)
			if err != nil {
				c.t.Fatal(err)
			}
			seen[fields[2]] = append(seen[fields[2]], sighting{at: time.Unix(0, ns), ack: fields[1] == "ack"})
		}
	}
	return seen
}
