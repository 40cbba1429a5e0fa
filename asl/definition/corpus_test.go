package definition_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"

	"github.com/fermata-dev/fermata/internal/recordings"
)

// everything admits all that the parser understands.
var everything = definition.Options{
	JSONata: true, DistributedMap: true,
	Services: func(string, string) bool { return true },
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func describe(diagnostics []definition.Diagnostic) string {
	var b strings.Builder
	for _, d := range diagnostics {
		b.WriteString("\n\t" + string(d.Severity) + " " + string(d.Code) + ": " + d.Message + " at " + d.Location)
	}
	return b.String()
}

func TestAgreesWithOtherValidators(t *testing.T) {
	dir := recordings.Path(t, "corpus/asl-validator")
	var expected struct {
		Cases []struct {
			File, Source, Expected          string
			ValidatorSays, ASLValidatorSays string
		}
	}
	readJSON(t, filepath.Join(dir, "expected.json"), &expected)
	agree, all := 0, 0
	for _, c := range expected.Cases {
		disputed := c.Source == "statelint" && c.ASLValidatorSays != c.Expected
		if disputed {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, c.File))
		if err != nil {
			t.Fatal(err)
		}
		all++
		_, diagnostics := definition.Parse(text, everything)
		diagnostics = definition.ForTemplates(diagnostics)
		if definition.HasErrors(diagnostics) == (c.Expected == "invalid") {
			agree++
		} else {
			t.Logf("%s is %s there%s", c.File, c.Expected, describe(diagnostics))
		}
	}
	t.Logf("%d of %d verdicts agree", agree, all)
	if agree*100 < all*98 {
		t.Errorf("only %d of %d verdicts agree", agree, all)
	}
}

var arnPlaceholder = regexp.MustCompile(`\$\{(Lambda|Activity|StateMachine)Arn:[^}]*\}`)

var placeholderARNs = map[string]string{
	"Lambda":       "arn:aws:lambda:us-east-1:111111111111:function:f",
	"Activity":     "arn:aws:states:us-east-1:111111111111:activity:a",
	"StateMachine": "arn:aws:states:us-east-1:111111111111:stateMachine:m",
}

func TestAcceptsWhatAWSAccepted(t *testing.T) {
	dir := recordings.Path(t, "corpus/asl/cases")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	parsed := 0
	for _, file := range files {
		var c struct {
			Kind, Type string
			Definition json.RawMessage
		}
		readJSON(t, file, &c)
		if c.Kind != "execution" || c.Definition == nil {
			continue
		}
		text := arnPlaceholder.ReplaceAllFunc(c.Definition, func(m []byte) []byte {
			return []byte(placeholderARNs[string(arnPlaceholder.FindSubmatch(m)[1])])
		})
		opts := everything
		opts.Express = c.Type == "EXPRESS"
		machine, diagnostics := definition.Parse(text, opts)
		parsed++
		if machine == nil {
			t.Errorf("%s was accepted by AWS%s", filepath.Base(file), describe(diagnostics))
		}
	}
	t.Logf("%d definitions", parsed)
}
