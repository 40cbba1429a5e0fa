package fermata_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

const holds = `{"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 31536000, "End": true}}}`

func open(t *testing.T, cfg fermata.Config) *fermata.Fermata {
	t.Helper()
	f, err := fermata.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// TestRefusals: what a program can do wrong has a code that it can tell.
func TestRefusals(t *testing.T) {
	f, ctx := open(t, fermata.Config{}), t.Context()
	if _, err := f.Deploy(ctx, "m", holds); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Start(ctx, "m", 1, fermata.WithName("taken")); err != nil {
		t.Fatal(err)
	}
	start := func(machine string, input any, opts ...fermata.StartOption) error {
		_, err := f.Start(ctx, machine, input, opts...)
		return err
	}
	deploy := func(name, definition string) error { _, err := f.Deploy(ctx, name, definition); return err }
	deployExpress := func(name string) error { _, err := f.DeployExpress(ctx, name, holds); return err }
	find := func(machine, name string) error { _, err := f.Find(ctx, machine, name); return err }
	for what, tc := range map[string]struct{ err, want error }{
		"no definition":         {deploy("n", "{}"), &catalog.Error{Code: catalog.InvalidDefinition}},
		"no name":               {deploy("a b", holds), &catalog.Error{Code: catalog.InvalidName}},
		"another type":          {deployExpress("m"), &catalog.Error{Code: catalog.StateMachineAlreadyExists}},
		"no machine":            {start("n", nil), &catalog.Error{Code: catalog.StateMachineDoesNotExist}},
		"no version":            {start("m:7", nil), &catalog.Error{Code: catalog.StateMachineDoesNotExist}},
		"no execution's name":   {start("m", nil, fermata.WithName("a b")), &catalog.Error{Code: catalog.InvalidName}},
		"the same once more":    {start("m", 1, fermata.WithName("taken")), nil},
		"another under a name":  {start("m", 2, fermata.WithName("taken")), &catalog.Error{Code: launch.ExecutionAlreadyExists}},
		"an execution":          {find("m", "taken"), nil},
		"no execution":          {find("m", "other"), engine.ErrNotFound},
		"an execution of none":  {find("n", "taken"), &catalog.Error{Code: catalog.StateMachineDoesNotExist}},
		"a store that is used":  {openTwice(t), store.ErrInUse},
		"a definition it knows": {deploy("m", holds), nil},
	} {
		if !errors.Is(tc.err, tc.want) {
			t.Errorf("%s: got %v, want %v", what, tc.err, tc.want)
		}
	}
}

// openTwice opens a store that is open.
func openTwice(t *testing.T) error {
	dir := t.TempDir()
	open(t, fermata.Config{Dir: dir})
	_, err := fermata.Open(t.Context(), fermata.Config{Dir: dir})
	return err
}

// TestVersionsAndAliasesCanBeStarted by their names.
func TestVersionsAndAliasesCanBeStarted(t *testing.T) {
	f, ctx := open(t, fermata.Config{}), t.Context()
	m, err := f.Deploy(ctx, "m", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "old", "End": true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Catalog().PublishVersion(ctx, "m", catalog.PublishRequest{})
	if err != nil {
		t.Fatal(err)
	}
	routing := []catalog.Routing{{VersionARN: f.Catalog().Version(m.Name, v.Number), Weight: 100}}
	if _, err := f.Catalog().CreateAlias(ctx, catalog.AliasRequest{Name: "live", Routing: routing}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Deploy(ctx, "m", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "new", "End": true}}}`); err != nil {
		t.Fatal(err)
	}
	for machine, want := range map[string]string{"m": `"new"`, "m:1": `"old"`, "m:live": `"old"`} {
		if got, err := f.Run(ctx, machine, nil); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v", machine, got, err)
		}
	}
}

// TestCloseMayBeCalledTwice, by several at a time, while others wait: all are told,
// and what was started goes on in the next process.
func TestCloseMayBeCalledTwice(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	f := open(t, fermata.Config{Dir: dir})
	if _, err := f.Deploy(ctx, "m", holds); err != nil {
		t.Fatal(err)
	}
	x, err := f.Start(ctx, "m", nil, fermata.WithName("x"))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := x.Wait(ctx); !told(err) {
				t.Errorf("who waits gets %v", err)
			}
		})
		group.Go(func() {
			if err := f.Close(); err != nil {
				t.Errorf("closing gives %v", err)
			}
		})
	}
	group.Wait()
	for what, err := range map[string]error{"Stop": x.Stop(ctx, "", ""), "Describe": errorOf(x.Describe(ctx)), "Start": errorOf(f.Start(ctx, "m", nil)), "Find": errorOf(f.Find(ctx, "m", "x"))} {
		if !told(err) {
			t.Errorf("%s after Close gives %v", what, err)
		}
	}
	next := open(t, fermata.Config{Dir: dir})
	if x, err = next.Find(ctx, "m", "x"); err != nil {
		t.Fatal(err)
	}
	if r, err := x.Describe(ctx); err != nil || r.Status.String() != "RUNNING" {
		t.Errorf("the next process finds %+v, %v", r, err)
	}
}

func told(err error) bool {
	return errors.Is(err, engine.ErrStopped) || errors.Is(err, store.ErrClosed)
}

// errorOf leaves out what comes with an error.
func errorOf[T any](_ T, err error) error { return err }
