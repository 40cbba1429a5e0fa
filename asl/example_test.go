package asl_test

import (
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

const hello = `{"StartAt": "Greet", "States": {
	"Greet": {"Type": "Pass", "Parameters": {"text.$": "States.Format('Hello {}', $.name)"}, "Next": "Send"},
	"Send": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
		"Parameters": {"FunctionName": "send", "Payload.$": "$"}, "End": true}}}`

// A run is given commands, and answers with facts to make durable and effects
// to carry out.
func ExampleCompile() {
	program, diagnostics := asl.Compile([]byte(hello), asl.Options{})
	if program == nil {
		fmt.Println(diagnostics)
		return
	}
	info := interpreter.Info{Name: "one", Limits: &interpreter.Limits{}}
	run := program.New(info)
	env := &interpreter.Env{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}

	var d interpreter.Decision
	run.Decide(env, interpreter.Start{Input: value.Text([]byte(`{"name": "Ada"}`))}, &d)
	for _, effect := range d.Effects {
		task := effect.(interpreter.Invoke).Task
		fmt.Println(task.Connector, task.Action, string(task.Payload))
	}

	d.Reset()
	run.Decide(env, interpreter.TaskSucceeded{ID: 1, Output: []byte(`{"sent": true}`)}, &d)
	fmt.Println(run.Result().Status, string(run.Result().Output.Text()))
	// Output:
	// lambda invoke {"FunctionName":"send","Payload":{"text":"Hello Ada"}}
	// SUCCEEDED {"sent": true}
}

// States may use JSONata instead of JSONPath.
func ExampleCompile_jSONata() {
	program, diagnostics := asl.Compile([]byte(`{"QueryLanguage": "JSONata", "StartAt": "Sum", "States": {
		"Sum": {"Type": "Pass", "Assign": {"total": "{% $sum($states.input.lines.(price * count)) %}"}, "Next": "Large?"},
		"Large?": {"Type": "Choice", "Choices": [{"Condition": "{% $total > 100 %}", "Next": "Review"}], "Default": "Review"},
		"Review": {"Type": "Succeed", "Output": {"order": "{% $states.input.id %}", "total": "{% $total %}"}}}}`), asl.Options{})
	if program == nil {
		fmt.Println(diagnostics)
		return
	}
	run := program.New(interpreter.Info{Limits: &interpreter.Limits{}})
	input := `{"id": "o-1", "lines": [{"price": 2.5, "count": 4}, {"price": 10, "count": 1}]}`

	var d interpreter.Decision
	run.Decide(&interpreter.Env{}, interpreter.Start{Input: value.Text([]byte(input))}, &d)
	fmt.Println(run.Result().Status, string(run.Result().Output.Text()))

	_, diagnostics = asl.Compile([]byte(`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
		"A": {"Type": "Succeed", "Output": "{% total * 2 %}"}}}`), asl.Options{})
	for _, fault := range diagnostics {
		fmt.Println(fault.Code, fault.Message, fault.Location)
	}
	// Output:
	// SUCCEEDED {"order":"o-1","total":20}
	// UNSUPPORTED_JSONATA_EXPRESSION Reference to 'total' at the top level is not supported. /States/A/Output
}

// The history of an execution is read off its facts.
func ExampleReplay() {
	program, _ := asl.Compile([]byte(hello), asl.Options{})
	info := interpreter.Info{Name: "one", Limits: &interpreter.Limits{}}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

	var d interpreter.Decision
	run := program.New(info)
	run.Decide(&interpreter.Env{Now: now}, interpreter.Start{Input: value.Text([]byte(`{"name": "Ada"}`))}, &d)

	player := asl.Replay(program, info, func(e *asl.Event) bool {
		fmt.Println(e.ID, e.Previous, e.Type)
		return true
	})
	for i := range d.Facts() {
		if err := player.Apply(d.Fact(i), now); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// 1 0 ExecutionStarted
	// 2 0 PassStateEntered
	// 3 2 PassStateExited
	// 4 3 TaskStateEntered
	// 5 4 TaskScheduled
	// 6 5 TaskStarted
}
