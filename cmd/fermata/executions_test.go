package main

import (
	"bytes"
	"testing"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// TestIncidentIsShown where an execution is listed and described, with what can be done.
func TestIncidentIsShown(t *testing.T) {
	var out bytes.Buffer
	r := &connection{streams: streams{out: &out}}
	x := client.Execution{Name: "a", Status: "RUNNING", Incident: "panic in the interpreter: x"}
	r.printExecutions("m", []client.Execution{x})
	contains(t, "list", out.String(), "RUNNING (incident)")
	out.Reset()
	r.printExecution(&x)
	contains(t, "describe", out.String(), "panic in the interpreter: x", "fermata resume", "fermata stop")
}
