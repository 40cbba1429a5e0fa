package pebblestore_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// damagedRuns is how many runs the directory of TestDamagedDirectory has.
const damagedRuns = 60

// TestDamagedDirectory takes a directory that was closed in order, does harm to each
// of its files, and wants it refused, or every run as it was or with ErrCorrupt:
// never less than there was.
func TestDamagedDirectory(t *testing.T) {
	disk := filledDisk(t)
	files, err := disk.List(damagedDir)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	outcomes := map[string]int{}
	for _, file := range files {
		for name, harm := range harms(random, readAll(t, disk, file)) {
			t.Run(file+" "+name, func(t *testing.T) {
				outcomes[afterHarm(t, copyOf(t, disk), file, harm)]++
			})
		}
	}
	t.Logf("%v", outcomes)
	if outcomes["refused"] < 10 {
		t.Error("hardly anything was refused")
	}
}

const damagedDir = "orders"

func readAll(t *testing.T, disk vfs.FS, file string) []byte {
	t.Helper()
	f, err := disk.Open(disk.PathJoin(damagedDir, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// replace gives a file another text, nil for taking it away.
func replace(t *testing.T, disk vfs.FS, file string, text []byte) {
	t.Helper()
	path := disk.PathJoin(damagedDir, file)
	if err := disk.Remove(path); err != nil {
		t.Fatal(err)
	}
	if text == nil {
		return
	}
	f, err := disk.Create(path, vfs.WriteCategoryUnspecified)
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func copyOf(t *testing.T, disk vfs.FS) vfs.FS {
	t.Helper()
	copied := vfs.NewMem()
	if ok, err := vfs.Clone(disk, copied, damagedDir, damagedDir); err != nil || !ok {
		t.Fatalf("copy: %t, %v", ok, err)
	}
	return copied
}

func openDisk(disk vfs.FS) (*pebblestore.Store, error) {
	return pebblestore.Open(damagedDir, pebblestore.Options{FS: disk, MemTableBytes: 64 << 10})
}

// harms are ways to damage a file, nil for taking it away.
func harms(random *rand.Rand, whole []byte) map[string][]byte {
	all := map[string][]byte{"missing": nil}
	data := len(bytes.TrimRight(whole, "\x00"))
	if data == 0 {
		return all
	}
	for range 4 {
		at := random.IntN(data)
		all[fmt.Sprintf("cut off at %d of %d", at, data)] = append([]byte{}, whole[:at]...)
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1 << random.IntN(8)
		all[fmt.Sprintf("a bit flipped at %d of %d", at, data)] = flipped
		zeroed := bytes.Clone(whole)
		clear(zeroed[at:min(at+512, len(zeroed))])
		all[fmt.Sprintf("zeros at %d of %d", at, data)] = zeroed
	}
	return all
}

// filledDisk has runs in the files of three openings, small ones and such that lie
// in files of values.
func filledDisk(t *testing.T) vfs.FS {
	t.Helper()
	disk := vfs.NewMem()
	for opening := range 3 {
		s, err := openDisk(disk)
		if err != nil {
			t.Fatal(err)
		}
		for i := range store.RunID(damagedRuns / 3) {
			mustCommit(t, s, damagedRun(store.RunID(opening*damagedRuns/3)+i+1))
		}
		if opening == 0 {
			if err := s.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return disk
}

func damagedRun(run store.RunID) store.Batch {
	return store.Batch{
		Run: run, Create: true, Commit: 1, Entry: damagedEntry(run),
		Head: &store.Head{Position: 1, Commit: 1, Started: benchStart, Last: benchStart},
	}
}

// damagedEntry is random, so that nothing compresses it.
func damagedEntry(run store.RunID) []byte {
	random := rand.New(rand.NewPCG(uint64(run), 0))
	entry := make([]byte, 20+run%2*4000)
	for i := range entry {
		entry[i] = byte(random.Uint32())
	}
	return entry
}

// afterHarm opens a disk with one file changed, and says what became of it.
func afterHarm(t *testing.T, disk vfs.FS, name string, text []byte) string {
	replace(t, disk, name, text)
	s, err := openDisk(disk)
	if err != nil {
		if text := err.Error(); strings.Contains(text, "\n") || !strings.Contains(text, damagedDir) {
			t.Errorf("the refusal reads %q", text)
		}
		return "refused"
	}
	defer s.Close()
	return checkRuns(t, s)
}

func checkRuns(t *testing.T, s store.Store) string {
	outcome := "all there"
	for run := store.RunID(1); run <= damagedRuns; run++ {
		log, err := s.Load(t.Context(), run, 1<<30)
		switch {
		case errors.Is(err, store.ErrCorrupt):
			outcome = "some unreadable"
		case err != nil:
			t.Errorf("run %d: %v", run, err)
		case len(log.Entries) != 1 || !bytes.Equal(log.Entries[0], damagedEntry(run)):
			t.Errorf("run %d is another", run)
		}
	}
	return outcome
}

// TestDamagedLog: bits that have flipped in the log of a store that was killed are
// found, wherever something durable comes after them.
func TestDamagedLog(t *testing.T) {
	disk := filledDisk(t)
	s, err := openDisk(disk)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for run := store.RunID(1); run <= damagedRuns; run++ {
		b := damagedRun(damagedRuns + run)
		b.Entry = b.Entry[:20]
		mustCommit(t, s, b)
	}
	name := newestLog(t, disk)
	log := readAll(t, disk, name)
	log = log[:len(bytes.TrimRight(log, "\x00"))]
	random := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		at := random.IntN(len(log) * 9 / 10)
		harm := bytes.Clone(log)
		harm[at] ^= 1 << random.IntN(8)
		copied := copyOf(t, disk)
		replace(t, copied, name, harm)
		if opened, err := openDisk(copied); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("a bit flipped at %d of %d: opened with %v", at, len(log), err)
			opened.Close()
		}
	}
	whole := copyOf(t, disk)
	replace(t, whole, name, log[:len(log)-5]) // the last write was interrupted
	opened, err := openDisk(whole)
	if err != nil {
		t.Fatal(err)
	}
	opened.Close()
}

func newestLog(t *testing.T, disk vfs.FS) string {
	t.Helper()
	names, err := disk.List(damagedDir)
	if err != nil {
		t.Fatal(err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, ".log") })
	return slices.Max(names)
}

// TestLostOpening: a store that was not closed and has lost all that it wrote since
// it was opened, as where its log is gone.
func TestLostOpening(t *testing.T) {
	disk := filledDisk(t)
	lost := copyOf(t, disk)
	s, err := openDisk(disk)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	replace(t, lost, "GENERATION", readAll(t, disk, "GENERATION"))
	_, err = openDisk(lost)
	if !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), "opening 3 of 4") {
		t.Errorf("the refusal reads %v", err)
	}
}

// TestLostHistory: a store that was killed, whose list of files has lost those of
// the openings before.
func TestLostHistory(t *testing.T) {
	disk := filledDisk(t)
	s, err := openDisk(disk)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mustCommit(t, s, damagedRun(damagedRuns+1))
	names, err := disk.List(damagedDir)
	if err != nil {
		t.Fatal(err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, "MANIFEST-") })
	name := slices.Max(names)
	list := readAll(t, disk, name)
	for at := range list {
		copied := copyOf(t, disk)
		replace(t, copied, name, append([]byte{}, list[:at]...))
		opened, err := openDisk(copied)
		if err != nil {
			continue
		}
		checkRuns(t, opened)
		opened.Close()
	}
}

