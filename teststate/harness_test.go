package teststate

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

func ptr[T any](v T) *T { return &v }

// request is a request with everything that is required.
func request(definition, input string) *Request {
	return &Request{
		Definition: definition, Input: value.Text([]byte(input)),
		Info: interpreter.Info{
			ExecutionARN: "arn:aws:states:us-east-1:123456789012:express:m:n", Name: "n", MachineName: "m",
			MachineARN: "arn:aws:states:us-east-1:123456789012:stateMachine:m", RoleARN: "arn:aws:iam::123456789012:role/r",
		},
	}
}

func (r *Request) with(change func(*Request)) *Request {
	change(r)
	return r
}

func (r *Request) debug() *Request { r.Level = Debug; return r }

func (r *Request) mock(result string) *Request { r.Mock = &Mock{Result: &result}; return r }

func (r *Request) fails(name, cause string) *Request {
	r.Mock = &Mock{Failure: &Failure{&name, &cause}}
	return r
}

// told tests a state and tells how it ended, in one line.
func told(t *testing.T, r *Request) string {
	t.Helper()
	return tell(t, &Tester{}, r)
}

func tell(t *testing.T, tester *Tester, r *Request) string {
	t.Helper()
	a, err := tester.Test(t.Context(), r)
	var refused *Refusal
	if errors.As(err, &refused) {
		return refused.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(string(a.Status))
	if a.Output != nil {
		fmt.Fprintf(&b, " %s", a.Output)
	}
	if a.Error != nil {
		fmt.Fprintf(&b, " %s", *a.Error)
	}
	if a.Cause != nil {
		fmt.Fprintf(&b, ": %s", *a.Cause)
	}
	if a.NextState != "" {
		fmt.Fprintf(&b, " -> %s", a.NextState)
	}
	return b.String()
}

// stages tests a state and lists what the answer shows of the way through it.
func stages(t *testing.T, r *Request) string {
	t.Helper()
	a, err := new(Tester).Test(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a.Inspection.list()
}

func (i *Inspection) list() string {
	var lines []string
	for _, m := range []struct {
		name string
		text []byte
	}{
		{"input", i.Input}, {"afterInputPath", i.AfterInputPath}, {"afterParameters", i.AfterParameters},
		{"afterArguments", i.AfterArguments}, {"result", i.Result}, {"afterResultSelector", i.AfterResultSelector},
		{"afterResultPath", i.AfterResultPath}, {"variables", i.Variables}, {"afterItemsPath", i.AfterItemsPath},
		{"afterItemsPointer", i.AfterItemsPointer}, {"afterItemSelector", i.AfterItemSelector}, {"afterItemBatcher", i.AfterItemBatcher},
	} {
		if m.text != nil {
			lines = append(lines, m.name+" "+string(m.text))
		}
	}
	number := func(name string, n *int64) {
		if n != nil {
			lines = append(lines, fmt.Sprint(name, " ", *n))
		}
	}
	number("maxConcurrency", i.MaxConcurrency)
	number("toleratedFailureCount", i.ToleratedFailureCount)
	if i.ToleratedFailurePercentage != nil {
		lines = append(lines, fmt.Sprint("toleratedFailurePercentage ", *i.ToleratedFailurePercentage))
	}
	if d := i.ErrorDetails; d != nil {
		position := func(name string, n *int) {
			if n != nil {
				lines = append(lines, fmt.Sprint(name, " ", *n))
			}
		}
		position("catchIndex", d.CatchIndex)
		position("retryIndex", d.RetryIndex)
		number("backoff", d.RetryBackoffSeconds)
	}
	return strings.Join(lines, "\n")
}
