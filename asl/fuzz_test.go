package asl

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

// FuzzApply: whatever the facts are, folding them gives a state or an error.
// The input is a list of facts, each behind a byte with its length.
func FuzzApply(f *testing.F) {
	for seed := range uint64(20) {
		g := generator{random: rand.New(rand.NewPCG(seed, 0))}
		w := worldOf(f, mustCompile(f, fuzzMachine), testLimits())
		w.answer = g.answer
		w.start(`{"items":[1,2,3]}`)
		var list []byte
		for _, fact := range w.facts {
			if len(fact) < 256 {
				list = append(append(list, byte(len(fact))), fact...)
			}
		}
		f.Add(list)
	}
	program := mustCompile(f, fuzzMachine)
	f.Fuzz(func(t *testing.T, list []byte) {
		run := program.New(testInfo(testLimits()))
		for at := epoch; len(list) > 0; at = at.Add(time.Second) {
			n := min(int(list[0]), len(list)-1)
			fact := list[1 : 1+n]
			list = list[1+n:]
			if run.Apply(fact, at) != nil {
				continue
			}
			run.Wake()
			run.Pending()
			run.Result()
			snapshot := run.Snapshot(nil)
			again, err := program.Restore(testInfo(testLimits()), snapshot)
			if err != nil {
				t.Fatalf("a snapshot cannot be restored: %v", err)
			}
			if string(again.Snapshot(nil)) != string(snapshot) {
				t.Fatal("a snapshot of the restored state differs")
			}
		}
	})
}

// FuzzDamagedLog: a log that was written, and then cut, doubled, shuffled or
// changed, gives a state or an error, and the state can be saved and restored.
func FuzzDamagedLog(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(seed, []byte{byte(seed), 3, 5, 7, byte(seed * 5), 11, 2, 9, byte(seed * 11), 4, 4, 4})
	}
	f.Fuzz(func(t *testing.T, seed uint64, damage []byte) {
		g := &generator{random: rand.New(rand.NewPCG(seed, 17))}
		definition, _ := json.Marshal(g.scope(0))
		w := worldOf(t, mustCompile(t, string(definition)), testLimits())
		w.check = false
		w.answer = g.answer
		w.start(`{"items":[1,{"a":2},"three"],"n":2,"a":{"b":[1,2]}}`)
		facts := spoil(w.facts, damage)
		run := w.program.New(w.info)
		for i, fact := range facts {
			if run.Apply(fact, epoch.Add(time.Duration(i)*time.Second)) != nil || i%7 != 0 {
				continue
			}
			snapshot := run.Snapshot(nil)
			again, err := w.program.Restore(w.info, snapshot)
			if err != nil {
				t.Fatalf("after fact %d (% x) the snapshot cannot be restored: %v", i, fact, err)
			}
			if string(again.Snapshot(nil)) != string(snapshot) {
				t.Fatalf("after fact %d (% x) the restored state differs", i, fact)
			}
		}
	})
}

// spoil does to a log what damage says, four bytes at a time.
func spoil(log [][]byte, damage []byte) [][]byte {
	facts := slices.Clone(log)
	for ; len(damage) >= 4; damage = damage[4:] {
		i, j := int(damage[1])%len(facts), int(damage[2])%len(facts)
		switch damage[0] % 4 {
		case 0:
			facts = slices.Delete(facts, i, i+1)
			if len(facts) == 0 {
				return facts
			}
		case 1:
			facts = slices.Insert(facts, j, facts[i])
		case 2:
			facts[i], facts[j] = facts[j], facts[i]
		case 3:
			fact := slices.Clone(facts[i])
			fact[j%len(fact)] = damage[3]
			facts[i] = fact
		}
	}
	return facts
}

const fuzzMachine = `{"StartAt":"P","States":{
	"P":{"Type":"Parallel","Next":"M","Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"M","ResultPath":"$.e"}],"ResultPath":null,"Branches":[
		{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","TimeoutSeconds":50,"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":2}],"End":true}}},
		{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"S"},"S":{"Type":"Pass","Assign":{"v":1},"End":true}}}]},
	"M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"Next":"A","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":5,"Parameters":{"i.$":"$","t.$":"$$.Task.Token"},"End":true}}}},
	"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:111111111111:activity:a","End":true}}}`

