package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/connector/lambda"
	"github.com/fermata-dev/fermata/connector/lambda/local"
	"github.com/fermata-dev/fermata/project"
)

// functions are the local functions of a project, which can be replaced by
// those of a newer reading of the project while invocations are under way. It
// is a lambda.Source.
type functions struct {
	place catalog.Place
	log   *slog.Logger

	mu      sync.Mutex // guards current and closed
	current *generation
	closed  bool
	retired sync.WaitGroup
}

// generation is the functions of one reading of the project.
type generation struct {
	set   *local.Set
	calls sync.WaitGroup
}

// Find is the function of that name.
func (f *functions) Find(key string) (lambda.Invoker, bool) {
	f.mu.Lock()
	g := f.current
	f.mu.Unlock()
	if g == nil {
		return nil, false
	}
	if _, ok := g.set.Find(key); !ok {
		return nil, false
	}
	return invoker{f, key}, true
}

// invoker finds the function again when it is called, so that a call always
// belongs to the generation that is current when it begins.
type invoker struct {
	functions *functions
	key       string
}

func (i invoker) Invoke(ctx context.Context, r *lambda.Request) (*lambda.Response, error) {
	g := i.functions.begin()
	defer g.calls.Done()
	function, ok := g.set.Find(i.key)
	if !ok {
		return nil, fmt.Errorf("function %s has just been taken out of the project", i.key)
	}
	return function.Invoke(ctx, r)
}

// begin counts a call in. A generation is retired under the same lock, so that
// no call begins in one that is.
func (f *functions) begin() *generation {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.current.calls.Add(1)
	return f.current
}

// load builds the functions of a project and puts them in the place of those
// that were there. What is under way ends where it began. If something cannot
// be built, everything stays as it was.
func (f *functions) load(ctx context.Context, p *project.Project) error {
	list, err := build(ctx, p)
	if err != nil {
		return err
	}
	set, err := local.New(local.Config{Functions: list, Logger: f.log, Region: f.place.Region, Account: f.place.Account})
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return set.Close()
	}
	f.retire(f.current)
	f.current = &generation{set: set}
	return nil
}

// retire closes a generation when its last call has ended. f.mu is held.
func (f *functions) retire(old *generation) {
	if old == nil {
		return
	}
	f.retired.Go(func() {
		old.calls.Wait()
		_ = old.set.Close()
	})
}

// Close ends all processes.
func (f *functions) Close() error {
	f.mu.Lock()
	f.closed = true
	g := f.current
	f.mu.Unlock()
	var err error
	if g != nil {
		err = g.set.Close()
	}
	f.retired.Wait()
	return err
}

// build says how each function of the project is started. Handlers in Go are
// built first, into the folder .fermata of the project.
func build(ctx context.Context, p *project.Project) ([]local.Function, error) {
	var list []local.Function
	for i := range p.Functions {
		f := &p.Functions[i]
		out := local.Function{
			Name: f.Name, Dir: p.Dir, Env: f.Environment,
			Timeout: f.Timeout, Concurrency: f.Concurrency, IdleTimeout: f.IdleTimeout,
		}
		switch f.Runtime {
		case project.Command:
			out.Command = f.Argv
		case project.Go:
			binary, err := buildGo(ctx, p, f)
			if err != nil {
				return nil, err
			}
			out.Command, out.Dir = []string{binary}, filepath.Join(p.Dir, filepath.FromSlash(f.Handler))
		case project.Node, project.Python:
			file, function := f.HandlerFile()
			out.Runtime = map[project.Runtime]string{project.Node: "nodejs", project.Python: "python"}[f.Runtime]
			out.Dir = filepath.Join(p.Dir, filepath.Dir(file))
			out.Handler = filepath.Base(file) + "." + function
		}
		list = append(list, out)
	}
	return list, nil
}

// buildFolder holds what is built, beside the project file.
const buildFolder = ".fermata"

func buildGo(ctx context.Context, p *project.Project, f *project.Function) (string, error) {
	folder := filepath.Join(p.Dir, buildFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("function %s: %w", f.Name, err)
	}
	if err := os.WriteFile(filepath.Join(folder, ".gitignore"), []byte("*\n"), 0o644); err != nil {
		return "", fmt.Errorf("function %s: %w", f.Name, err)
	}
	binary := filepath.Join(folder, f.Name)
	command := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	command.Dir = filepath.Join(p.Dir, filepath.FromSlash(f.Handler))
	output, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("function %s cannot be built: go build in %s: %w\n%s", f.Name, command.Dir, err, strings.TrimSpace(string(output)))
	}
	return binary, nil
}
