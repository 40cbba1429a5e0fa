package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/internal/npm"
	"github.com/fermata-dev/fermata/internal/seen"
)

// javascriptSDK is AWS's client for JavaScript.
const javascriptSDK = "@aws-sdk/client-sfn@3.1162.0"

// TestJavaScriptSDK: a new operation is a line in operations.mjs, and a yes in
// docs/api.md.
func TestJavaScriptSDK(t *testing.T) {
	folder := npm.Install(t, javascriptSDK)
	node := exec.Command("node", "testdata/javascript/operations.mjs", process(t, "--store=memory"), folder)
	var problems strings.Builder
	node.Stderr = &problems
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, problems.String())
	}
	seen.Check(t, seen.JavaScriptSDK, strings.Fields(string(out)))
}
