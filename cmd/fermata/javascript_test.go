package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/internal/seen"
)

// javascriptSDK is AWS's client for JavaScript.
const javascriptSDK = "@aws-sdk/client-sfn@3.1162.0"

// installed gives a folder whose node_modules have a package. It is installed
// once and kept in the cache of the user.
func installed(t *testing.T, name string) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		} else if os.Getenv("FERMATA_SHARED") != "" {
			t.Fatalf("this test needs %s: %v", tool, err)
		}
		t.Skipf("skipped: this test needs %s", tool)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	folder := filepath.Join(cache, "fermata-tests", strings.NewReplacer("@", "_", "/", "_").Replace(name))
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err == nil {
		return folder
	}
	install(t, name, folder)
	return folder
}

// install installs a package beside the folder first, so that the folder is
// there if it is whole only.
func install(t *testing.T, name, folder string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(folder), "new-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	npm := exec.Command("npm", "install", "--prefix", fresh, "--no-audit", "--no-fund", "--loglevel=error", name)
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm install %s: %v\n%s", name, err, out)
	}
	if err := os.Rename(fresh, folder); err != nil && !os.IsExist(err) { // another test may have been first
		if _, missing := os.Stat(filepath.Join(folder, "node_modules")); missing != nil {
			t.Fatal(err)
		}
	}
}

// TestJavaScriptSDK: a new operation is a line in operations.mjs, and a yes in
// docs/api.md.
func TestJavaScriptSDK(t *testing.T) {
	folder := installed(t, javascriptSDK)
	node := exec.Command("node", "testdata/javascript/operations.mjs", process(t, "--store=memory"), folder)
	var problems strings.Builder
	node.Stderr = &problems
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, problems.String())
	}
	seen.Check(t, seen.JavaScriptSDK, strings.Fields(string(out)))
}
