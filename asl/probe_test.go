package asl

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// A state that a probe runs has to end as it ends in an execution: every state
// here is run both ways, on every input and with every result of its work.

const (
	probedLambda = `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke"`
	probedToken  = `"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken"`
	inPath       = `"End":true`
	inJSONata    = `"QueryLanguage":"JSONata","End":true`
	oneTask      = `{"StartAt":"W","States":{"W":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}}`
	inlineMap    = `"Type":"Map","ItemProcessor":` + oneTask
	childrenOf   = `"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` + `"StartAt":"W","States":{"W":{"Type":"Pass","End":true}}}`
)

var probedStates = []string{
	`{"Type":"Pass",` + inPath + `}`,
	`{"Type":"Pass","InputPath":"$.a","Parameters":{"x.$":"$","v.$":"$v","c.$":"$$.State.Name"},"ResultPath":"$.r","OutputPath":"$.r",` + inPath + `}`,
	`{"Type":"Pass","InputPath":null,"Result":{"k":1},"ResultPath":"$.a.deep","Assign":{"w.$":"$"},` + inPath + `}`,
	`{"Type":"Pass","Parameters":{"f.$":"States.Format('{}-{}', $.n, $.a)","s.$":"States.MathAdd($.n, 1)"},` + inPath + `}`,
	`{"Type":"Pass","Assign":{"v.$":"$.list[0]"},"OutputPath":"$.missing",` + inPath + `}`,
	`{"Type":"Pass","Assign":{"v":"{% $v + 1 %}","w":"{% $states.input.n %}"},"Output":{"v":"{% $v %}","all":"{% $states %}"},` + inJSONata + `}`,
	`{"Type":"Pass","Output":"{% $states.input.missing %}",` + inJSONata + `}`,
	`{"Type":"Succeed","InputPath":"$.a","OutputPath":"$.b"}`,
	`{"Type":"Succeed","QueryLanguage":"JSONata","Output":"{% $states.input.n / 0 %}"}`,
	`{"Type":"Fail","Error":"E","CausePath":"$.a"}`,
	`{"Type":"Fail","ErrorPath":"$.s","CausePath":"States.JsonToString($)"}`,
	`{"Type":"Fail","QueryLanguage":"JSONata","Error":"{% $states.input.s %}","Cause":"{% $states.input.n %}"}`,
	`{"Type":"Choice","InputPath":"$.a","Choices":[{"Variable":"$.b","NumericGreaterThanPath":"$v","Next":"N"},{"Variable":"$.b","IsString":true,"Assign":{"v":9},"Next":"H"}],"Default":"N"}`,
	`{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":2,"Next":"N"}]}`,
	`{"Type":"Choice","QueryLanguage":"JSONata","Choices":[{"Condition":"{% $states.input.n = 1 %}","Output":"{% $v %}","Assign":{"v":"{% $states.input.s %}"},"Next":"N"},{"Condition":"{% $states.input.n %}","Next":"H"}],"Default":"H","Output":"none"}`,
	`{"Type":"Wait","SecondsPath":"$.n","Assign":{"t.$":"$$.State.EnteredTime"},` + inPath + `}`,
	`{"Type":"Wait","TimestampPath":"$.at",` + inPath + `}`,
	`{"Type":"Wait","Seconds":"{% $states.input.n %}","Output":"{% $states.input.s %}",` + inJSONata + `}`,
	`{"Type":"Wait","Timestamp":"{% $states.input.at %}",` + inJSONata + `}`,
	`{` + probedLambda + `,"Parameters":{"FunctionName":"f","Payload.$":"$.a"},"ResultSelector":{"r.$":"$"},"ResultPath":"$.r","Assign":{"got.$":"$"},` + inPath + `}`,
	`{` + probedLambda + `,"TimeoutSecondsPath":"$.n","HeartbeatSecondsPath":"$.n","Credentials":{"RoleArn.$":"$.s"},"Parameters":{"FunctionName":"f"},"ResultPath":null,` + inPath + `}`,
	`{` + probedLambda + `,"Parameters":{"FunctionName":"f"},"ResultPath":"$.a.b.c","OutputPath":"$$.State","Retry":[{"ErrorEquals":["E"],"IntervalSeconds":7,"BackoffRate":1.5},{"ErrorEquals":["States.ALL"],"MaxAttempts":0}],"Catch":[{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.e","Assign":{"c.$":"$.Cause"},"Next":"H"}],` + inPath + `}`,
	`{` + probedLambda + `,"Arguments":{"FunctionName":"f","v":"{% $v %}"},"Assign":{"got":"{% $states.result %}"},"Output":"{% [$states.result, $states.input.n] %}","Catch":[{"ErrorEquals":["States.ALL"],"Output":{"e":"{% $states.errorOutput %}"},"Assign":{"v":"{% $states.errorOutput.Error %}"},"Next":"H"}],` + inJSONata + `}`,
	`{` + probedLambda + `,"Arguments":"{% $states.input.missing %}","TimeoutSeconds":"{% $states.input.n %}","Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Next":"H"}],` + inJSONata + `}`,
	`{` + probedLambda + `,"Arguments":{"FunctionName":"f"},"Output":"{% $states.result.missing %}","Retry":[{"ErrorEquals":["States.QueryEvaluationError"],"IntervalSeconds":3}],"Catch":[{"ErrorEquals":["E"],"Output":"{% $states.errorOutput.None %}","Next":"H"}],` + inJSONata + `}`,
	`{` + probedToken + `,"Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"Catch":[{"ErrorEquals":["States.Timeout"],"Next":"N"}],` + inPath + `}`,
	`{"Type":"Parallel","Parameters":{"x.$":"$.a"},"ResultSelector":{"two.$":"$[1]"},"ResultPath":"$.r","Branches":[` + oneTask + `,` + strings.ReplaceAll(oneTask, `"W"`, `"X"`) + `],"Catch":[{"ErrorEquals":["E"],"Next":"H"}],` + inPath + `}`,
	`{"Type":"Parallel","Arguments":"{% $states.input.a %}","Output":"{% $states.result[0] %}","Assign":{"v":"{% $states.result %}"},"Branches":[` + oneTask + `,` + strings.ReplaceAll(oneTask, `"W"`, `"X"`) + `],"Retry":[{"ErrorEquals":["States.ALL"]}],` + inJSONata + `}`,
	`{` + inlineMap + `,"ItemsPath":"$.list","ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index","n.$":"$.n"},"ResultPath":"$.r","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"H"}],` + inPath + `}`,
	`{` + inlineMap + `,"InputPath":"$.list","MaxConcurrencyPath":"$.n",` + inPath + `}`,
	`{` + inlineMap + `,"InputPath":"$.a","ItemsPath":"$.b",` + inPath + `}`,
	`{` + inlineMap + `,"Items":"{% $states.input.list %}","MaxConcurrency":"{% $states.input.n %}","ItemSelector":{"v":"{% $states.context.Map.Item.Value * $v %}"},"Output":"{% $states.result %}",` + inJSONata + `}`,
	`{` + inlineMap + `,"Retry":[{"ErrorEquals":["States.QueryEvaluationError"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"H"}],` + inJSONata + `}`,
	`{` + childrenOf + `,"ItemsPath":"$.list","MaxConcurrencyPath":"$.n","ToleratedFailureCountPath":"$.n","ToleratedFailurePercentagePath":"$.p","ItemSelector":{"v.$":"$$.Map.Item.Value","all.$":"$.a","v2.$":"$v"},"ItemBatcher":{"MaxItemsPerBatchPath":"$.n","BatchInput":{"b.$":"$.a"}},"ResultPath":"$.r",` + inPath + `}`,
	`{` + childrenOf + `,"Items":"{% $states.input.list %}","ToleratedFailureCount":"{% $states.input.n %}","ItemBatcher":{"MaxInputBytesPerBatch":"{% $states.input.n * 10 %}"},"ItemSelector":{"w":"{% $states.context.Map.Item.Index + $v %}","now":"{% $now() & $states.context.State.EnteredTime %}"},"Output":"{% $states.result %}","Catch":[{"ErrorEquals":["States.ALL"],"Next":"H"}],` + inJSONata + `}`,
	`{` + childrenOf + `,"ItemsPath":"$.list","ItemBatcher":{"MaxItemsPerBatchPath":"$.p"},` + inPath + `}`,
	`{` + childrenOf + `,"ItemsPath":"$.list","ToleratedFailurePercentagePath":"$.s",` + inPath + `}`,
}

