// Package recordings finds what tests replay and the project does not hold: what
// other systems were recorded to answer.
package recordings

import (
	"os"
	"path/filepath"
	"testing"
)

// Path is where a file or folder of the recordings is, in $FERMATA_SHARED or in a
// folder named shared beside a parent of the working directory. Without it the
// test is skipped; with FERMATA_SHARED set, that it is missing is a failure.
func Path(t testing.TB, name string) string {
	t.Helper()
	name = filepath.FromSlash(name)
	if root := os.Getenv("FERMATA_SHARED"); root != "" {
		path := filepath.Join(root, name)
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("FERMATA_SHARED is set, but there are no recordings in it: %v", err)
		}
		return path
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		path := filepath.Join(at, "shared", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skipf("the recordings %s are not here; FERMATA_SHARED names the folder that has them", name)
	return ""
}
