package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/cmd/fermata/client"
	"github.com/fermata-dev/fermata/teststate"
)

// quotaWorld is a node with the quotas of AWS.
type quotaWorld struct {
	*node
	t *testing.T
	n int // of machines, for their names
}

// newQuotaWorld opens a node as the server does with --limits aws, in memory.
func newQuotaWorld(t *testing.T, change func(*settings), flags ...string) *quotaWorld {
	t.Helper()
	var f serverFlags
	cmd := &cobra.Command{}
	f.add(cmd, "error")
	if err := cmd.ParseFlags(append(flags, "--store=memory", "--limits=aws")); err != nil {
		t.Fatal(err)
	}
	s, err := f.settings(streams{out: io.Discard, err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&s)
	}
	n, err := openNode(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return &quotaWorld{node: n, t: t}
}

type members = map[string]any

// must makes a call that has to succeed.
func (w *quotaWorld) must(operation string, in members) members {
	w.t.Helper()
	var out members
	if err := w.client().Call(w.t.Context(), operation, in, &out); err != nil {
		w.t.Fatalf("%s: %v", operation, err)
	}
	return out
}

// refused makes a call that has to be refused with a code.
func (w *quotaWorld) refused(operation string, in members, code string) {
	w.t.Helper()
	err := w.client().Call(w.t.Context(), operation, in, nil)
	var refusal *client.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		w.t.Errorf("%s was to be refused with %s, got %.300v", operation, code, err)
	}
}

// machine makes a machine of one or more states.
func (w *quotaWorld) machine(kind, start, states string) string {
	w.t.Helper()
	w.n++
	out := w.must("CreateStateMachine", members{"name": fmt.Sprint("m", w.n), "type": kind, "roleArn": "arn:aws:iam::123456789012:role/r",
		"definition": fmt.Sprintf(`{"StartAt": %q, "States": {%s}}`, start, states)})
	return out["stateMachineArn"].(string)
}

const quotaPass, quotaWait = `"P": {"Type": "Pass", "End": true}`, `"W": {"Type": "Wait", "Seconds": 3600, "End": true}`