var probedInputs = []string{
	`{}`,
	`{"n":1,"a":{"b":2},"s":"text","list":[1,2,3],"at":"2026-01-02T03:05:05Z","p":50.5}`,
	`{"n":2,"a":{"b":"x"},"s":"","list":[4, 5],"at":"2026-01-02T03:05:05","p":200}`,
	`{"n":-1,"a":1,"s":null,"list":{},"at":1,"p":0}`,
	`{"n":1.5,"a":[],"s":["t"],"list":[],"p":"12.5"}`,
	`{"n":1,"a":{},"s":"t","list":{"x":7,"y":8,"z":{"v":9}},"p":50}`,
	`{"n":0,"a":null,"s":"E","list":["` + strings.Repeat("y", 300) + `"],"at":"9999-01-02T03:05:05Z"}`,
	`[1,2,3]`,
}

// probedWork is what the work of a state may come to.
var probedWork = []struct {
	result       string
	error, cause *string
}{
	{result: `["r0",{"k":1.0},3]`},
	{result: `["r0",{"k":1.0}]`},
	{result: `[]`},
	{result: `{"b":"result"}`},
	{result: `"` + strings.Repeat("z", 2000) + `"`},
	{error: text("E"), cause: text("why")},
	{error: text("States.Timeout")},
	{error: text("States.TaskFailed"), cause: text("")},
	{},
}

