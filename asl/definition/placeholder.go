package definition

import (
	"regexp"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// substitution is a placeholder in a string: ${Name} is what CloudFormation,
// SAM and Terraform templates write, #{AWS::Region} what a plugin of the
// Serverless Framework does.
var substitution = regexp.MustCompile(`\$\{[^}]+\}|#\{[^}]+\}`)

// isPlaceholder says whether a deployment tool will put another value in the
// place of v: a string with a substitution, or a function of CloudFormation.
func isPlaceholder(v any) bool {
	switch v := v.(type) {
	case string:
		return substitution.MatchString(v)
	case *value.Object:
		if v.Len() != 1 {
			return false
		}
		for name := range v.All() {
			return name == "Ref" || strings.HasPrefix(name, "Fn::")
		}
	}
	return false
}

// ForTemplates are the diagnostics for a text that a deployment tool has still
// to work on: what is wrong with a placeholder is a warning. A state machine
// cannot be created from such a text.
func ForTemplates(diagnostics []Diagnostic) []Diagnostic {
	changed := make([]Diagnostic, len(diagnostics))
	for i, d := range diagnostics {
		if d.Placeholder {
			d.Severity, d.Code = Warning, Placeholder
			d.Hint = "the value is not checked until the placeholder is replaced"
		}
		changed[i] = d
	}
	return changed
}
