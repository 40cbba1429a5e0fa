package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/lambda"
	"github.com/fermata-dev/fermata/project"
	"github.com/fermata-dev/fermata/testrun"
)

// testFiles finds the test files that the arguments name, in order.
func testFiles(args []string) ([]string, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var files []string
	for _, path := range args {
		if filepath.Base(path) == project.FileName {
			path = filepath.Dir(path)
		}
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: there is no such file or folder; name a test file, or a folder with some", path)
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		found, err := testsIn(path)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("no test files in %s; their names end with .test.yaml, .test.yml or .test.json", path)
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// testsIn finds the test files of a folder and below it.
func testsIn(folder string) (files []string, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != folder && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case !d.IsDir() && isTestFile(d.Name()):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

func isTestFile(name string) bool {
	extension := filepath.Ext(name)
	return slices.Contains([]string{".yaml", ".yml", ".json"}, extension) && strings.HasSuffix(strings.TrimSuffix(name, extension), ".test")
}

// findMachine is testrun.Find: a definition file beside the test file, or a
// state machine of the project around it.
func findMachine(testFile, name string, substitutions map[string]string) (*testrun.Source, error) {
	p, m, err := namedMachine(filepath.Dir(testFile), name)
	if err != nil {
		return nil, err
	}
	if len(substitutions) > 0 {
		m.Substitutions = substitutions
	}
	if missing := p.Unreplaced(m); len(missing) > 0 {
		return nil, fmt.Errorf("%s has ${%s}, and nothing stands for it; add substitutions: {%s: …}", shownFile(m.DefinitionFile), missing[0], missing[0])
	}
	found := sourceOf(p, m)
	for i := range p.StateMachines {
		if sibling := &p.StateMachines[i]; sibling != m {
			found.Siblings = append(found.Siblings, sourceOf(p, sibling))
		}
	}
	return found, nil
}

// sourceOf is a state machine of a project as tests take it.
func sourceOf(p *project.Project, m *project.StateMachine) *testrun.Source {
	return &testrun.Source{
		Name: m.Name, File: shownFile(m.DefinitionFile), Type: m.Type,
		Text: p.DefinitionText(m, project.ARNs{Region: "us-east-1", Account: "123456789012"}),
	}
}

// namedMachine finds what a test file of a folder names.
func namedMachine(folder, name string) (*project.Project, *project.StateMachine, error) {
	p, err := projectAround(folder)
	if err != nil {
		return nil, nil, err
	}
	file, err := filepath.Abs(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		return nil, nil, err
	}
	if p != nil {
		for i := range p.StateMachines {
			if m := &p.StateMachines[i]; m.DefinitionFile == file {
				return p, m, nil
			}
		}
	}
	if _, err := os.Stat(file); err == nil {
		return openDefinition(file)
	}
	if p == nil {
		return nil, nil, fmt.Errorf("there is no file %s in %s, and no project around it", name, folder)
	}
	m := p.StateMachine(name)
	if m == nil {
		return nil, nil, fmt.Errorf("there is no file %s in %s, and no state machine of that name in %s", name, folder, p.File)
	}
	return p, m, nil
}

// projectAround reads the project of a folder, or of the nearest one around it
// that has one; nil for none.
func projectAround(folder string) (*project.Project, error) {
	at, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	for ; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, project.FileName)); err == nil {
			return project.Load(at)
		}
		if at == filepath.Dir(at) {
			return nil, nil
		}
	}
}

// shownFile is a path as people see it: relative, if it is below this folder.
func shownFile(file string) string {
	dir, err := os.Getwd()
	if err != nil {
		return file
	}
	relative, err := filepath.Rel(dir, file)
	if err != nil || strings.HasPrefix(relative, "..") {
		return file
	}
	return relative
}

// realFunctions are connectors to the functions of the project that a definition
// belongs to.
func realFunctions(ctx context.Context, definition string, logs io.Writer) (map[string]connector.Connector, func(), error) {
	p, err := projectAround(filepath.Dir(definition))
	if err != nil {
		return nil, nil, err
	}
	if p == nil {
		return nil, nil, errors.New("--allow-real: " + definition + " belongs to no project, so it has no functions")
	}
	f := &functions{
		place: catalog.Place{Partition: "aws", Region: "us-east-1", Account: "123456789012"},
		log:   slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if err := f.load(ctx, p); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return map[string]connector.Connector{"lambda": &lambda.Router{Local: f}}, func() { _ = f.Close() }, nil
}