func TestProbesAgreeWithExecutions(t *testing.T) {
	compared := 0
	for _, text := range probedStates {
		machine, diagnostics := definition.ParseState([]byte(text), Options{Services: func(string, string) bool { return true }}.Definition())
		if machine == nil {
			t.Fatalf("%s: %v", text, diagnostics)
		}
		for _, input := range probedInputs {
			for i := range probedWork {
				c := twoWays{machine: machine, input: input, work: i}
				want, fits := c.execute(t)
				if !fits {
					continue
				}
				compared++
				if got := c.probe(); got != want {
					t.Errorf("%s\nwith %s, and its work %d, is probed as\n%s\nbut is executed as\n%s", text, input, i, got, want)
				}
			}
		}
	}
	if compared < 1500 {
		t.Errorf("only %d cases were compared", compared)
	}
}

// twoWays is one state on one input, with one outcome of its work.
type twoWays struct {
	machine *definition.Machine
	input   string
	work    int
	now     time.Time
}

func (c *twoWays) info() interpreter.Info {
	limits := testLimits()
	limits.PayloadBytes = 1900
	info := testInfo(limits)
	info.Synchronous = true // as in a probe, there is no RedriveCount
	return info
}

func (c *twoWays) env() *interpreter.Env {
	return &interpreter.Env{Now: c.now, Random: rand.NewPCG(1, 2), Token: func(uint64) string { return "token" }}
}

var probedVariable = value.Number("7")

