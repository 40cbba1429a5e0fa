// Package npm installs the packages of npm that tests compare with or drive.
package npm

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Install makes packages, each named with its version ("jsonata@2.2.2"), usable
// by Node and returns the folder that holds their node_modules. They are kept in
// the user's cache. Without Node and npm the test is skipped; with
// FERMATA_SHARED set, which asks for everything, that is a failure.
func Install(t testing.TB, packages ...string) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("FERMATA_SHARED") != "" {
				t.Fatalf("this test needs %s: %v", tool, err)
			}
			t.Skipf("skipped: this test needs %s on the PATH: %v", tool, err)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	root := filepath.Join(cache, "fermata-tests")
	name := strings.NewReplacer("/", "_", "@", "-").Replace(strings.Join(packages, "_"))
	dir := filepath.Join(root, name)
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(root, name+".*")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	arguments := append([]string{"install", "--prefix", fresh, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"}, packages...)
	if out, err := exec.Command("npm", arguments...).CombinedOutput(); err != nil {
		t.Fatalf("npm %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	if err := os.Rename(fresh, dir); err != nil {
		if _, there := os.Stat(dir); there != nil { // another test was not faster
			t.Fatal(err)
		}
	}
	return dir
}
