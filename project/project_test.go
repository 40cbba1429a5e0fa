package project

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// folder makes a project folder of files by name.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const whole = `
functions:
  pay:
    runtime: go
    handler: ./functions/pay
    environment: {LEVEL: 3, NAME: &name "a b", COPY: *name}
    timeout: 10s
    concurrency: 4
    idleTimeout: 1d
  stock:
    runtime: nodejs20.x
    handler: functions/stock/index.handler
  ship:
    command: [python3, "ship it.py"]
  mail:
    command: ./mail --fast
stateMachines:
  orders:
    definition: order.asl.json
    type: express
    comment: takes an order
    roleArn: arn:aws:iam::1:role/r
    substitutions: {Attempts: 3}
  other: {definition: other.asl.yaml}
`

func TestLoad(t *testing.T) {
	dir := folder(t, map[string]string{
		FileName:                   whole,
		"functions/pay/main.go":    "package main",
		"functions/stock/index.js": "",
		"order.asl.json":           `{"Resource": "${pay}", "Next": "${other}", "N": ${Attempts}, "T": "${!pay} $.x"}`,
		"other.asl.yaml":           "StartAt: A",
	})
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []Function{
		{Name: "pay", Runtime: Go, Handler: "./functions/pay", Timeout: 10 * time.Second, Concurrency: 4, IdleTimeout: 24 * time.Hour,
			Environment: map[string]string{"LEVEL": "3", "NAME": "a b", "COPY": "a b"}, Line: 3},
		{Name: "stock", Runtime: Node, Handler: "functions/stock/index.handler", Line: 10},
		{Name: "ship", Runtime: Command, Argv: []string{"python3", "ship it.py"}, Line: 13},
		{Name: "mail", Runtime: Command, Argv: []string{"./mail", "--fast"}, Line: 15},
	}
	if !reflect.DeepEqual(p.Functions, want) {
		t.Errorf("functions\n got %+v\nwant %+v", p.Functions, want)
	}
	orders := p.StateMachine("orders")
	if orders == nil || orders.Type != "EXPRESS" || orders.Comment != "takes an order" || orders.RoleARN != "arn:aws:iam::1:role/r" {
		t.Fatalf("orders is %+v", orders)
	}
	if p.StateMachine("other").Type != "STANDARD" || p.StateMachine("third") != nil {
		t.Error("other must be STANDARD, and third not be there")
	}
	got := p.DefinitionText(orders, ARNs{Region: "eu-west-1", Account: "42"})
	text := `{"Resource": "arn:aws:lambda:eu-west-1:42:function:pay", "Next": "arn:aws:states:eu-west-1:42:stateMachine:other", "N": 3, "T": "${pay} $.x"}`
	if got != text {
		t.Errorf("definition\n got %s\nwant %s", got, text)
	}
}

func TestLoadListsAllProblems(t *testing.T) {
	tests := []struct {
		name, file string
		files      map[string]string
		want       []string // FILE:LINE: and a part of the message, in order
	}{
		{name: "syntax", file: "functions:\n  a: [1\n", want: []string{"fermata.yaml:2: not YAML"}},
		{name: "empty", file: "", want: []string{"fermata.yaml: the project file is empty"}},
		{name: "says nothing", file: "{}", want: []string{"fermata.yaml: the project file says nothing"}},
		{name: "a list", file: "- a", want: []string{"fermata.yaml:1: the project file must be a mapping of names to values, not a list"}},
		{name: "sections", file: "function:\n  a: 1\nstateMachines:\n",
			want: []string{`fermata.yaml:1: the project file has no field "function"; there are functions, stateMachines`}},
		{name: "twice", file: "functions:\n  a: {command: x}\n  a: {command: y}\n",
			want: []string{`fermata.yaml:3: functions has "a" twice, first in line 2`}},
		{name: "function fields", file: "functions:\n  a b:\n    command: x\n    memory: 12\n    timeout: soon\n    concurrency: -1\n    idleTimeout: 1ms\n    environment: {1A: x, B: [y]}\n",
			want: []string{
				`:2: "a b" is not a function name`,
				`:4: functions.a b has no field "memory"; there are command, runtime`,
				`:5: functions.a b.timeout: "soon" is not a duration; write a number and a unit`,
				`:6: functions.a b.concurrency is "-1"; it must be a whole number from 1 to 1000`,
				`:7: functions.a b.idleTimeout is 1ms; it must be from 100ms to 24h0m0s`,
				`:8: functions.a b.environment: "1A" is not a name`,
				`:8: functions.a b.environment.B must be a text, not a list`,
			}},
		{name: "how it is started", file: "functions:\n  a: {}\n  b: {runtime: go}\n  c: {runtime: java, handler: x}\n  d: {command: x, handler: y}\n  e: {runtime: go, handler: ./nowhere}\n  f: {runtime: node, handler: index}\n  g: {runtime: node, handler: index.handler}\n  h: {command: 'a | b'}\n  i: {command: ''}\n",
			want: []string{
				`:2: functions.a does not say how it is started`,
				`:3: functions.b has a runtime and no handler`,
				`:4: functions.c.runtime is "java"; there are go, node and python`,
				`:5: functions.d has a command and also runtime or handler`,
				`:6: functions.e.handler is "./nowhere", which is no folder`,
				`:7: functions.f.handler is "index"; for node it is a file`,
				`:8: functions.g.handler is "index.handler", but there is no file`,
				`:9: functions.h.command is not run by a shell`,
				`:10: functions.i.command is empty`,
			}},
		{name: "state machines", file: "stateMachines:\n  a/b: {definition: a.json}\n  c: {}\n  d: {definition: a.json, type: FAST, substitutions: {x: 'a\"b'}}\n  e: {definition: nowhere.json, extra: 1}\n",
			files: map[string]string{"a.json": "{}"},
			want: []string{
				`:2: "a/b" is not a state machine name`,
				`:3: stateMachines.c has no definition`,
				`:4: stateMachines.d.type is "FAST"; it must be STANDARD or EXPRESS`,
				`:4: substitution x is`,
				`:5: stateMachines.e.definition: cannot read `,
				`:5: stateMachines.e has no field "extra"`,
			}},
		{name: "placeholders", file: "functions:\n  pay: {command: x}\nstateMachines:\n  a: {definition: a.json}\n",
			files: map[string]string{"a.json": "{\n\"a\": \"${pay}\",\n\"b\": \"${Pay}\"}"},
			want:  []string{`a.json:3: ${Pay} names neither a function nor a state machine nor a substitution of the project; there are a, pay (write ${!Pay} for the text itself)`}},
		{name: "aliases", file: "functions:\n  a: *none\n", want: []string{":2: *none refers to no anchor", ":2: functions.a does not say how"}},
		{name: "merge", file: "x: &x {command: a}\nfunctions:\n  a:\n    <<: *x\n    timeout: 3s\n",
			want: []string{`:1: the project file has no field "x"`, ":3: functions.a does not say how", ":4: merge keys"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{FileName: test.file}
			for name, text := range test.files {
				files[name] = text
			}
			_, err := Load(folder(t, files))
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("error is %v, want Problems", err)
			}
			for i, problem := range problems {
				if i < len(test.want) && !strings.Contains(problem.String(), test.want[i]) {
					t.Errorf("problem %d is\n     %s\nwant %s", i, problem, test.want[i])
				}
			}
			if len(problems) != len(test.want) {
				t.Errorf("%d problems, want %d:\n%v", len(problems), len(test.want), err)
			}
		})
	}
}

func TestLoadWithoutProject(t *testing.T) {
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no project file") {
		t.Errorf("error is %v", err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "nowhere")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error is %v", err)
	}
}

func TestParseDuration(t *testing.T) {
	tests := map[string]time.Duration{"30s": 30 * time.Second, "1h30m": 90 * time.Minute, "90d": 90 * 24 * time.Hour, "0.5d": 12 * time.Hour, "0s": 0}
	for text, want := range tests {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "30", "d", "-1d", "x", "1e99d", "NaNd"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", text, got)
		}
	}
}

func TestLines(t *testing.T) {
	lines := NewLines("{\n \"States\": {\n  \"A/B\": {\n   \"Choices\": [\n    {\"Next\": 1},\n    {\n\"Next\": 2}]}}}")
	tests := map[string]int{"": 0, "/States": 2, "/States/A~1B": 3, "/States/A~1B/Choices/1/Next": 7, "/States/A~1B/Missing": 3, "/Nope": 0}
	for pointer, want := range tests {
		if got := lines.Of(pointer); got != want {
			t.Errorf("line of %q is %d, want %d", pointer, got, want)
		}
	}
	if got := NewLines("a: [").Of("/a"); got != 0 {
		t.Errorf("line in a broken text is %d, want 0", got)
	}
}

func FuzzProjectFile(f *testing.F) {
	f.Add(whole)
	f.Add("functions: &a\n  x: *a\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := &reader{file: "f", dir: t.TempDir()}
		r.project([]byte(text), &Project{})
	})
}
