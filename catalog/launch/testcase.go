package launch

import (
	"context"
	"strings"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// UnsupportedOperation is the refusal of a test case by StartSyncExecution, as
// Step Functions Local gives it.
const UnsupportedOperation catalog.Code = "UnsupportedOperation"

// TestCases know the test cases that executions can be started as.
type TestCases interface {
	// Check refuses a test case that cannot be run. The text of its error is
	// shown to the caller.
	Check(def *engine.Definition, testCase string) error
	// Attribute of an execution holds the name of its test case.
	Attribute() string
}

// UseTestCases lets executions be started as test cases, with ARNs of the form
// machine#case. It is called before Attach.
func (l *Launcher) UseTestCases(cases TestCases) { l.cases = cases }

// cutTestCase takes the test case off the machine's ARN. Without test cases, #
// is a character of the name, as it is for AWS.
func (l *Launcher) cutTestCase(req *Request) (name string) {
	if l.cases != nil {
		req.Machine, name, _ = strings.Cut(req.Machine, "#")
	}
	return name
}

// attributes are those of an execution of a target that is started as a test
// case; a name that is empty stands for none.
func (l *Launcher) attributes(testCase string, sync bool, target catalog.Target) (map[string]any, error) {
	attributes := target.Attributes()
	if testCase == "" {
		return attributes, nil
	}
	if sync {
		return nil, &catalog.Error{Code: UnsupportedOperation, Message: "StartSyncExecution cannot run the test case '" + testCase + "': use StartExecution"}
	}
	if err := l.cases.Check(target.Definition, testCase); err != nil {
		return nil, &catalog.Error{Code: catalog.ValidationException, Message: "The test case '" + testCase + "' cannot be run: " + err.Error()}
	}
	if attributes == nil {
		attributes = map[string]any{}
	}
	attributes[l.cases.Attribute()] = testCase
	return attributes, nil
}

// sameCase: two sets of attributes name the same test case, or none.
func (l *Launcher) sameCase(a, b map[string]any) bool {
	return l.cases == nil || a[l.cases.Attribute()] == b[l.cases.Attribute()]
}

// inherited are the attributes of a map run, or of its children: the test case of
// the run that they are started for.
func (l *Launcher) inherited(ctx context.Context, run store.RunID) (map[string]any, error) {
	if l.cases == nil {
		return nil, nil
	}
	head, err := l.standard.Head(ctx, run)
	if err != nil {
		return nil, err
	}
	name, ok := head.Attributes[l.cases.Attribute()]
	if !ok {
		return nil, nil
	}
	return map[string]any{l.cases.Attribute(): name}, nil
}
