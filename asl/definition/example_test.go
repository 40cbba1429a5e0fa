package definition_test

import (
	"fmt"

	"github.com/fermata-dev/fermata/asl/definition"
)

func ExampleParse() {
	text := `{
	  "StartAt": "Greet",
	  "States": {
	    "Greet": {"Type": "Pass", "Result": "hello", "Next": "Done"},
	    "Done": {"Type": "Succeed"}
	  }
	}`
	machine, _ := definition.Parse([]byte(text), definition.Options{})
	start := machine.Root.Start
	fmt.Println(start.Type, start.Name, "then", start.Next.Name)
	// Output: Pass Greet then Done
}

func ExampleFormatInvalidDefinition() {
	text := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}`
	_, diagnostics := definition.Parse([]byte(text), definition.Options{})
	fmt.Println(definition.FormatInvalidDefinition(diagnostics))
	// Output: Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null'
}
