package definition_test

import (
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

func TestNumberingOfStatesAndScopes(t *testing.T) {
	m := mustParse(t, `{"Comment": "c", "TimeoutSeconds": 9, "StartAt": "A", "States": {
		"B": {"Type": "Succeed"},
		"A": {"Type": "Parallel", "Next": "M", "Branches": [
			{"Comment": "left", "StartAt": "L2", "States": {"L1": {"Type": "Succeed"}, "L2": {"Type": "Pass", "Next": "L1"}}},
			{"StartAt": "R", "States": {"R": {"Type": "Fail"}}}]},
		"M": {"Type": "Map", "Next": "B", "Iterator": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}}}`, definition.Options{})
	var names []string
	for i, s := range m.All {
		if s.Index != i || s.Scope.State(s.Name) != s || m.State(s.Name) != s {
			t.Errorf("state %d is %+v", i, s)
		}
		names = append(names, s.Name)
	}
	if want := []string{"B", "A", "L1", "L2", "R", "M", "I"}; !slices.Equal(names, want) {
		t.Errorf("states %v, want %v", names, want)
	}
	for i, s := range m.Scopes {
		if s.ID != i {
			t.Errorf("scope %d has ID %d", i, s.ID)
		}
	}
	left := m.State("A").Kind.(*definition.Parallel).Branches[0]
	if left != m.Scopes[1] || left.Owner != m.State("A") || left.Start.Name != "L2" || left.Comment != "left" {
		t.Errorf("left branch is %+v", left)
	}
	if at := m.State("L1").Location; at != "/States/A/Branches[0]/States/L1" {
		t.Errorf("location %s", at)
	}
	if m.Root != m.Scopes[0] || m.Root.Owner != nil || m.Root.Start.Next != m.State("M") || *m.TimeoutSeconds != 9 {
		t.Errorf("root is %+v", m.Root)
	}
	if m.Comment != "c" || m.Version != "1.0" || m.QueryLanguage != definition.JSONPath || m.State("nobody") != nil {
		t.Errorf("machine is %+v", m)
	}
}

func TestTemplates(t *testing.T) {
	m := mustParse(t, end(`"Type": "Pass", "Parameters": {
		"constant": {"deep": [1.0, {"x": "$"}]},
		"mixed": [1, {"path.$": "$.a[0]", "call.$": "States.UUID()"}],
		"context.$": "$$.Execution.Id"}`), definition.Options{})
	o := m.Root.Start.Data.Arguments.(*definition.Object)
	if names := []string{o.Members[0].Name, o.Members[1].Name, o.Members[2].Name}; !slices.Equal(names, []string{"constant", "mixed", "context"}) {
		t.Errorf("members %v", names)
	}
	constant := o.Members[0].Value.(*definition.Constant)
	if text := string(value.Append(nil, constant.Value)); text != `{"deep":[1.0,{"x":"$"}]}` {
		t.Errorf("constant %s", text)
	}
	mixed := o.Members[1].Value.(*definition.Array)
	inner := mixed.Items[1].(*definition.Object)
	call := inner.Members[0].Value.(*definition.IntrinsicExpr)
	path := inner.Members[1].Value.(*definition.PathExpr)
	if path.Field != "path.$" || path.Text != "$.a[0]" || path.Path == nil || call.Field != "call.$" || call.Call == nil {
		t.Errorf("path %+v, call %+v", path, call)
	}
}

func TestPathFields(t *testing.T) {
	m := mustParse(t, end(`"Type": "Pass", "InputPath": null, "ResultPath": "$.r"`), definition.Options{})
	d := m.Root.Start.Data
	if d.InputPath.Mode != definition.PathNull || d.OutputPath.Mode != definition.PathAbsent ||
		d.ResultPath.Mode != definition.PathSet || d.ResultPath.Text != "$.r" || d.ResultPath.Path == nil {
		t.Errorf("got %+v", d)
	}
	for _, text := range []string{`{"Type": "Succeed", "OutputPath": "$theAnswer"}`, `{"Type": "Succeed", "InputPath": "$$", "OutputPath": "$..x"}`} {
		mustParse(t, machine(`"A": `+text), definition.Options{})
	}
}

func TestStateKinds(t *testing.T) {
	m := mustParse(t, machine(`
		"A": {"Type": "Pass", "Result": null, "Next": "W"},
		"W": {"Type": "Wait", "SecondsPath": "$$.Execution.Input.s", "Next": "V"},
		"V": {"Type": "Wait", "Timestamp": "2016-03-14T01:59:00.5+01:00", "Next": "T"},
		"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 60, "HeartbeatSecondsPath": "$.h",
			"Credentials": {"RoleArn.$": "$.role"}, "Next": "F"},
		"F": {"Type": "Fail", "ErrorPath": "States.Format('{}', $.e)", "Cause": "why"}`), definition.Options{})
	if p := m.State("A").Kind.(*definition.Pass); p.HasResult || p.Result != nil {
		t.Errorf("pass %+v", p)
	}
	if w := m.State("W").Kind.(*definition.Wait); w.Timestamp != nil || w.Seconds.(*definition.PathExpr).Field != "SecondsPath" {
		t.Errorf("wait %+v", w)
	}
	if v := m.State("V").Kind.(*definition.Wait); v.Seconds != nil || v.Timestamp.(*definition.Constant).Value != "2016-03-14T01:59:00.5+01:00" {
		t.Errorf("wait %+v", v)
	}
	task := m.State("T").Kind.(*definition.Task)
	if task.TimeoutSeconds.(*definition.Constant).Value != value.Number("60") || task.RoleARN.(*definition.PathExpr).Field != "RoleArn.$" {
		t.Errorf("task %+v", task)
	}
	fail := m.State("F").Kind.(*definition.Fail)
	if _, ok := fail.Error.(*definition.IntrinsicExpr); !ok || fail.Cause.(*definition.Constant).Value != "why" {
		t.Errorf("fail %+v", fail)
	}
}

func TestRetriersAndCatchers(t *testing.T) {
	m := mustParse(t, end(invoke+`, "Retry": [
		{"ErrorEquals": ["A", "B"], "IntervalSeconds": 2, "MaxAttempts": 0, "BackoffRate": 1.5, "MaxDelaySeconds": 9, "JitterStrategy": "FULL"},
		{"Comment": "the rest", "ErrorEquals": ["States.ALL"]}],
		"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A", "ResultPath": null, "Assign": {"x": 1}}]`), definition.Options{})
	got := m.Root.Start.Retry
	if r := got[0]; !slices.Equal(r.Errors, []string{"A", "B"}) || r.IntervalSeconds != 2 || r.MaxAttempts != 0 ||
		r.BackoffRate != 1.5 || r.MaxDelaySeconds != 9 || !r.FullJitter {
		t.Errorf("first %+v", r)
	}
	if r := got[1]; r.IntervalSeconds != 1 || r.MaxAttempts != 3 || r.BackoffRate != 2 || r.MaxDelaySeconds != 0 || r.FullJitter {
		t.Errorf("defaults %+v", r)
	}
	c := m.Root.Start.Catch[0]
	if c.Next != m.Root.Start || c.ResultPath.Mode != definition.PathNull || c.Assign[0].Name != "x" {
		t.Errorf("catcher %+v", c)
	}
}
