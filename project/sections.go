package project

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// The bounds of what a project file may say.
const (
	leastTimeout   = 100 * time.Millisecond
	mostTimeout    = 24 * time.Hour
	mostIdle       = 24 * time.Hour
	mostConcurrent = 1000
)

var (
	functionName     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	machineName      = regexp.MustCompile(`^[A-Za-z0-9_.@+=!-]{1,80}$`)
	variableName     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	substitutionName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
)

// shellSyntax are the characters that mean something to a shell only.
const shellSyntax = "\"'`\\$|&;<>()*?{}"

// project reads the whole file into p.
func (r *reader) project(text []byte, p *Project) {
	root := r.root(text)
	if root == nil {
		return
	}
	sections := 0
	for _, section := range r.fields(root, "the project file") {
		switch section.key {
		case "functions":
			sections++
			for _, f := range r.fields(section.value, "functions") {
				p.Functions = append(p.Functions, r.function(f))
			}
		case "stateMachines":
			sections++
			for _, f := range r.fields(section.value, "stateMachines") {
				p.StateMachines = append(p.StateMachines, r.stateMachine(f))
			}
		case "mapRoots":
			sections++
			p.MapRoots = r.mapRoots(section)
		default:
			r.unknown(section, "the project file", "functions", "stateMachines", "mapRoots")
		}
	}
	if sections == 0 && len(r.problems) == 0 {
		r.report(0, "the project file says nothing; there are the sections functions, stateMachines and mapRoots")
	}
}

func (r *reader) function(entry field) Function {
	what := "functions." + entry.key
	f := Function{Name: entry.key, Line: entry.line}
	if !functionName.MatchString(f.Name) {
		r.report(entry.line, "%q is not a function name; it must be 1 to 64 of the characters A-Z, a-z, 0-9, - and _", f.Name)
	}
	start := startFields{what: what, line: entry.line}
	for _, field := range r.fields(entry.value, what) {
		at := what + "." + field.key
		switch field.key {
		case "command":
			start.command, f.Argv = true, r.command(field, at)
		case "runtime":
			start.runtime, _ = r.scalar(field, at)
			start.runtimeLine = field.line
		case "handler":
			f.Handler, _ = r.scalar(field, at)
			start.handlerLine = field.line
		case "environment":
			f.Environment = r.table(field, at, variableName)
		case "timeout":
			f.Timeout = r.duration(field, at, leastTimeout, mostTimeout)
		case "concurrency":
			f.Concurrency = r.count(field, at, 1, mostConcurrent)
		case "idleTimeout":
			f.IdleTimeout = r.duration(field, at, leastTimeout, mostIdle)
		default:
			r.unknown(field, what, "command", "runtime", "handler", "environment", "timeout", "concurrency", "idleTimeout")
		}
	}
	f.Runtime = r.runtime(start, &f)
	return f
}

// startFields are the fields that say how a function is started.
type startFields struct {
	what                           string
	line, runtimeLine, handlerLine int
	command                        bool
	runtime                        string
}

// runtime decides between command and runtime with handler.
func (r *reader) runtime(start startFields, f *Function) Runtime {
	if start.command {
		if start.runtimeLine > 0 || start.handlerLine > 0 {
			r.report(start.line, "%s has a command and also runtime or handler; write either command, or runtime and handler", start.what)
		}
		return Command
	}
	if start.runtimeLine == 0 {
		r.report(start.line, "%s does not say how it is started; write command, or runtime and handler", start.what)
		return Command
	}
	if start.handlerLine == 0 {
		r.report(start.line, "%s has a runtime and no handler; write handler: FOLDER for go, handler: FILE.FUNCTION for node and python", start.what)
		return Command
	}
	switch {
	case start.runtime == "go" || strings.HasPrefix(start.runtime, "go1."):
		r.goHandler(start, f)
		return Go
	case strings.HasPrefix(start.runtime, "node"): // node, nodejs, nodejs20.x
		r.scriptHandler(start, f, ".js", ".mjs", ".cjs")
		return Node
	case strings.HasPrefix(start.runtime, "python"):
		r.scriptHandler(start, f, ".py")
		return Python
	}
	r.report(start.runtimeLine, "%s.runtime is %q; there are go, node and python (nodejs20.x and the like, too), and for everything else command", start.what, start.runtime)
	return Command
}