// ended runs an execution of the last machine to its end and tells "STATUS error".
func (w *quotaWorld) ended(input string) (arn, end string) {
	w.t.Helper()
	x, err := w.Start(w.t.Context(), fmt.Sprint("m", w.n), json.RawMessage(input))
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := x.Wait(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return x.ARN, strings.TrimSpace(fmt.Sprint(r.Status, " ", r.Error))
}

// is checks a number that the node was given.
func is[T comparable](w *quotaWorld, what string, got, want T) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func text(n int) string { return strings.Repeat("x", n) }

// quotaRows are the quotas of AWS Step Functions, as the reference lists them. Each
// row shows that it is kept; where that would take too long it checks the number that
// the node was given, and says where the rest is shown.
var quotaRows = []struct {
	quota string
	shown func(w *quotaWorld)
}{
	{"payload: 262,144 bytes", func(w *quotaWorld) {
		for _, kind := range []string{"STANDARD", "EXPRESS"} {
			arn := w.machine(kind, "P", quotaPass)
			w.must("StartExecution", members{"stateMachineArn": arn, "input": `"` + text(262_142) + `"`})
			w.refused("StartExecution", members{"stateMachineArn": arn, "input": `"` + text(262_143) + `"`}, "ValidationException")
		}
		w.machine("STANDARD", "P", `"P": {"Type": "Pass", "Parameters": {"twice.$": "States.Format('{}{}', $, $)"}, "End": true}`)
		if _, end := w.ended(`"` + text(200_000) + `"`); end != "FAILED States.DataLimitExceeded" {
			w.t.Errorf("a state whose data are too large: %s", end)
		}
	}},
	{"definition: 1 MiB, and request: 1 MiB", func(w *quotaWorld) {
		create := members{"name": "large", "roleArn": "arn:aws:iam::123456789012:role/r", "definition": text(1 << 20)}
		w.refused("CreateStateMachine", create, "RequestEntityTooLargeException")
		create["definition"] = text(1<<20 - 1000)
		w.refused("CreateStateMachine", create, "InvalidDefinition") // for it is no JSON
	}},
	{"execution time: 1 year, Express 5 minutes", func(w *quotaWorld) { // package asl shows what happens then
		is(w, "Standard", w.limits.ExecutionTime, 365*24*time.Hour)
		is(w, "Express", w.limits.express.ExecutionTime, 5*time.Minute)
	}},
	{"history: 25,000 events; redrive: history of less than 24,999", func(w *quotaWorld) {
		w.machine("STANDARD", "P", `"P": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$", "IsString": true, "Next": "E"}], "Default": "P"}, "E": {"Type": "Succeed"}`)
		arn, end := w.ended(`{}`)
		last := w.must("GetExecutionHistory", members{"executionArn": arn, "reverseOrder": true, "maxResults": 1})["events"].([]any)[0].(members)
		if end != "FAILED States.Runtime" || last["id"] != 25_000. || last["type"] != "ExecutionFailed" {
			w.t.Errorf("it ended as %s, with %v", end, last)
		}
		w.refused("RedriveExecution", members{"executionArn": arn}, "ExecutionNotRedrivable")
		is(w, "events of an Express history", w.limits.express.HistoryEvents, 10_000_000) // AWS has no limit
	}},
	{"history retention: 90 days", func(w *quotaWorld) { is(w, "retention", w.retention, 90*24*time.Hour) }}, // package engine purges
	{"redrive window: 14 days", func(w *quotaWorld) { is(w, "period", catalog.RedrivePeriod, 14*24*time.Hour) }},
	{"open executions: 1,000,000", func(w *quotaWorld) {
		is(w, "quota", w.quotas.OpenExecutions, 1_000_000)
		few := w.with(func(s *settings) { s.quotas.OpenExecutions = 1 })
		arn := few.machine("STANDARD", "W", quotaWait)
		first := few.must("StartExecution", members{"stateMachineArn": arn})["executionArn"]
		few.refused("StartExecution", members{"stateMachineArn": arn}, "ExecutionLimitExceeded")
		few.must("StopExecution", members{"executionArn": first})
		few.must("StartExecution", members{"stateMachineArn": arn})
		few.refused("RedriveExecution", members{"executionArn": first}, "ExecutionLimitExceeded")
	}},
	{"open map runs: 1,000", func(w *quotaWorld) { // the root package shows that others wait; asl/maprun has the 10,000 children
		is(w, "quota", w.quotas.OpenMapRuns, 1000)
	}},
	{"state machines and activities: 100,000", func(w *quotaWorld) {
		is(w, "machines", w.quotas.Machines, 100_000)
		is(w, "activities", w.quotas.Activities, 100_000)
		few := w.with(func(s *settings) { s.quotas.Machines, s.quotas.Activities = 1, 1 })
		few.machine("STANDARD", "P", quotaPass)
		few.refused("CreateStateMachine", members{"name": "b", "roleArn": "arn:aws:iam::123456789012:role/r", "definition": `{"StartAt": "P", "States": {` + quotaPass + `}}`}, "StateMachineLimitExceeded")
		few.must("CreateActivity", members{"name": "a"})
		few.refused("CreateActivity", members{"name": "b"}, "ActivityLimitExceeded")
	}},
	{"activity pollers: 1,000 for each", func(w *quotaWorld) { is(w, "pollers", w.quotas.pollers, 1000) }}, // package server/sfn refuses
	{"long poll of GetActivityTask: 60 s", func(*quotaWorld) {}},                                           // it is the default of package server/sfn, which shows that a poll ends
	{"versions: 1,000, and aliases: 100 of a machine", func(w *quotaWorld) {
		is(w, "versions", w.quotas.Versions, 1000)
		is(w, "aliases", w.quotas.Aliases, 100)
		few := w.with(func(s *settings) { s.quotas.Versions, s.quotas.Aliases = 1, 1 })
		arn := few.machine("STANDARD", "P", quotaPass)
		version := few.must("PublishStateMachineVersion", members{"stateMachineArn": arn})["stateMachineVersionArn"]
		few.must("UpdateStateMachine", members{"stateMachineArn": arn, "definition": `{"StartAt": "W", "States": {` + quotaWait + `}}`})
		few.refused("PublishStateMachineVersion", members{"stateMachineArn": arn}, "ServiceQuotaExceededException")
		route := []any{members{"stateMachineVersionArn": version, "weight": 100}}
		few.must("CreateStateMachineAlias", members{"name": "a", "routingConfiguration": route})
		few.refused("CreateStateMachineAlias", members{"name": "b", "routingConfiguration": route}, "ServiceQuotaExceededException")
	}},
	{"names: 1 to 80 characters, some refused", func(w *quotaWorld) {
		arn := w.machine("STANDARD", "P", quotaPass)
		for _, name := range []string{text(81), "a b", "a[b", "a?b", `a"b`, "a/b", "a\u0085b"} {
			code := "InvalidName"
			if len(name) > 80 {
				code = "ValidationException"
			}
			w.refused("CreateActivity", members{"name": name}, code)
			w.refused("StartExecution", members{"stateMachineArn": arn, "name": name}, code)
		}
		w.must("CreateActivity", members{"name": text(80)})
		w.must("StartExecution", members{"stateMachineArn": arn, "name": text(80)})
	}},
	{"task token: 2,048 characters", func(w *quotaWorld) {
		w.refused("SendTaskHeartbeat", members{"taskToken": text(2048)}, "InvalidToken")
		w.refused("SendTaskHeartbeat", members{"taskToken": text(2049)}, "ValidationException")
	}},
	{"HTTP task: 60 s, 300 at once and 300/s", func(w *quotaWorld) { // package connector/httptask has the time, package engine lets tasks wait
		is(w, "without --throttle", w.Throttle().HTTPTasks() == nil, true)
		is(w, "size", w.with(nil, "--throttle=aws").throttle.HTTPTasks.Size, 300)
	}},
	{"tags: 50, key 128 and value 256 characters, no aws:", func(w *quotaWorld) {
		arn := w.machine("STANDARD", "P", quotaPass)
		tag := func(key, value string) []any { return []any{members{"key": key, "value": value}} }
		w.must("TagResource", members{"resourceArn": arn, "tags": tag(text(128), text(256))})
		w.refused("TagResource", members{"resourceArn": arn, "tags": tag(text(129), "")}, "ValidationException")
		w.refused("TagResource", members{"resourceArn": arn, "tags": tag("k", text(257))}, "ValidationException")
		w.refused("TagResource", members{"resourceArn": arn, "tags": tag("aws:k", "v")}, "ValidationException")
		for i := range 49 {
			w.must("TagResource", members{"resourceArn": arn, "tags": tag(fmt.Sprint(i), "")})
		}
		w.refused("TagResource", members{"resourceArn": arn, "tags": tag("one more", "")}, "TooManyTags")
	}},
	{"pages: 100 entries, 1,000 at most; tokens of 24 h", func(w *quotaWorld) {
		one := w.with(nil)
		for i := range 101 {
			one.must("CreateActivity", members{"name": fmt.Sprint(i)})
		}
		page := one.must("ListActivities", members{})
		is(w, "entries", len(page["activities"].([]any)), 100)
		is(w, "entries of the rest", len(one.must("ListActivities", members{"nextToken": page["nextToken"]})["activities"].([]any)), 1)
		one.must("ListActivities", members{"maxResults": 1000})
		one.refused("ListActivities", members{"maxResults": 1001}, "ValidationException")
		is(w, "life of a token", w.quotas.tokens, 24*time.Hour) // package server/sfn has it expire
	}},
	{"nextToken: 3,096 characters of ListExecutions, else 1,024", func(w *quotaWorld) {
		list := members{"stateMachineArn": w.machine("STANDARD", "P", quotaPass)}
		for most, operation := range map[int]string{3096: "ListExecutions", 1024: "ListStateMachineVersions"} {
			list["nextToken"] = text(most)
			w.refused(operation, list, "InvalidToken")
			list["nextToken"] = text(most + 1)
			w.refused(operation, list, "ValidationException")
		}
	}},
	{"TestState: 5 minutes", func(w *quotaWorld) { is(w, "time", teststate.MostTime, 5*time.Minute) }}, // package teststate ends it
	{"throttles: off, switchable", func(w *quotaWorld) {
		for i := range 150 { // more than the bucket has
			w.must("CreateActivity", members{"name": fmt.Sprint("quick", i)})
		}
		slow := w.with(nil, "--throttle=aws-small")
		var err error
		for i := 0; err == nil && i < 100_000; i++ { // one comes back each second
			err = slow.client().Call(w.t.Context(), "CreateActivity", members{"name": fmt.Sprint(i)}, nil)
		}
		if err == nil || !strings.HasPrefix(err.Error(), "ThrottlingException: Rate exceeded") {
			w.t.Errorf("the end was %v", err)
		}
		is(w, "transitions", slow.throttle.Transitions.PerSecond, 800)
		slow.machine("STANDARD", "P", quotaPass) // another bucket
		if _, end := slow.ended(`{}`); end != "SUCCEEDED" {
			w.t.Errorf("an execution ended as %s", end)
		}
	}},
}

// with opens another node.
func (w *quotaWorld) with(change func(*settings), flags ...string) *quotaWorld {
	w.t.Helper()
	return newQuotaWorld(w.t, change, flags...)
}

// TestQuotas: every quota of AWS is kept with --limits aws.
func TestQuotas(t *testing.T) {
	shared := newQuotaWorld(t, nil)
	for _, row := range quotaRows {
		t.Run(row.quota, func(t *testing.T) {
			shared.t = t
			row.shown(shared)
		})
	}
}
