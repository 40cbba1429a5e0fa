package definition_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// positions lists line and column of each diagnostic, with its pointer.
func positions(diagnostics []definition.Diagnostic) []string {
	var texts []string
	for _, d := range diagnostics {
		texts = append(texts, fmt.Sprintf("%d:%d %s", d.Line, d.Column, d.Pointer))
	}
	return texts
}

func TestPositions(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"JSON", `{
	"StartAt": "A", "States": {
		"ä": {"Type": "Pass", "Next": "B"}, "A": {
			"Type": "Choice", "Choices": [
				{"Variable": "$.a", "IsNull": true, "Next": "C"} ,
				5, [{}], "text", {"Variable": "x", "IsNull": 1, "Next": "ä"}],
			"a/b\u007e": true
		}
	}
}`, []string{"7:4 /States/A/a~1b~0", "6:5 /States/A/Choices/1", "6:8 /States/A/Choices/2", "6:14 /States/A/Choices/3",
			"6:23 /States/A/Choices/4/Variable", "6:40 /States/A/Choices/4/IsNull", "3:25 /States/ä/Next", "5:41 /States/A/Choices/0/Next", "1:1 "}},
		{"JSON on one line", `{"States": {"A": {"Type": "Succeed"}}, "Comment": "}", "StartAt": 1}`, []string{"1:56 /StartAt"}},
		{"JSON without the member", `{"StartAt": "A",
 "States": {"A": {"Type": "Task"}}}`, []string{"2:13 /States/A", "2:13 /States/A", "1:1 "}},
		{"the whole text", "\n {}", []string{"1:1 "}},
		{"syntax", "{\n  \"a\": 1,\n}", []string{"3:1 "}},
		{"YAML", `StartAt: A
States:
  A:
    Type: Choice
    Choices:
      - Variable: $.a
        IsNull: 1
        Next: C
      - 5
      - Next: A
  B: &b
    Type: Wait
  C: {Type: Fail, Cause: 1}
`, []string{"7:9 /States/A/Choices/0/IsNull", "9:9 /States/A/Choices/1", "10:9 /States/A/Choices/2", "11:3 /States/B", "11:3 /States/B",
			"13:19 /States/C/Cause", "11:3 /States/B"}},
		{"YAML alias", "StartAt: A\nStates:\n  A: &a {Type: Fail, Cause: 1}\n  B: *a\n", []string{"3:22 /States/A/Cause", "4:3 /States/B/Cause", "4:3 /States/B"}},
		{"YAML syntax", "StartAt: [\n", []string{"1:10 "}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, diagnostics := definition.ParseAny([]byte(c.text), everything)
			if got := positions(diagnostics); !slices.Equal(got, c.want) {
				t.Errorf("got\n\t%q\nwant\n\t%q\nfor%s", got, c.want, describe(diagnostics))
			}
		})
	}
}
