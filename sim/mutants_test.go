package sim_test

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	mutate   = flag.Bool("sim.mutants", false, "run TestMutants: the simulation has to notice every broken engine")
	onlyThis = flag.String("sim.mutant", "", "run only the mutants whose name has this in it")
)

// TestMutants breaks the engine in one way after another and expects the
// simulation to notice within 10,000 seeds. A replacement that no longer fits the
// source fails: then the mutant has to be written anew.
func TestMutants(t *testing.T) {
	if !*mutate {
		t.Skip("takes minutes; run with -sim.mutants")
	}
	for _, m := range mutants {
		if !strings.Contains(m.name, *onlyThis) {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			began := time.Now()
			binary := m.build(t)
			seed, what := hunt(t, binary)
			t.Logf("noticed by seed %s in %v: %.160s", seed, time.Since(began).Round(time.Second), what)
		})
	}
}

// TestMutantsFit: each mutant changes the source of today in the places that it means.
func TestMutantsFit(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) { m.overlay(t, t.TempDir()) })
	}
}

// overlay writes the mutant's files to dir, and names them by those that they stand
// for.
func (m *mutant) overlay(t *testing.T, dir string) map[string]string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for i, change := range m.changes {
		original := filepath.Join(root, change.file)
		path := original
		if changed, ok := replace[original]; ok {
			path = changed
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(source), change.old); n != 1 {
			t.Fatalf("change %d fits %s in %d places instead of one", i, change.file, n)
		}
		mutated := filepath.Join(dir, filepath.Base(original))
		write(t, mutated, []byte(strings.Replace(string(source), change.old, change.new, 1)))
		replace[original] = mutated
	}
	return replace
}

// build compiles this test with the mutant's source in place of the engine's.
func (m *mutant) build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text, err := json.Marshal(struct{ Replace map[string]string }{m.overlay(t, dir)})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), text)
	binary := filepath.Join(dir, "mutant")
	out, err := exec.Command("go", "test", "-c", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("the mutant does not compile: %s", out)
	}
	return binary
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

var noticed = regexp.MustCompile(`seed (\d+), step [^\n]*`)

// hunt runs seeds until one fails.
func hunt(t *testing.T, binary string) (seed, what string) {
	t.Helper()
	out, err := exec.Command(binary, "-test.run=^TestSeeds$", "-sim.seeds=10000", "-test.timeout=15m").CombinedOutput()
	if err == nil {
		t.Fatal("10,000 seeds do not notice it")
	}
	found := noticed.FindSubmatch(out)
	if found == nil {
		t.Fatalf("it fails without a seed: %.2000s", out)
	}
	return string(found[1]), string(found[0])
}
