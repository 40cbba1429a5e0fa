package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDevRedeploys(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "fermata.yaml", "stateMachines:\n  hello: {definition: sub/hello.json}\n")
	definition := write(t, folder, "sub/hello.json", passDefinition)
	server := serve(t, "dev", folder, "--store=memory")
	at := "--endpoint=" + server.url
	server.out.find(t, `created +hello`)
	contains(t, "the next commands", server.out.find(t, `(?s)(Start an execution.*Ctrl-C stops)`), "fermata start hello --wait --endpoint "+server.url,
		"aws stepfunctions start-execution --endpoint-url "+server.url, "arn:aws:states:us-east-1:123456789012:stateMachine:hello")

	write(t, folder, "sub/hello.json", strings.Replace(passDefinition, "world", "moon", 1))
	server.out.find(t, `updated +hello`)
	contains(t, "the new definition", must(t, "start", at, "hello", "--wait"), "moon")

	write(t, folder, "sub/hello.json", strings.Replace(passDefinition, `"End"`, `"Ende"`, 1))
	server.err.find(t, `hello.json:1:33: error SCHEMA_VALIDATION_FAILED`)
	server.err.find(t, `what ran before goes on`)
	contains(t, "the old definition", must(t, "start", at, "hello", "--wait"), "moon")

	if err := os.Remove(definition); err != nil {
		t.Fatal(err)
	}
	server.err.find(t, `fermata.yaml:2: stateMachines.hello.definition: cannot read`)
	write(t, folder, "new/more/other.json", passDefinition)
	write(t, folder, "fermata.yaml", "stateMachines:\n  other: {definition: new/more/other.json}\n")
	server.out.find(t, `created +other`)
	if status := server.stop(); status != 0 {
		t.Errorf("status %d", status)
	}
}

func TestWatchIgnores(t *testing.T) {
	for name, want := range map[string]bool{"node_modules": true, ".git": true, ".fermata": true, "fermata-data": true, "src": false, ".": false} {
		if ignore(name) != want {
			t.Errorf("ignore(%q) = %v", name, !want)
		}
	}
	folder := t.TempDir()
	w, err := watch(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	if list := w.events.WatchList(); len(list) != 1 || filepath.Clean(list[0]) != filepath.Clean(folder) {
		t.Errorf("watched: %v", list)
	}
}
