package fermata_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fermata-dev/fermata"

// laws says what the packages of a part may import of ours, beside packages
// below themselves. The longest pattern that fits a package counts.
var laws = []struct {
	part, why string
	may       []string
}{
	{"expr", "expression languages stand alone", []string{"expr"}},
	{"interpreter", "what an interpreter is knows of values and nothing else", []string{"expr/value"}},
	{"asl", "a language knows expressions, what an interpreter is and what AWS's APIs take, never the engine", []string{"asl", "awsmodel", "expr", "interpreter"}},
	{"store", "a store knows nothing of ours", []string{"store"}},
	{"store/memstore", "stores are siblings and do not import each other", []string{"store"}},
	{"store/pebblestore", "stores are siblings and do not import each other", []string{"store"}},
	{"connector", "what a connector is knows nothing of ours", nil},
	{"connector/lambda", "connectors are siblings that know values and the connector interface", []string{"connector", "connector/lambda", "connector/lambda/*", "expr/value"}},
	{"connector/httptask", "connectors are siblings that know values and the connector interface", []string{"connector", "expr/value"}},
	{"connector/states", "connectors are siblings that know values and the connector interface", []string{"connector", "expr/value"}},
	{"connector/mapruns", "connectors are siblings that know values and the connector interface", []string{"connector", "expr/value"}},
	{"connector/mapio", "connectors are siblings that know values and the connector interface", []string{"connector", "connector/mapio", "connector/mapio/*", "expr/value"}},
	{"connector/mapio/objectstore", "places of objects know what a place is and nothing of who uses it", []string{"connector/mapio/objectstore"}},
	{"engine/core", "the step machine knows interpreters and stores by their interfaces only", []string{"interpreter", "store"}},
	{"engine", "the engine names no language, no protocol and no database", []string{"engine/core", "connector", "expr/value", "interpreter", "store"}},
	{"catalog", "the catalog keeps definitions for the engine, below any server", []string{"asl", "asl/*", "catalog", "connector", "connector/mapruns", "connector/states", "engine", "executionlog", "expr/*", "interpreter", "store"}},
	{"catalog/logging", "execution logs follow engines and know no sink by itself", []string{"asl", "catalog", "engine", "executionlog", "interpreter", "store"}},
	{"executionlog", "records are made of events; where those come from is not known here", []string{"asl", "expr/value"}},
	{"server", "a server knows what it serves, and no store of its own", []string{"asl", "asl/*", "catalog", "catalog/*", "connector", "engine", "executionlog", "expr/*", "interpreter", "store", "teststate"}},
	{"mock", "mocks are a format of their own", []string{"expr/value", "internal/located"}},
	{"mock/standin", "mocks stand between an engine and its connectors, below the embedding API", []string{"asl", "asl/*", "catalog", "connector", "engine", "interpreter", "mock", "store"}},
	{"testrun", "tests drive interpreters, never an engine", []string{"asl", "asl/*", "connector", "connector/mapio", "connector/mapruns", "connector/states", "expr/*", "internal/located", "interpreter", "mock", "project"}},
	{"testrun/report", "a report knows results", []string{"testrun"}},
	{"awsmodel", "what AWS's APIs take and answer is data of its own", []string{"awsmodel", "expr/value"}},
	{"teststate", "the test of a state drives the interpreter and connectors, without an engine", []string{"asl", "asl/*", "awsmodel", "connector", "connector/mapio", "expr/*", "interpreter"}},
	{"sim", "the simulation drives the step machine, not its production shell", []string{"asl", "connector", "connector/mapruns", "engine/core", "expr/*", "interpreter", "store", "store/memstore"}},
	{"internal", "what tests share knows nothing of ours", nil},
	{"internal/located", "what file formats share knows values, and how lines are found", []string{"expr/value", "project"}},
	{"throttle", "rates and their buckets stand alone", nil},
	{"project", "the project file is a format of its own", nil},
	{"", "the embedding API puts engine, stores and connectors together, below servers and commands", []string{"asl", "asl/*", "catalog", "catalog/*", "connector", "connector/*", "engine", "executionlog", "expr/*", "interpreter", "mock", "mock/*", "store", "store/*", "teststate", "throttle"}},
	{"bench", "the benchmark is a user of the embedding API", []string{"", "connector/*", "engine", "store", "store/*"}},
	{"cmd", "the command line may use everything", []string{"*"}},
	{"examples", "examples import what they show", []string{"*"}},
}

// TestArrowsPointDown loads the import graph and says which law is broken.
func TestArrowsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		from := short(p.ImportPath)
		for _, i := range p.Imports {
			if i == module || strings.HasPrefix(i, module+"/") {
				checkArrow(t, from, short(i))
			}
		}
	}
}

func short(p string) string { return strings.TrimPrefix(strings.TrimPrefix(p, module), "/") }

func checkArrow(t *testing.T, from, to string) {
	t.Helper()
	best := -1
	for i, l := range laws {
		if (from == l.part || strings.HasPrefix(from, l.part+"/")) && (best < 0 || len(l.part) > len(laws[best].part)) {
			best = i
		}
	}
	if best < 0 {
		t.Errorf("package %s is under no law: add one for it", from)
		return
	}
	l := laws[best]
	if strings.HasPrefix(to, from+"/") || slices.ContainsFunc(l.may, func(pattern string) bool { return fits(pattern, to) }) {
		return
	}
	t.Errorf("%s imports %s, but %s", from, to, l.why)
}

// fits: a part stands for itself and, if it ends with a star, for all below it.
func fits(pattern, p string) bool {
	if pattern == "*" || pattern == p || pattern == "expr" && strings.HasPrefix(p, "expr/") || pattern == "asl" && strings.HasPrefix(p, "asl/") {
		return true
	}
	below, star := strings.CutSuffix(pattern, "/*")
	return star && (strings.HasPrefix(p, below+"/") || path.Dir(p) == below)
}