func (r *reader) goHandler(start startFields, f *Function) {
	info, err := os.Stat(filepath.Join(r.dir, filepath.FromSlash(f.Handler)))
	if err != nil || !info.IsDir() {
		r.report(start.handlerLine, "%s.handler is %q, which is no folder; for go it is the path of the main package, such as ./functions/pay", start.what, f.Handler)
	}
}

// scriptHandler checks a handler of the form FILE.FUNCTION, FILE being without
// its extension.
func (r *reader) scriptHandler(start startFields, f *Function, extensions ...string) {
	file, function := f.HandlerFile()
	if file == "" || function == "" {
		r.report(start.handlerLine, "%s.handler is %q; for %s it is a file without its extension, a dot, and the name of a function in it, such as functions/pay/index.handler", start.what, f.Handler, start.runtime)
		return
	}
	for _, extension := range extensions {
		if _, err := os.Stat(filepath.Join(r.dir, file+extension)); err == nil {
			return
		}
	}
	r.report(start.handlerLine, "%s.handler is %q, but there is no file %s in %s", start.what, f.Handler, file+strings.Join(extensions, " or "), r.dir)
}

// command reads argv from a list, or from a text of words between blanks.
func (r *reader) command(f field, what string) []string {
	if argv := r.texts(f, what); argv != nil {
		return argv
	}
	text, ok := r.scalar(f, what)
	if !ok {
		return nil
	}
	argv := strings.Fields(text)
	if len(argv) == 0 {
		r.report(f.line, "%s is empty; write the program and its arguments", what)
	}
	if strings.ContainsAny(text, shellSyntax) {
		r.report(f.line, "%s is not run by a shell, so %q would not do what it looks like; write a list, such as [node, index.js] or [sh, -c, \"...\"]", what, text)
	}
	return argv
}

func (r *reader) stateMachine(entry field) StateMachine {
	what := "stateMachines." + entry.key
	m := StateMachine{Name: entry.key, Type: "STANDARD", Line: entry.line}
	if !machineName.MatchString(m.Name) {
		r.report(entry.line, "%q is not a state machine name; it must be 1 to 80 of the characters A-Z, a-z, 0-9 and -_.@+=!", m.Name)
	}
	defined := false
	for _, field := range r.fields(entry.value, what) {
		at := what + "." + field.key
		switch field.key {
		case "definition":
			defined = true
			r.definition(field, at, &m)
		case "type":
			m.Type, _ = r.scalar(field, at)
			if m.Type = strings.ToUpper(m.Type); m.Type != "STANDARD" && m.Type != "EXPRESS" {
				r.report(field.line, "%s is %q; it must be STANDARD or EXPRESS", at, m.Type)
			}
		case "comment":
			m.Comment, _ = r.scalar(field, at)
		case "roleArn":
			m.RoleARN, _ = r.scalar(field, at)
		case "substitutions":
			m.Substitutions = r.table(field, at, substitutionName)
			r.insertable(field, m.Substitutions)
		default:
			r.unknown(field, what, "definition", "type", "comment", "roleArn", "substitutions")
		}
	}
	if !defined {
		r.report(entry.line, "%s has no definition; write definition: FILE", what)
	}
	return m
}

func (r *reader) definition(f field, what string, m *StateMachine) {
	name, ok := r.scalar(f, what)
	if !ok {
		return
	}
	if filepath.IsAbs(name) {
		m.DefinitionFile = name
	} else {
		m.DefinitionFile = filepath.Join(r.dir, filepath.FromSlash(name))
	}
	text, err := ReadText(m.DefinitionFile)
	if err != nil {
		r.report(f.line, "%s: cannot read %s: %v", what, m.DefinitionFile, plain(err))
		return
	}
	m.Definition = string(text)
}

// insertable reports values that would break the text that they are put into.
func (r *reader) insertable(f field, substitutions map[string]string) {
	for name, value := range substitutions {
		if strings.ContainsAny(value, "\"\\\n\r\t") {
			r.report(f.line, "substitution %s is %q; it is put into the definition as it stands, so it must not contain quotes, backslashes or line breaks", name, value)
		}
	}
}
