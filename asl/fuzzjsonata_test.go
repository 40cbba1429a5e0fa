package asl

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
)

// FuzzExpression runs a state machine with any expression in it. Whatever it
// is, the definition is refused or the execution ends, and every decision is
// checked against the laws (see world.decide).
func FuzzExpression(f *testing.F) {
	for _, v := range values {
		if text, ok := v.(string); ok {
			f.Add(strings.Trim(text, "{%}"))
		}
	}
	f.Add(`$states.input.items ~> $map(function($v, $i) { {"v": $v, "i": $i, "u": $uuid()} })`)
	f.Add(`($f := function($n) { $n > 1e9 ? $n : $f($n * 2) }; [$f(1), 1e400, -0, "\ud800"])`)
	f.Fuzz(func(t *testing.T, text string) {
		expression, err := json.Marshal("{% " + text + " %}")
		if err != nil {
			return
		}
		p, _ := Compile(fmt.Appendf(nil, `{"QueryLanguage":"JSONata","StartAt":"A","States":{
			"A":{"Type":"Pass","Assign":{"v":%[1]s},"Output":{"items":[%[1]s],"n":1},"Next":"M"},
			"M":{"Type":"Map","Items":"{%% $states.input.items %%}","ItemSelector":{"v":%[1]s,"same":"{%% $states.input %%}"},"Output":%[1]s,"Next":"F",
				"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},
				"Catch":[{"ErrorEquals":["States.ALL"],"Next":"F","Output":{"caught":"{%% $states.errorOutput %%}"}}]},
			"F":{"Type":"Fail","Error":%[1]s}}}`, expression), Options{})
		if p == nil {
			return
		}
		defer func() {
			if fault := recover(); fault != nil && !strings.Contains(fmt.Sprint(fault), jsonata.CodeRegexTimeout) {
				panic(fault)
			}
		}()
		limits := testLimits()
		limits.HistoryEvents = 200
		w := worldOf(t, p, limits)
		w.start(`{"items":[1,{"a":2},"three"],"n":2,"a":{"b":[1,2]}}`)
		if !w.run.Result().Status.Closed() {
			t.Fatalf("the execution is stuck at %q", text)
		}
		w.history()
	})
}

// values are expressions for fields that may have any value. Some fail.
var values = []any{
	"{% $states.input %}", "{% $states.input.items %}", "{% $states.context.State.Name %}", "{% $states %}",
	"{% $nowhere %}", "{% $states.input.a.b[0] + 'x' %}", "{% $random() %}", "{% $uuid() & $now() %}",
	"{% $exists($v) ? $v : [1] %}", "{% function($x) { $x } %}", "{% {'items': [1..3], 'n': $count($states.input.items)} %}",
	map[string]any{"items": []any{"{% $states.input.n %}", 2}, "n": 1}, "plain", 7, nil,
	map[string]any{"items": []int{1}, "n": "{% $sum($states.input.items[$type($) = 'number']) %}", "v": "{% 1e300 * 1e300 %}"},
}

func (g *generator) value() any { return values[g.random.IntN(len(values))] }

// variable is what states of that depth assign: a scope cannot assign what one
// around it has.
func variable(depth int) string {
	if depth == 0 {
		return "v"
	}
	return fmt.Sprint("v", depth)
}

// inJSONata makes a state with expressions of JSONata.
func (g *generator) inJSONata(state map[string]any, kind string, depth int, next, last string) map[string]any {
	if !g.jsonata {
		state["QueryLanguage"] = "JSONata"
	}
	if g.chance(40) {
		state["Output"] = g.value()
	}
	if g.chance(40) {
		state["Assign"] = map[string]any{variable(depth): g.value(), g.name(): g.value()}
	}
	switch kind {
	case "Choice":
		state["Choices"] = []any{
			map[string]any{"Condition": "{% $states.input.n = 1 %}", "Next": last, "Output": g.value(), "Assign": map[string]any{variable(depth): g.value()}},
			map[string]any{"Condition": g.pick("{% $exists($v) %}", "{% $nowhere %}", false), "Next": last},
		}
		state["Default"] = next
		return state
	case "Wait":
		state["Seconds"] = g.pick(3, "{% $states.input.n %}", "{% $random() %}", "{% $floor($random() * 9) %}")
	case "Task":
		g.taskInJSONata(state)
	case "Parallel":
		state["Branches"] = []any{g.scope(depth + 1), g.scope(depth + 1)}
		if g.chance(30) {
			state["Arguments"] = g.pick("{% $states.input %}", map[string]any{"items": "{% [1..2] %}"})
		}
	case "Map":
		state["ItemProcessor"] = g.scope(depth + 1)
		state["Items"] = g.pick("{% $states.input.items %}", []any{1, "{% $states.input.n %}"}, "{% [1..3] %}", "{% {} %}")
		if g.chance(50) {
			state["ItemSelector"] = map[string]any{"items": "{% [$states.context.Map.Item.Value] %}", "n": "{% $states.context.Map.Item.Index %}", "v": g.value()}
		}
		if g.chance(50) {
			state["MaxConcurrency"] = g.pick(1, "{% $states.input.n %}", "{% -1 %}")
		}
	}
	if kind == "Task" || kind == "Parallel" || kind == "Map" {
		g.handlersInJSONata(state, depth, last, next)
	}
	if next == "" {
		state["End"] = true
	} else {
		state["Next"] = next
	}
	return state
}

func (g *generator) pick(choices ...any) any { return choices[g.random.IntN(len(choices))] }

func (g *generator) taskInJSONata(state map[string]any) {
	resource := taskResources[g.random.IntN(len(taskResources))]
	state["Resource"] = resource
	switch resource {
	case taskResources[1]:
		state["Arguments"] = map[string]any{"FunctionName": "f", "Payload": g.value()}
	case taskResources[3]:
		state["Arguments"] = map[string]any{"StateMachineArn": "arn:aws:states:us-east-1:111111111111:stateMachine:m", "Input": g.value()}
	}
	if g.chance(30) {
		state["TimeoutSeconds"] = g.pick(15, "{% 10 + $states.input.n %}", "{% 1.5 %}")
	}
	if g.chance(30) {
		state["Output"] = g.pick("{% $states.result %}", "{% $merge([$states.input, $states.result]) %}", "{% $states.result.items %}")
	}
}

func (g *generator) handlersInJSONata(state map[string]any, depth int, last, next string) {
	if g.chance(40) {
		state["Retry"] = []any{map[string]any{"ErrorEquals": []string{"States.ALL"}, "MaxAttempts": g.random.IntN(3), "JitterStrategy": "FULL"}}
	}
	if g.chance(40) && next != "" {
		state["Catch"] = []any{map[string]any{"ErrorEquals": []string{"States.ALL"}, "Next": last,
			"Output": g.pick("{% $states.errorOutput %}", "{% $states.input %}", "{% $nowhere %}"),
			"Assign": map[string]any{variable(depth): g.pick("{% $states.errorOutput.Error %}", g.value())}}}
	}
}
