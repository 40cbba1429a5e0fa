package definition_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// wide is a machine of n states in a row, of several types.
func wide(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"StartAt": "` + stateName(0) + `", "States": {`)
	for i := range n {
		name, next := stateName(i), stateName(i+1)
		b.WriteString(`"` + name + `": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "` + next + `",
			"Parameters": {"FunctionName": "f", "Payload": {"id.$": "$.order.id", "at.$": "States.Format('{}', $$.State.Name)"}},
			"Retry": [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 2}], "ResultPath": "$.result"},`)
	}
	b.WriteString(`"` + stateName(n) + `": {"Type": "Succeed"}}}`)
	return []byte(b.String())
}

func stateName(i int) string { return "State" + strconv.Itoa(i) }

func BenchmarkParse(b *testing.B) {
	for name, n := range map[string]int{"10": 10, "1000": 1000} {
		text := wide(n)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if m, diagnostics := definition.Parse(text, definition.Options{}); m == nil {
					b.Fatal(describe(diagnostics))
				}
			}
		})
	}
}