func TestGenerationFile(t *testing.T) {
	disk := filledDisk(t)
	for name, c := range map[string]struct {
		text  string
		class error // nil: it opens
	}{
		"of this store":  {"fermata-generation 1\nclosed 3\n", nil},
		"older":          {"fermata-generation 1\nopen 2\n", nil},
		"none":           {"", nil},
		"newer format":   {"fermata-generation 2\nclosed 3 and more\n", store.ErrNewer},
		"later opening":  {"fermata-generation 1\nopen 4\n", store.ErrCorrupt},
		"other state":    {"fermata-generation 1\najar 3\n", store.ErrCorrupt},
		"something else": {"hello\n", store.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			copied := copyOf(t, disk)
			var text []byte
			if c.text != "" {
				text = []byte(c.text)
			}
			replace(t, copied, "GENERATION", text)
			s, err := openDisk(copied)
			if !errors.Is(err, c.class) {
				t.Fatalf("it opened with %v, want %v", err, c.class)
			}
			if err == nil {
				err = s.Close()
			}
			if err != nil && c.class == nil {
				t.Error(err)
			}
		})
	}
}

// TestCrashWhileOpeningAndClosing: whatever of an opening or closing reached the
// disk, the next opening works.
func TestCrashWhileOpeningAndClosing(t *testing.T) {
	mem := vfs.NewCrashableMem()
	for range 3 {
		s, err := pebblestore.Open("dir", pebblestore.Options{FS: mem})
		if err != nil {
			t.Fatal(err)
		}
		opensAfterCrash(t, mem)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		opensAfterCrash(t, mem)
	}
}

func opensAfterCrash(t *testing.T, mem *vfs.MemFS) {
	t.Helper()
	for seed := range uint64(3) {
		crashed := mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(seed, 0))})
		s, err := pebblestore.Open("dir", pebblestore.Options{FS: crashed})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
