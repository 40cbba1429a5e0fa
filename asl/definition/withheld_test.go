package definition

import (
	"testing"

	"github.com/fermata-dev/fermata/awsmodel"
)

// TestWithheld: every operation of the table is one that its service has, and is
// refused.
func TestWithheld(t *testing.T) {
	for service, operations := range withheld {
		api, err := awsmodel.Requests(service)
		if err != nil || api == nil {
			t.Fatalf("%s: %v, %v", service, api, err)
		}
		for _, operation := range operations {
			if _, ok := api.Input(operation); !ok {
				t.Errorf("%s has no %s", service, operation)
			}
			text := `{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "QueryLanguage": "JSONata", "Arguments": "{% $states.input %}",
				"Resource": "arn:aws:states:::aws-sdk:` + service + ":" + string(operation[0]|0x20) + operation[1:] + `"}}}`
			if m, _ := Parse([]byte(text), Options{JSONata: true}); m != nil {
				t.Errorf("%s:%s is accepted", service, operation)
			}
		}
	}
}