func (c *twoWays) probe() string {
	c.now = epoch
	variables := value.NewObject(1)
	variables.Set("v", probedVariable)
	p := NewProbe(ProbeConfig{Machine: c.machine, State: c.machine.Root.Start, Info: c.info(),
		Input: value.Text([]byte(c.input)), Variables: variables, Random: c.env().Random, Token: "token"})
	var b strings.Builder
	for p.Begin(c.now); p.End() == nil; {
		if wake := p.Wake(); p.Task() == nil && !wake.IsZero() {
			c.now = wake
			p.Tick(c.now)
			continue
		}
		if task := p.Task(); task != nil {
			fmt.Fprintf(&b, "task %s\n", task.Payload)
		}
		switch kind := c.machine.Root.Start.Kind.(type) {
		case *definition.Map:
			c.describeMap(&b, p.Seen().Map)
		case *definition.Parallel:
			for range kind.Branches {
				fmt.Fprintf(&b, "child %s\n", p.Seen().Arguments.Compact())
			}
		}
		if work := &probedWork[c.work]; work.result != "" {
			p.Succeed(c.now, []byte(work.result))
		} else {
			p.Fail(c.now, work.error, work.cause)
		}
	}
	end := p.End()
	if end.Status == ProbeRetriable {
		return fmt.Sprintf("%stries again after %v", &b, end.Backoff)
	}
	if end.Status == ProbeFailed {
		return fmt.Sprintf("%sfails %s: %s", &b, orNothing(end.Error), orNothing(end.Cause))
	}
	return fmt.Sprintf("%s%s -> %s after %v with %s", &b, end.Output.Text(), end.Next, c.now.Sub(epoch), value.Append(nil, p.Variables()))
}

// describeMap tells what the iterations or children would get.
func (c *twoWays) describeMap(b *strings.Builder, seen *SeenMap) {
	inputs := seen.Batches
	if inputs == nil {
		inputs = seen.Inputs
	}
	if inputs == nil {
		items, _ := seen.Items.Value().([]any)
		for _, item := range items {
			inputs = append(inputs, value.Of(item))
		}
	}
	for _, input := range inputs {
		fmt.Fprintf(b, "child %s\n", input.Compact())
	}
}

func orNothing(text *string) string {
	if text == nil {
		return "nothing"
	}
	return *text
}

// execute runs the state in an execution. fits is false if its work cannot come
// to the outcome, such as a Map with fewer items than results.
func (c *twoWays) execute(t *testing.T) (told string, fits bool) {
	c.now = epoch
	info := c.info()
	info.Limits.BatchFacts = 1
	x := &executed{twoWays: c, program: NewProgram(c.machine)}
	x.run = newRun(x.program, info)
	x.decide(interpreter.Start{Input: value.Text([]byte(c.input))})
	x.vars = &scopeVars{names: []string{"v"}, values: []*value.Document{value.Of(probedVariable)}}
	x.run.root.vars = x.vars
	for range 1000 {
		if told := x.ended(); told != "" {
			preamble := "An error occurred while executing the state 'StateName' (entered at the event id #2). "
			return strings.ReplaceAll(told, preamble, ""), !x.empty || probedWork[c.work].result == "[]"
		}
		if !x.goOn(t) {
			return "", false
		}
	}
	t.Fatalf("the state never ends: %s", c.input)
	return "", false
}

// executed is a state in an execution.
type executed struct {
	*twoWays
	program *Program
	run     *Run
	lines   strings.Builder
	vars    *scopeVars
	inputs  []string // of branches and iterations
	empty   bool     // a Map without items has no work
}

func (x *executed) decide(cmd interpreter.Command) {
	var d interpreter.Decision
	x.run.Decide(x.env(), cmd, &d)
}

// ended tells how the state ended, "" while it has not.
func (x *executed) ended() string {
	f := x.run.root
	switch {
	case x.run.status == interpreter.Succeeded:
		return fmt.Sprintf("%s%s ->  after %v with %s", &x.lines, x.run.output.Text(), x.now.Sub(epoch), x.variables())
	case x.run.status.Closed():
		return fmt.Sprintf("%sfails %s: %s", &x.lines, orNothing(x.run.failure.error), orNothing(x.run.failure.cause))
	case f.phase == phaseNext && f.state != nil:
		return fmt.Sprintf("%s%s -> %s after %v with %s", &x.lines, f.cur.Text(), f.next.Name, x.now.Sub(epoch), x.variables())
	case f.phase == phaseRetry:
		return fmt.Sprintf("%stries again after %v", &x.lines, x.run.Wake().Sub(x.now))
	default:
		return ""
	}
}