// FuzzDecide runs machines made at random in a world made at random; every
// decision is checked against the laws (see world.decide).
func FuzzDecide(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, seed*7)
	}
	f.Fuzz(func(t *testing.T, seed, outside uint64) {
		g := &generator{random: rand.New(rand.NewPCG(seed, outside))}
		definition, err := json.Marshal(g.scope(0))
		if err != nil {
			t.Fatal(err)
		}
		p, diagnostics := Compile(definition, Options{Services: func(string, string) bool { return true }})
		if p == nil {
			t.Fatalf("%s\n%v", definition, diagnostics)
		}
		limits := testLimits()
		limits.HistoryEvents = 400
		limits.InlineIterations = 1 + g.random.IntN(5)
		limits.BatchFacts = 1 + g.random.IntN(20)
		w := worldOf(t, p, limits)
		w.answer = g.answer
		if g.chance(10) {
			w.afterDo(time.Duration(g.random.IntN(20))*time.Second, func() { w.decide(interpreter.Stop{}) })
		}
		if g.chance(15) {
			w.afterDo(time.Duration(g.random.IntN(20))*time.Second, func() { w.decide(interpreter.MachineDeleted{}) })
		}
		w.start(`{"items":[1,{"a":2},"three"],"n":2,"a":{"b":[1,2]}}`)
		if !w.run.Result().Status.Closed() && w.run.Wake().IsZero() && outstanding(w.run) == "" {
			t.Fatalf("the execution is stuck\n%s", definition)
		}
		for range g.random.IntN(4) {
			w.decide(interpreter.Redrive{Token: fmt.Sprint(g.random.IntN(3))})
			w.goOn()
		}
		w.history()
	})
}

// generator makes machines, and answers their tasks.
type generator struct {
	random *rand.Rand
	names  int
	// jsonata says that the machine's query language is JSONata.
	jsonata bool
}

func (g *generator) chance(percent int) bool { return g.random.IntN(100) < percent }

func (g *generator) name() string {
	g.names++
	return fmt.Sprintf("S%d", g.names)
}

func (g *generator) scope(depth int) map[string]any {
	if depth == 0 {
		g.jsonata = g.chance(30)
	}
	n := 1 + g.random.IntN(4)
	names := make([]string, n)
	for i := range names {
		names[i] = g.name()
	}
	states := map[string]any{}
	for i, name := range names {
		next := ""
		if i+1 < n {
			next = names[i+1]
		}
		states[name] = g.state(depth, next, names[n-1])
	}
	scope := map[string]any{"StartAt": names[0], "States": states}
	if depth == 0 && g.chance(20) {
		scope["TimeoutSeconds"] = 5 + g.random.IntN(60)
	}
	if depth == 0 && g.jsonata {
		scope["QueryLanguage"] = "JSONata"
	}
	return scope
}

func (g *generator) state(depth int, next, last string) map[string]any {
	state := map[string]any{}
	kinds := []string{"Pass", "Task", "Task", "Wait", "Choice", "Parallel", "Map"}
	kind := kinds[g.random.IntN(len(kinds))]
	if depth > 2 && (kind == "Parallel" || kind == "Map") || next == "" && kind == "Choice" {
		kind = "Pass"
	}
	if next == "" && g.chance(20) {
		if g.chance(50) {
			return map[string]any{"Type": "Succeed"}
		}
		return map[string]any{"Type": "Fail", "Error": "Custom"}
	}
	state["Type"] = kind
	if g.jsonata || g.chance(25) {
		return g.inJSONata(state, kind, depth, next, last)
	}
	switch kind {
	case "Choice":
		state["Choices"] = []any{map[string]any{"Variable": "$.n", "NumericEquals": g.random.IntN(3), "Next": last}}
		state["Default"] = next
		return state
	case "Pass":
		g.pass(state)
	case "Wait":
		state["Seconds"] = g.random.IntN(10)
	case "Task":
		g.task(state)
	case "Parallel":
		branches := []any{g.scope(depth + 1)}
		for g.chance(60) && len(branches) < 4 {
			branches = append(branches, g.scope(depth+1))
		}
		state["Branches"] = branches
	case "Map":
		g.mapState(state, depth)
	}
	if kind == "Task" || kind == "Parallel" || kind == "Map" {
		g.handlers(state, last, next)
	}
	if next == "" {
		state["End"] = true
	} else {
		state["Next"] = next
	}
	return state
}

