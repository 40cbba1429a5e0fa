package teststate

import (
	"errors"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
)

// FuzzTest: whatever a request says, there is an answer or a refusal.
func FuzzTest(f *testing.F) {
	f.Add(`{"Type":"Pass","InputPath":"$.a","End":true}`, "", `{"a":1}`, "", "", 0)
	f.Add(lambda, "", `{}`, `{"Payload":1}`, `{"State":{"RetryCount":1}}`, 0)
	f.Add(task, "", `{}`, "!Both", `{}`, 2)
	f.Add(parallel, "", `[]`, `[1,2]`, `{}`, 1)
	f.Add(`{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"v.$":"$$.Map.Item"},"ToleratedFailureCount":1,`+inline+`,"End":true}`, "", `{"l":[1]}`, `[1]`, "", 1)
	f.Add(`{"QueryLanguage":"JSONata","Type":"Choice","Choices":[{"Condition":"{% $states.input.a %}","Next":"N"}]}`, "", `{"a":true}`, "", "", 0)
	f.Add(machine, "B", `1`, "", "", 0)
	tester := &Tester{Limit: time.Millisecond}
	f.Fuzz(func(t *testing.T, definition, name, input, mock, context string, failed int) {
		if value.Valid([]byte(input)) != nil {
			t.Skip("the caller checks the input")
		}
		r := request(definition, input).debug()
		r.StateName = name
		switch {
		case mock == "":
		case mock[0] == '!':
			r.fails(mock[1:], "c")
		default:
			r.mock(mock)
			r.Configuration.MapIterationFailureCount, r.Configuration.MapItemReaderData = &failed, &input
		}
		if context != "" {
			r.Context = &context
		}
		r.Variables = &input
		a, err := tester.Test(t.Context(), r)
		var refused *Refusal
		if (a == nil) == (err == nil) || err != nil && !errors.As(err, &refused) {
			t.Fatalf("got %v, %v", a, err)
		}
	})
}
