package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// FileName is what a project file is called.
const FileName = "fermata.yaml"

// Project is a project file that has no fault.
type Project struct {
	// Dir is the absolute path of the folder of the project file. Relative
	// paths in it begin there, and so do the commands of its functions.
	Dir string
	// File is the absolute path of the project file.
	File string
	// Functions and StateMachines are in the order of the file.
	Functions     []Function
	StateMachines []StateMachine
	// MapRoots are folders that stand for buckets, for what distributed Maps read
	// and write: absolute paths, by the name of the bucket.
	MapRoots map[string]string
}

// Runtime says how a function's handler becomes a process.
type Runtime string

// The runtimes.
const (
	// Command: the project file says what to start.
	Command Runtime = "command"
	// Go: the handler is the path of a main package, which is built first.
	Go Runtime = "go"
	// Node: the handler is a file without its extension and the name of what it
	// exports: "functions/stock/index.handler".
	Node Runtime = "node"
	// Python: as Node.
	Python Runtime = "python"
)

// Function is a local handler, started on demand through the Lambda Runtime
// API. Durations and counts that the file does not name are zero: whoever runs
// the function knows the default.
type Function struct {
	Name    string
	Runtime Runtime
	// Argv is the program and its arguments, if Runtime is Command.
	Argv []string
	// Handler is what the file says, if Runtime is not Command.
	Handler     string
	Environment map[string]string
	// Timeout of one invocation.
	Timeout time.Duration
	// Concurrency is the largest number of processes at a time.
	Concurrency int
	// IdleTimeout is how long a process without work is kept.
	IdleTimeout time.Duration
	// Line in the project file.
	Line int
}

// HandlerFile takes a handler of the form FILE.FUNCTION apart: the file, as a
// path of this system without its extension, and the function. Both are empty
// if the handler has another form.
func (f *Function) HandlerFile() (file, function string) {
	dot := strings.LastIndex(f.Handler, ".")
	if dot <= 0 || strings.ContainsAny(f.Handler[dot:], `/\`) {
		return "", ""
	}
	return filepath.FromSlash(f.Handler[:dot]), f.Handler[dot+1:]
}

// StateMachine is a definition to deploy.
type StateMachine struct {
	Name string
	// DefinitionFile is the absolute path, Definition the text in it, before
	// substitution.
	DefinitionFile string
	Definition     string
	// Type is STANDARD or EXPRESS.
	Type    string
	Comment string
	// RoleARN is empty if the file names none.
	RoleARN string
	// Substitutions are the state machine's own names.
	Substitutions map[string]string
	// Line in the project file.
	Line int
}

// StateMachine finds a state machine by its name; nil if there is none.
func (p *Project) StateMachine(name string) *StateMachine {
	for i := range p.StateMachines {
		if p.StateMachines[i].Name == name {
			return &p.StateMachines[i]
		}
	}
	return nil
}

// Find says where the project file of a path is: the path itself if it is a
// file, fermata.yaml in it if it is a folder.
func Find(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s: there is no such file or folder; name the folder of a %s", path, FileName)
	case err != nil:
		return "", fmt.Errorf("project %s: %w", path, plain(err))
	case info.IsDir():
		path = filepath.Join(path, FileName)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("no project file %s; make one with the sections functions, stateMachines and mapRoots, or name another folder", path)
		}
	}
	return filepath.Abs(path)
}

// Load reads the project file of a path (see [Find]) and the definitions that
// it names. If the error is of type [Problems], it lists every fault.
func Load(path string) (*Project, error) {
	file, err := Find(path)
	if err != nil {
		return nil, err
	}
	text, err := ReadText(file)
	if err != nil {
		return nil, fmt.Errorf("project file %s: %w", file, plain(err))
	}
	p := &Project{Dir: filepath.Dir(file), File: file}
	r := &reader{file: file, dir: p.Dir}
	r.project(text, p)
	r.checkSubstitutions(p)
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// plain takes the path out of a file error: our own message has it.
func plain(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
