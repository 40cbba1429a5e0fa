package testrun

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/internal/located"
	"github.com/fermata-dev/fermata/project"
)

// Source is the definition of a state machine.
type Source struct {
	Name string
	File string
	// Type is STANDARD or EXPRESS.
	Type string
	Text string
	// Siblings are the other state machines of its project.
	Siblings []*Source
}

// Find gives the state machine that a test file names: as the path of a
// definition beside it, or as the name of a state machine of a project. Texts
// that stand for ${NAME} in the definition come with it.
type Find func(testFile, name string, substitutions map[string]string) (*Source, error)

// Read reads a test file. The error lists everything that is wrong with it, and
// with the definitions that it names.
func Read(path string, find Find) (*Suite, error) {
	text, err := project.ReadText(path)
	if err != nil {
		return nil, fmt.Errorf("test file: %w", err)
	}
	return Parse(path, text, find)
}

// Parse reads the text of a test file of that path.
func Parse(path string, text []byte, find Find) (*Suite, error) {
	converted, diagnostics := definition.ToJSON(text)
	if len(diagnostics) > 0 {
		return nil, fmt.Errorf("%s: the test file is neither JSON nor YAML: %s", path, diagnostics[0].Message)
	}
	tree, err := value.Parse(converted)
	if err != nil {
		return nil, fmt.Errorf("%s: the test file is not JSON: %w", path, err)
	}
	file := located.NewFile(path, string(text))
	r := &reader{find: find, suite: &Suite{File: path, Others: map[string]*Machine{}}}
	if err := r.suiteOf(file.Root(tree)); err != nil {
		return nil, err
	}
	if err := file.Err(); err != nil {
		return nil, err
	}
	return r.suite, nil
}

// reader reads one test file.
type reader struct {
	find          Find
	suite         *Suite
	substitutions map[string]string
	express       bool
	// What all tests of the file have in common.
	mocks Mocks
	start time.Time
}

// defaultStart is when executions begin that do not say.
var defaultStart = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

// suiteOf reads the file. Its error is one of a definition; everything else is
// reported at its place.
func (r *reader) suiteOf(root located.Node) error {
	root.Only("stateMachine", "type", "substitutions", "stateMachines", "buckets", "mocks", "mockConfig", "start", "tests")
	if err := r.machines(root); err != nil || r.suite.Machine == nil {
		return err
	}
	r.buckets(root)
	r.start = r.startTime(root, defaultStart)
	r.mocks = r.allMocks(root, nil)
	tests, ok := root.Get("tests")
	if !ok {
		root.Report("has no tests")
		return nil
	}
	names := map[string]bool{}
	for _, node := range tests.Items() {
		t := r.test(node)
		if names[t.Name] {
			node.Report("has the name %q, which another test of the file has", t.Name)
		}
		names[t.Name] = true
		r.suite.Tests = append(r.suite.Tests, t)
	}
	return nil
}

func (r *reader) machines(root located.Node) error {
	if node, ok := root.Get("substitutions"); ok {
		r.substitutions = map[string]string{}
		for name, node := range node.Fields() {
			r.substitutions[name] = node.Text()
		}
	}
	if node, ok := root.Get("type"); ok {
		kind := node.Text()
		if r.express = kind == "EXPRESS"; !r.express && kind != "STANDARD" {
			node.Report("is %q; it must be STANDARD or EXPRESS", kind)
		}
	}
	node, ok := root.Get("stateMachine")
	if !ok {
		root.Report("has no stateMachine; name a definition file, or a state machine of the project")
		return nil
	}
	var err error
	if r.suite.Machine, err = r.machine(node, ""); err != nil {
		return err
	}
	others, ok := root.Get("stateMachines")
	if !ok {
		return nil
	}
	for name, node := range others.Fields() {
		machine, err := r.machine(node, name)
		if err != nil {
			return err
		}
		r.suite.Others[name] = machine
	}
	return nil
}

