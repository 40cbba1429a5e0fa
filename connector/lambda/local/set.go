package local

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/connector/lambda"
)

// Config of a Set.
type Config struct {
	Functions []Function
	// Logger is told what the functions write and when processes start and end.
	// Nil for none.
	Logger *slog.Logger
	// Region and Account are told to the functions; us-east-1 and 000000000000
	// if empty.
	Region, Account string
	// StopGrace is how long a process may take to end after SIGTERM before it is
	// killed; 2 s if zero.
	StopGrace time.Duration
}

// Set is the local functions of a project, a lambda.Source.
type Set struct {
	pools map[string]*pool
	files *bootstraps
}

// New checks the functions; the error lists everything that is wrong. No process
// is started yet.
func New(c Config) (*Set, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.StopGrace = or(c.StopGrace, 2*time.Second)
	s := &Set{pools: map[string]*pool{}, files: &bootstraps{}}
	var problems []error
	for _, f := range c.Functions {
		problems = append(problems, f.check()...)
		if s.pools[f.Name] != nil {
			problems = append(problems, fmt.Errorf("function %q is defined twice", f.Name))
		}
		dir, err := f.directory()
		if err != nil {
			problems = append(problems, err)
		}
		f.Dir = dir
		s.pools[f.Name] = newPool(f.withDefaults(), c, s.files)
	}
	return s, errors.Join(problems...)
}

// Find is the function of that name. A function serves all its qualifiers.
func (s *Set) Find(key string) (lambda.Invoker, bool) {
	p, ok := s.pools[key]
	return p, ok
}

// Close ends all processes, gently and then with force, and waits for them.
// Invocations that are under way end with context.Canceled.
func (s *Set) Close() error {
	var wg sync.WaitGroup
	for _, p := range s.pools {
		wg.Go(p.close)
	}
	wg.Wait()
	return s.files.remove()
}

// bootstraps are the runtimes that Fermata brings, written to a folder of their
// own when one is first needed.
type bootstraps struct {
	mu  sync.Mutex // guards dir; the files are small and written under it once
	dir string
}

func (b *bootstraps) path(name string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dir == "" {
		dir, err := os.MkdirTemp("", "fermata-runtime-")
		if err != nil {
			return "", err
		}
		b.dir = dir
	}
	path := filepath.Join(b.dir, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	text, err := runtimes.ReadFile("bootstrap/" + name)
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, text, 0o600)
}

func (b *bootstraps) remove() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dir == "" {
		return nil
	}
	dir := b.dir
	b.dir = ""
	return os.RemoveAll(dir)
}