func (x *executed) variables() []byte {
	all := value.NewObject(0)
	for i, name := range x.vars.names {
		all.Set(name, x.vars.values[i].Value())
	}
	return value.Append(nil, all)
}

// goOn lets the next thing happen. It is false if the work cannot come to the
// outcome.
func (x *executed) goOn(t *testing.T) bool {
	if x.run.Pending() {
		x.decide(interpreter.Continue{})
		f := x.run.root
		_, isInline := x.inline()
		x.empty = x.empty || f != nil && f.phase == phaseDone && isInline && x.inputs == nil
		return true
	}
	var task *interpreter.Task
	x.run.Outstanding(func(first *interpreter.Task, _ interpreter.Phase) bool {
		task = first
		return false
	})
	switch {
	case task == nil:
		x.now = x.run.Wake()
		x.decide(interpreter.Tick{})
		return true
	case x.run.root.fan != nil:
		return x.answerChild(task)
	case task.Connector == "maprun":
		if !x.watchMapRun(t, task) {
			return true
		}
	default:
		fmt.Fprintf(&x.lines, "task %s\n", task.Payload)
	}
	x.answer(task, probedWork[x.work].result)
	return true
}

// answer gives the outcome of a task, whose result is given.
func (x *executed) answer(task *interpreter.Task, result string) {
	if task.Completion != interpreter.ByAnswer {
		x.decide(interpreter.TaskSubmitted{ID: task.ID, Output: []byte("{}")})
	}
	if work := &probedWork[x.work]; work.result == "" {
		x.decide(interpreter.TaskFailed{ID: task.ID, Error: work.error, Cause: work.cause})
	} else {
		x.decide(interpreter.TaskSucceeded{ID: task.ID, Output: []byte(result)})
	}
}

// inline is the Map state, if it is one that is not distributed.
func (x *executed) inline() (*definition.Map, bool) {
	m, ok := x.machine.Root.Start.Kind.(*definition.Map)
	return m, ok && m.Mode == definition.MapInline
}

// answerChild gives the outcome of a branch or iteration: its part of the result.
func (x *executed) answerChild(task *interpreter.Task) bool {
	n := x.run.root.fan
	slot := x.run.tasks.of(task.ID).slot
	if probedWork[x.work].result == "" {
		if n.started < n.total {
			return false
		}
		for _, f := range n.inOrder() {
			x.inputs = append(x.inputs, string(value.Text(f.job.task.Payload).Compact()))
		}
		x.showInputs()
		x.answer(task, "")
		return true
	}
	results, _ := value.Text([]byte(probedWork[x.work].result)).Value().([]any)
	if len(results) != n.total {
		return false
	}
	x.inputs = append(x.inputs, string(value.Text(task.Payload).Compact()))
	if len(x.inputs) == n.total {
		x.showInputs()
	}
	x.answer(task, string(value.Append(nil, results[slot])))
	return true
}

func (x *executed) showInputs() {
	for _, input := range x.inputs {
		fmt.Fprintf(&x.lines, "child %s\n", input)
	}
}

// watchMapRun lets a map run start its children, and lets the state's task fail
// if the map run does so before.
func (x *executed) watchMapRun(t *testing.T, task *interpreter.Task) bool {
	config, err := maprun.ParseConfig(task.Payload)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConcurrency = 0
	run := x.program.MapRun(x.machine.Root.Start).New(x.info())
	var d interpreter.Decision
	run.Decide(x.env(), interpreter.Start{Input: value.Text(config.Text())}, &d)
	for run.Pending() {
		run.Decide(x.env(), interpreter.Continue{}, &d)
	}
	if result := run.Result(); result.Status == interpreter.Failed {
		x.decide(interpreter.TaskSubmitted{ID: task.ID, Output: []byte("{}")})
		x.decide(interpreter.TaskFailed{ID: task.ID, Error: result.Error, Cause: result.Cause})
		return false
	}
	run.Outstanding(func(child *interpreter.Task, _ interpreter.Phase) bool {
		x.inputs = append(x.inputs, string(child.Payload))
		return true
	})
	x.showInputs()
	return true
}
