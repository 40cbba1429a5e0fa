package pebblestore_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// wantRefusal opens a directory and wants an error of that class that is one
// line and names the directory.
func wantRefusal(t *testing.T, dir string, class error, words string) {
	t.Helper()
	s, err := pebblestore.Open(dir, pebblestore.Options{})
	if err == nil {
		s.Close()
		t.Fatal("the store opened")
	}
	if class != nil && !errors.Is(err, class) {
		t.Errorf("%v is no %v", err, class)
	}
	if text := err.Error(); strings.Contains(text, "\n") || !strings.Contains(text, dir) || !strings.Contains(text, words) {
		t.Errorf("the error reads %q", text)
	}
}

func TestOpenDirectoryIsInUse(t *testing.T) {
	dir := t.TempDir()
	s, err := pebblestore.Open(dir, pebblestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, store.ErrInUse, "in use")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = pebblestore.Open(dir, pebblestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestForeignDirectoryIsRefusedAndLeftAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, nil, "thesis.tex")
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 {
		t.Errorf("the directory holds %v, %v", names, err)
	}
}

func TestFormats(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		class error
	}{
		"newer":            {"fermata-pebblestore 2\nid 00112233\n", store.ErrNewer},
		"newer and other":  {"fermata-pebblestore 17\nanything\n", store.ErrNewer},
		"something else":   {"hello\n", store.ErrCorrupt},
		"empty":            {"", store.ErrCorrupt},
		"version that low": {"fermata-pebblestore 0\nid 00112233\n", store.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "FORMAT"), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			wantRefusal(t, dir, c.class, "")
		})
	}
}

// TestCrashWhileTheStoreIsMade: whatever of the first opening reached the disk,
// the next one works.
func TestCrashWhileTheStoreIsMade(t *testing.T) {
	mem := vfs.NewCrashableMem()
	if err := mem.MkdirAll("dir", 0o755); err != nil {
		t.Fatal(err)
	}
	temp, err := mem.Create("dir/FORMAT.tmp", vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	if err := temp.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := pebblestore.Open("dir", pebblestore.Options{FS: mem})
	if err != nil {
		t.Fatal(err)
	}
	id := s.ID()
	crashed := mem.CrashClone(vfs.CrashCloneCfg{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = pebblestore.Open("dir", pebblestore.Options{FS: crashed})
	if err != nil {
		t.Fatal(err)
	}
	if s.ID() != id {
		t.Errorf("the store %s became %s", id, s.ID())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestIDsDiffer(t *testing.T) {
	seen := make(map[string]bool)
	for range 3 {
		s, err := pebblestore.Open("dir", pebblestore.Options{FS: vfs.NewMem()})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.ID()) != 32 || seen[s.ID()] {
			t.Errorf("id %q", s.ID())
		}
		seen[s.ID()] = true
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
