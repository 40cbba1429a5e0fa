package jsonata_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/internal/npm"
)

// BenchmarkReference is what BenchmarkSimple and BenchmarkMedium measure, done by
// the reference implementation in one process of Node, which stays warm.
func BenchmarkReference(b *testing.B) {
	script, err := os.ReadFile("testdata/loop.cjs")
	if err != nil {
		b.Fatal(err)
	}
	node := exec.Command("node", "-e", string(script))
	node.Dir = npm.Install(b, referenceVersion)
	in, err := node.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := node.Start(); err != nil {
		b.Fatal(err)
	}
	defer node.Wait() // it ends with its input
	defer in.Close()
	answers := bufio.NewReader(out)
	states := json.RawMessage(value.Append(nil, benchmarkStates()))
	for _, c := range []struct{ name, expr string }{{"Simple", simple}, {"Medium", medium}} {
		want := expected(b, c.expr)
		b.Run(c.name, func(b *testing.B) {
			request, err := json.Marshal(map[string]any{"expr": c.expr, "states": states, "times": b.N})
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			if _, err := in.Write(append(request, '\n')); err != nil {
				b.Fatal(err)
			}
			line, err := answers.ReadBytes('\n')
			if err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			if got, err := value.Parse(line); err != nil || !value.Equal(got, want) {
				b.Fatalf("got %s, want %s", line, show(want))
			}
		})
	}
}

// expected is what this package makes of an expression.
func expected(b *testing.B, expr string) any {
	v, _, err := evaluate(expr, jsonata.Options{}, benchmarkInput())
	if err != nil {
		b.Fatal(err)
	}
	return v
}