func (g *generator) pass(state map[string]any) {
	switch g.random.IntN(6) {
	case 4:
		state["Result"] = map[string]any{"items": []int{1, 2}, "n": 1}
		state["Assign"] = map[string]any{g.name() + ".$": "$", g.name() + ".$": "$"}
		if g.chance(50) {
			state["OutputPath"] = "$.items"
		}
	case 5:
		state["Parameters"] = map[string]any{"v.$": "$$.State.Name", "n": 1}
		state["ResultPath"] = "$.merged"
	case 0:
		state["Result"] = map[string]any{"items": []int{1, 2}, "n": 1}
	case 1:
		state["Parameters"] = map[string]any{"all.$": "$", "items": []int{7}, "n.$": "States.MathAdd(1, 1)"}
	case 2:
		state["Assign"] = map[string]any{g.name(): 1, g.name() + ".$": "$"}
	case 3:
		state["OutputPath"] = "$.nowhere"
	}
}

// taskResources have a resource of each kind of task.
var taskResources = []string{
	"arn:aws:lambda:us-east-1:111111111111:function:f",
	"arn:aws:states:::lambda:invoke",
	"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
	"arn:aws:states:::states:startExecution.sync:2",
	"arn:aws:states:us-east-1:111111111111:activity:a",
}

func (g *generator) task(state map[string]any) {
	resources := taskResources
	state["Resource"] = resources[g.random.IntN(len(resources))]
	if state["Resource"] == resources[1] || state["Resource"] == resources[3] {
		state["Parameters"] = map[string]any{"FunctionName": "f", "StateMachineArn": "arn:aws:states:us-east-1:111111111111:stateMachine:m", "Payload.$": "$"}
		if state["Resource"] == resources[1] {
			state["Parameters"] = map[string]any{"FunctionName": "f", "Payload.$": "$"}
		} else {
			state["Parameters"] = map[string]any{"StateMachineArn": "arn:aws:states:us-east-1:111111111111:stateMachine:m", "Input.$": "$"}
		}
	}
	if g.chance(50) {
		state["ResultPath"] = nil
	}
	if g.chance(40) {
		state["TimeoutSeconds"] = 10 + g.random.IntN(10)
		if g.chance(50) {
			state["HeartbeatSeconds"] = 1 + g.random.IntN(8)
		}
	}
}

func (g *generator) mapState(state map[string]any, depth int) {
	state["ItemProcessor"] = g.scope(depth + 1)
	if g.chance(80) {
		state["ItemsPath"] = "$.items"
	}
	if g.chance(50) {
		state["MaxConcurrency"] = g.random.IntN(3)
	}
	if g.chance(40) {
		state["ItemSelector"] = map[string]any{"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "items": []int{1}, "n": 1}
	}
	if g.chance(60) {
		state["ResultPath"] = "$.mapped"
	}
}

func (g *generator) handlers(state map[string]any, last, next string) {
	if g.chance(40) {
		state["Retry"] = []any{map[string]any{"ErrorEquals": []string{"States.ALL"}, "MaxAttempts": g.random.IntN(3), "JitterStrategy": "FULL"}}
	}
	if g.chance(40) && next != "" {
		state["Catch"] = []any{map[string]any{"ErrorEquals": []string{"States.ALL"}, "Next": last, "ResultPath": "$.error"}}
	}
}

// answer lets something happen to a task, or nothing.
func (g *generator) answer(w *world, task *interpreter.Task) {
	delay := func() time.Duration { return time.Duration(g.random.IntN(12000)) * time.Millisecond }
	if task.Delivery == interpreter.Pull {
		w.after(delay(), interpreter.TaskStarted{ID: task.ID, Worker: "w"})
	}
	if task.Completion != interpreter.ByAnswer && g.chance(90) {
		w.after(delay(), interpreter.TaskSubmitted{ID: task.ID, Output: []byte(`{"id":1}`)})
	}
	for range 1 + g.random.IntN(2) {
		switch g.random.IntN(12) {
		case 0, 1:
			w.after(delay(), interpreter.TaskFailed{ID: task.ID, Error: text("Custom"), Cause: text("why")})
		case 2:
			w.after(delay(), interpreter.TaskFailed{ID: task.ID, Submission: true})
		case 3:
			at := delay()
			w.afterDo(at, func() { w.beats[task.ID] = w.now })
		case 4:
			w.after(delay(), interpreter.Recover{})
		case 5:
		default:
			w.after(delay(), interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`{"items":[1,2],"n":1,"x":"` + task.State + `"}`)})
		}
	}
}
