package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fermata-dev/fermata/project"
)

// openTarget reads what an argument PROJECT|FILE names: a project, or a project
// that consists of one definition file. In the second case, and if the file
// belongs to the project of its folder, the state machine of the file is
// returned, too.
func openTarget(path string) (*project.Project, *project.StateMachine, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, fmt.Errorf("%s: there is no such file or folder; name a definition file, or the folder of a %s", path, project.FileName)
	case err != nil:
		return nil, nil, err
	case info.IsDir(), filepath.Base(path) == project.FileName:
		p, err := project.Load(path)
		return p, nil, err
	}
	return openDefinition(path)
}

// openDefinition reads a definition file. If the project file in its folder
// names it, the whole project is read, so that its functions are there;
// otherwise a project is made that has this state machine and nothing else.
func openDefinition(path string) (*project.Project, *project.StateMachine, error) {
	file, err := filepath.Abs(path)
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), project.FileName)); err == nil {
		p, err := project.Load(filepath.Dir(file))
		if err != nil {
			return nil, nil, err
		}
		for i := range p.StateMachines {
			if p.StateMachines[i].DefinitionFile == file {
				return p, &p.StateMachines[i], nil
			}
		}
	}
	text, err := project.ReadText(file)
	if err != nil {
		return nil, nil, fmt.Errorf("definition: %w", err)
	}
	p := &project.Project{Dir: filepath.Dir(file), StateMachines: []project.StateMachine{{
		Name: machineName(file), DefinitionFile: file, Definition: string(text), Type: "STANDARD",
	}}}
	return p, &p.StateMachines[0], nil
}

// openMachine reads what an argument FILE|PROJECT names, and finds the state machine
// of it that is meant; name is that of --machine.
func openMachine(path, name string) (*project.Project, *project.StateMachine, error) {
	p, m, err := openTarget(path)
	switch {
	case err != nil:
		return nil, nil, err
	case m != nil && name != "":
		return nil, nil, usage(fmt.Errorf("--machine chooses a state machine of a project, and %s is a definition; leave one of them out", path))
	case m == nil:
		m, err = chooseMachine(p, name)
	}
	return p, m, err
}

// chooseMachine finds the state machine of a project to run.
func chooseMachine(p *project.Project, name string) (*project.StateMachine, error) {
	if m := p.StateMachine(name); m != nil {
		return m, nil
	}
	if name == "" && len(p.StateMachines) == 1 {
		return &p.StateMachines[0], nil
	}
	names := make([]string, len(p.StateMachines))
	for i, m := range p.StateMachines {
		names[i] = m.Name
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("project %s has no state machine; add one under stateMachines", p.File)
	}
	if name == "" {
		return nil, usage(fmt.Errorf("project %s has several state machines; choose one with --machine: %s", p.File, strings.Join(names, ", ")))
	}
	return nil, usage(fmt.Errorf("project %s has no state machine %q; there are %s", p.File, name, strings.Join(names, ", ")))
}
