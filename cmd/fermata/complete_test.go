package main

import (
	"strings"
	"testing"
)

// TestCompletion: the shell offers what a server has, and the values of flags.
func TestCompletion(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory"), t.TempDir()
	at := "--endpoint=" + server.url
	must(t, "deploy", at, write(t, folder, "hello.asl.json", passDefinition))
	must(t, "start", at, "hello", "--name=first")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"start", at, ""}, "hello"},
		{[]string{"list", at, "h"}, "hello"},
		{[]string{"delete", at, ""}, "hello"},
		{[]string{"describe", at, ""}, "hello"},
		{[]string{"history", at, "hello/"}, "hello/first"},
		{[]string{"stop", at, "none/"}, ""},
		{[]string{"redrive", at, "hello", ""}, ""},
		{[]string{"resume", "--endpoint=127.0.0.1:1", ""}, ""},
		{[]string{"list", at, "--status", ""}, "running succeeded failed timed_out aborted"},
		{[]string{"server", "--limits", ""}, "fermata aws"},
		{[]string{"server", "--throttle", ""}, "off aws aws-small"},
	} {
		out := must(t, append([]string{"__complete"}, c.args...)...)
		offered, _, _ := strings.Cut(out, ":4\n")
		if got := strings.Join(strings.Fields(offered), " "); got != c.want {
			t.Errorf("%v: got %q, want %q", c.args, out, c.want)
		}
	}
	server.stop()
}

// TestServerEndsWellOfTwoSignals: a group of processes that is signalled may signal
// its members, too.
func TestServerEndsWellOfTwoSignals(t *testing.T) { process(t, "--store=memory") }
