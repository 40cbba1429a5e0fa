package jsonata_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/internal/npm"
)

// referenceVersion is the reference implementation that this package follows.
const referenceVersion = "jsonata@2.2.2"

// oracleTime is the time of $now and $millis on both sides.
var oracleTime = time.Date(2024, 2, 29, 23, 59, 58, 987e6, time.UTC)

// oracle is the reference implementation in a process of Node.
type oracle struct {
	t     testing.TB
	dir   string
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan []byte

	answered bool
}

// verdict is what the reference implementation makes of an expression.
type verdict struct {
	Value   *string // as JSON text
	Nothing bool
	Error   *struct {
		Code, Message string
		Position      int
	}
	// Slips are the mistakes of the reference implementation that happened on the
	// way and that nothing repairs.
	Slips []string
}

func newOracle(t testing.TB) *oracle {
	o := &oracle{t: t, dir: npm.Install(t, referenceVersion)}
	o.start()
	t.Cleanup(o.stop)
	return o
}

func (o *oracle) start() {
	var script []byte
	for _, name := range []string{"testdata/repairs.cjs", "testdata/oracle.cjs"} {
		text, err := os.ReadFile(name)
		if err != nil {
			o.t.Fatal(err)
		}
		script = append(script, text...)
	}
	o.cmd = exec.Command("node", "-e", string(script))
	o.cmd.Dir = o.dir
	o.cmd.Stderr = os.Stderr
	var err error
	if o.in, err = o.cmd.StdinPipe(); err != nil {
		o.t.Fatal(err)
	}
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	lines := make(chan []byte)
	o.lines = lines
	go func() { // ends with the process
		defer close(lines)
		for r := bufio.NewReader(out); ; {
			line, err := r.ReadBytes('\n')
			if err != nil {
				return
			}
			lines <- line
		}
	}()
}

func (o *oracle) stop() {
	_ = o.in.Close()
	_ = o.cmd.Process.Kill()
	for range o.lines {
	}
	_ = o.cmd.Wait() // it was killed
}

var errOracle = errors.New("the reference implementation gave no answer")

// ask evaluates an expression. errOracle means that the reference implementation
// died of it or took too long.
func (o *oracle) ask(expr string, input json.RawMessage) (v verdict, err error) {
	request, err := json.Marshal(struct {
		Expr  string          `json:"expr"`
		Input json.RawMessage `json:"input"`
		Now   int64           `json:"now"`
	}{expr, input, oracleTime.UnixMilli()})
	if err != nil {
		return v, err
	}
	if _, err := o.in.Write(append(request, '\n')); err != nil {
		return v, err
	}
	select {
	case line, ok := <-o.lines:
		if ok {
			o.answered = true
			return v, json.Unmarshal(line, &v)
		}
		if !o.answered {
			o.t.Fatal("the reference implementation does not start")
		}
	case <-time.After(10 * time.Second):
	}
	o.stop()
	o.start()
	return v, errOracle
}
