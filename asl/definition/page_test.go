package definition_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

var (
	codeConstant = regexp.MustCompile(`Code = "([A-Z_]+)"`)
	pageSection  = regexp.MustCompile("(?m)^### `([A-Z_]+)`\n")
	pageExample  = regexp.MustCompile("(?s)```json\n(.*?)```\n((?:> [^\n]*\n)*)")
	pageFinding  = regexp.MustCompile("> `(.*?)`: (.*)\n")
)

// page is docs/validation.md, by code.
func page(t *testing.T) map[definition.Code]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/validation.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[definition.Code]string{}
	starts := pageSection.FindAllSubmatchIndex(text, -1)
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		sections[definition.Code(text[at[2]:at[3]])] = string(text[at[1]:end])
	}
	return sections
}

// TestPageHasEveryCode: docs/validation.md has a section for each code.
func TestPageHasEveryCode(t *testing.T) {
	source, err := os.ReadFile("diagnostic.go")
	if err != nil {
		t.Fatal(err)
	}
	sections := page(t)
	for _, match := range codeConstant.FindAllSubmatch(source, -1) {
		if _, ok := sections[definition.Code(match[1])]; !ok {
			t.Errorf("docs/validation.md says nothing about %s", match[1])
		}
		delete(sections, definition.Code(match[1]))
	}
	for code := range sections {
		t.Errorf("docs/validation.md has a section about %s, which there is not", code)
	}
}

// TestPageExamples: the first example of each section has that code at that
// place with that text, and the second one has it no more and is valid.
func TestPageExamples(t *testing.T) {
	for code, section := range page(t) {
		examples := pageExample.FindAllStringSubmatch(section, -1)
		if len(examples) == 0 && (code == definition.MissingDescription || code == definition.TooDeeplyNested) {
			continue // nothing to show, or too much
		}
		if len(examples) != 2 {
			t.Errorf("%s has %d examples", code, len(examples))
			continue
		}
		var want []string
		for _, finding := range pageFinding.FindAllStringSubmatch(examples[0][2], -1) {
			want = append(want, finding[2]+" at "+finding[1])
		}
		if got := found(examples[0][1], code); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: the example gives %q, not %q", code, got, want)
		}
		if got := found(examples[1][1], code); got != nil {
			t.Errorf("%s: what should be right gives %q", code, got)
		}
		if m, diagnostics := definition.Parse([]byte(examples[1][1]), withoutServices); m == nil {
			t.Errorf("%s: what should be right gives%s", code, describe(diagnostics))
		}
	}
}

// withoutServices are the options of a server that has no connectors.
var withoutServices = definition.Options{JSONata: true, DistributedMap: true}

// found lists the diagnostics of a template with that code.
func found(text string, code definition.Code) []string {
	_, diagnostics := definition.Parse([]byte(strings.TrimSpace(text)), withoutServices)
	var texts []string
	for _, d := range definition.ForTemplates(diagnostics) {
		if d.Code == code {
			message, _, _ := strings.Cut(d.Message, "\n")
			texts = append(texts, message+" at "+d.Location)
		}
	}
	return texts
}
