package fermata_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryDependencyIsAccountedFor: docs/dependencies.md has a line for each
// direct dependency.
func TestEveryDependencyIsAccountedFor(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`)
	for _, m := range direct.FindAllStringSubmatch(string(mod), -1) {
		if !strings.Contains(string(page), m[1]) && !sdkPart(m[1], string(page)) {
			t.Errorf("docs/dependencies.md has no line for %s: what for, why this one, licence", m[1])
		}
	}
}

// sdkPart: the modules of the AWS SDK share a line that names their last parts.
func sdkPart(module, page string) bool {
	part, ok := strings.CutPrefix(module, "github.com/aws/aws-sdk-go-v2/")
	return ok && strings.Contains(page, "`"+part+"`")
}