// machine reads the state machine that a text names, and gives it a name if that
// is not empty.
func (r *reader) machine(node located.Node, name string) (*Machine, error) {
	text := node.Text()
	if text == "" {
		return nil, nil
	}
	source, err := r.find(r.suite.File, text, r.substitutions)
	if err != nil {
		node.Report("cannot be used: %v", err)
		return nil, nil
	}
	if name == "" {
		name = source.Name
	}
	m, diagnostics := compile(source, name, r.express && node.Place() == "stateMachine")
	if m == nil {
		return nil, definitionProblems(source, diagnostics)
	}
	for _, sibling := range source.Siblings {
		// One with faults cannot be started: only tests that do so are about it.
		if other, _ := compile(sibling, sibling.Name, false); other != nil && r.suite.Others[other.Name] == nil {
			r.suite.Others[other.Name] = other
		}
	}
	return m, nil
}

// compile makes a machine of a source; nil if it has faults.
func compile(source *Source, name string, express bool) (*Machine, []definition.Diagnostic) {
	m := &Machine{Name: name, File: source.File, Express: express || source.Type == "EXPRESS"}
	var diagnostics []definition.Diagnostic
	m.Program, diagnostics = asl.Compile([]byte(source.Text), asl.Options{Express: m.Express, Services: func(string, string) bool { return true }})
	if m.Program == nil {
		return nil, diagnostics
	}
	return m, diagnostics
}

// definitionProblems are the errors of a definition, at their lines.
func definitionProblems(source *Source, diagnostics []definition.Diagnostic) error {
	var problems project.Problems
	for _, d := range diagnostics {
		if d.Severity == definition.Error {
			problems = append(problems, project.Problem{File: source.File, Line: d.Line, Message: string(d.Code) + ": " + d.Message})
		}
	}
	return problems.Err()
}

func (r *reader) test(node located.Node) *Test {
	node.Only("name", "skip", "input", "inputFile", "start", "seed", "mocks", "mockConfig", "expect")
	t := &Test{Input: []byte("{}"), Line: node.Line(), Start: r.startTime(node, r.start), Mocks: r.allMocks(node, r.mocks)}
	if name, ok := node.Get("name"); ok {
		t.Name = name.Text()
	} else {
		node.Report("has no name")
	}
	if skip, ok := node.Get("skip"); ok {
		t.Skip = skip.Text()
	}
	if seed, ok := node.Get("seed"); ok {
		t.Seed = uint64(seed.Count(0))
	}
	if input, ok := node.Get("input"); ok {
		t.Input = input.JSON()
	}
	if file, ok := node.Get("inputFile"); ok {
		t.Input = r.inputFile(file)
	}
	t.Expect.Status = "SUCCEEDED"
	if expect, ok := node.Get("expect"); ok {
		r.expect(expect, &t.Expect)
	}
	return t
}

// buckets reads the folders that stand for buckets.
func (r *reader) buckets(root located.Node) {
	buckets, ok := root.Get("buckets")
	if !ok {
		return
	}
	r.suite.Buckets = map[string]string{}
	for name, node := range buckets.Fields() {
		folder := r.beside(node.Text())
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			node.Report("is %s, which is no folder", folder)
		}
		r.suite.Buckets[name] = folder
	}
}

// beside is a path that is relative to the test file.
func (r *reader) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(r.suite.File), filepath.FromSlash(path))
}

func (r *reader) inputFile(node located.Node) []byte {
	name := node.Text()
	if name == "" {
		return nil
	}
	text, err := project.ReadText(r.beside(name))
	if err == nil {
		err = value.Valid(text)
	}
	if err != nil {
		node.Report("cannot be used: %v", err)
	}
	return text
}

func (r *reader) startTime(node located.Node, otherwise time.Time) time.Time {
	start, ok := node.Get("start")
	if !ok {
		return otherwise
	}
	at, err := time.Parse(time.RFC3339Nano, start.Text())
	if err != nil {
		start.Report("is not a time such as 2025-01-31T12:00:00Z")
	}
	return at.UTC().Truncate(time.Millisecond)
}
