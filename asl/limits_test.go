package asl

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

func document(text string) *value.Document { return value.Text([]byte(text)) }

// describeTask is what a task says, without its address.
func describeTask(task interpreter.Task) string { return fmt.Sprintf("%+v", task) }

func TestPayloadLimit(t *testing.T) {
	big := `"` + strings.Repeat("x", 300_000) + `"`
	runScenarios(t, []scenario{
		{name: "a task's result is caught by States.ALL", definition: taskMachine(catchAll), answer: reply(big),
			want: `SUCCEEDED {"Error":"States.DataLimitExceeded","Cause":"The state/task 'arn:aws:lambda:us-east-1:111111111111:function:f' returned a result with a size exceeding the maximum number of bytes service limit."}`},
		{name: "a state's output", definition: machine(`{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}`), input: `"` + strings.Repeat("x", 200_000) + `"`,
			want: `FAILED States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.`},
		{name: "the result of a Map is not caught by States.ALL", input: `[1,2,3]`, answer: reply(big[:200_000] + `"`),
			definition: `{"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"Next":"Z","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}],"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Task","Resource":` + function + `,"End":true}}}},"Z":{"Type":"Pass","End":true}}}`,
			want:       `FAILED States.DataLimitExceeded: The state/task 'M' returned a result with a size exceeding the maximum number of bytes service limit.`},
		{name: "no JSON", definition: machine(`{"Type":"Task","Resource":` + function + `,"End":true}`), answer: reply(`{"a":`),
			want: `FAILED States.TaskFailed: The result of the task is not JSON: unexpected end of text, a value is missing at line 1, column 6`},
	})
}

// TestHistoryLimit: the event with the number of the limit is the failure.
func TestHistoryLimit(t *testing.T) {
	p := mustCompile(t, `{"StartAt":"P","States":{"P":{"Type":"Pass","Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"E"}],"Default":"P"},"E":{"Type":"Succeed"}}}`)
	limits := testLimits()
	limits.HistoryEvents = 1000
	limits.BatchFacts = 30
	w := worldOf(t, p, limits)
	w.start(`{}`)
	if got, want := w.outcome(), "FAILED States.Runtime: The execution reached the maximum number of history events (1000)."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	events := w.history()
	if n, last := len(events), events[len(events)-1]; n != 1000 || last.Type != "ExecutionFailed" {
		t.Errorf("%d events, the last is %s", n, last.Type)
	}
}

// TestVariableLimit: one variable, those of one state and those of a run have
// limits of their own, and JSONata shows the failure as one of the evaluation.
func TestVariableLimit(t *testing.T) {
	const text = `"` + "0123456789012345678901234567890123456789" + `"` // 42 bytes
	assigns := func(language, first, second string) string {
		return `{"QueryLanguage":"` + language + `","StartAt":"A","States":{"A":{"Type":"Pass","Assign":` + first + `,"Next":"B"},"B":{"Type":"Pass","Assign":` + second + `,"End":true}}}`
	}
	const entered, evaluated = "PassStateEntered", "EvaluationFailed"
	for name, c := range map[string]struct{ definition, want, before string }{
		"one": {assigns("JSONata", `{}`, `{"v":["{% $states.input %}","{% $states.input %}","{% $states.input %}"]}`),
			`Variable size limit exceeded. Variable 'v' in state 'B' was assigned 130 bytes.`, evaluated},
		"one in JSONPath": {assigns("JSONPath", `{"v":1}`, `{"v.$":"States.Array($, $, $)"}`),
			`Variable size limit exceeded. Variable 'v' in state 'B' was assigned 130 bytes.`, entered},
		"a state's": {assigns("JSONata", `{}`, `{"v":"{% $states.input %}","w":"{% $states.input %}","x":"{% $states.input %}"}`),
			`State total variable size limit exceeded. Variable 'x' in state 'B' was assigned 42 bytes, which caused the size of variables assigned in the state to exceed its limit by 26 bytes.`, evaluated},
		"all": {assigns("JSONata", `{"v":"{% $states.input %}","w":"{% $states.input %}"}`, `{"x":"{% $states.input %}"}`),
			`Execution total variable size limit exceeded. State 'B' assigned variables that exceed the total execution limit by 6 bytes.`, evaluated},
		"all in JSONPath": {assigns("JSONPath", `{"v.$":"$","w.$":"$"}`, `{"x.$":"$"}`),
			`Execution total variable size limit exceeded. State 'B' assigned variables that exceed the total execution limit by 6 bytes.`, entered},
		"what is replaced does not count": {assigns("JSONata", `{"v":"{% $states.input %}","w":"{% $states.input %}"}`, `{"v":"{% $states.input %}","w":1}`), "", ""},
	} {
		limits := testLimits()
		limits.VariableBytes, limits.VariablesBytes = 100, 120
		w := worldOf(t, mustCompile(t, c.definition), limits)
		w.start(text)
		want := "FAILED States.DataLimitExceeded: " + c.want
		if c.want == "" {
			want = "SUCCEEDED " + text
		}
		if got := w.outcome(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
		events := w.history()
		if got := events[len(events)-2].Type; c.before != "" && got != c.before {
			t.Errorf("%s: the event before the last is %s, want %s", name, got, c.before)
		}
	}
}

// TestBudget: a loop yields at the budget of a commit, and goes on.
func TestBudget(t *testing.T) {
	p := mustCompile(t, `{"StartAt":"P","States":{"P":{"Type":"Pass","Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"E"}],"Default":"P"},"E":{"Type":"Succeed"}}}`)
	limits := testLimits()
	limits.HistoryEvents, limits.BatchFacts = 0, 10
	run := p.New(testInfo(limits))
	env := &interpreter.Env{Now: epoch}
	var d interpreter.Decision
	run.Decide(env, interpreter.Start{Input: document(`{}`)}, &d)
	for range 5 {
		if d.Facts() != 10 || !run.Pending() {
			t.Fatalf("%d facts, pending %v", d.Facts(), run.Pending())
		}
		d.Reset()
		run.Decide(env, interpreter.Continue{}, &d)
	}
	limits.BatchBytes, limits.BatchFacts = 50, 0
	d.Reset()
	run.Decide(env, interpreter.Continue{}, &d)
	if d.Bytes() < 50 || d.Bytes() > 60 {
		t.Errorf("%d bytes", d.Bytes())
	}
}

// TestCauseLimit: a cause that quotes a value is cut off, between characters.
func TestCauseLimit(t *testing.T) {
	for _, definition := range []string{
		machine(`{"Type":"Pass","Parameters":{"a.$":"$.x"},"End":true}`),
		machine(`{"Type":"Fail","QueryLanguage":"JSONata","Cause":"{% $states.input.a %}"}`),
	} {
		w := newWorld(t, definition)
		w.start(`{"a":"` + strings.Repeat("äöü", 20_000) + `"}`)
		cause := *w.run.Result().Cause
		if n := len(cause); n > maxCause || n < maxCause-1 || !utf8.ValidString(cause) {
			t.Errorf("the cause has %d bytes", n)
		}
	}
}

func TestMachineTimeout(t *testing.T) {
	w := newWorld(t, `{"TimeoutSeconds":10,"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{
		"I":{"Type":"Task","Resource":`+function+`,"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":60}],"End":true}}}}}}`)
	w.answer = func(w *world, task *interpreter.Task) {
		if task.ID == 1 {
			refuse("E", "C")(w, task)
		}
	}
	w.start(`[1,2]`)
	if got := w.outcome(); got != "TIMED_OUT" || w.now.Sub(epoch) != 10*time.Second {
		t.Errorf("got %s after %v", got, w.now.Sub(epoch))
	}
	events := w.history()
	last := events[len(events)-1]
	if last.Type != "ExecutionTimedOut" || last.Previous != 0 || showDetails(last.Details) != `error="States.Timeout"` {
		t.Errorf("the last event is %+v", last)
	}
	if fmt.Sprint(w.cancels) != "[2]" {
		t.Errorf("cancelled %v", w.cancels)
	}
	if !w.run.Wake().IsZero() || w.run.Pending() {
		t.Error("a closed run still wants something")
	}
}

func TestStop(t *testing.T) {
	w := newWorld(t, machine(`{"Type":"Task","Resource":`+function+`,"End":true}`))
	if outcome := w.decide(interpreter.Stop{}); outcome != interpreter.NotExpected {
		t.Errorf("stopping what has not started gives %v", outcome)
	}
	w.decide(interpreter.Start{Input: document(`{}`)})
	if outcome := w.decide(interpreter.Start{Input: document(`{}`)}); outcome != interpreter.NotExpected {
		t.Errorf("starting twice gives %v", outcome)
	}
	w.decide(interpreter.Stop{Error: text("E"), Cause: text("C")})
	if got := w.outcome(); got != "ABORTED E: C" {
		t.Errorf("got %s", got)
	}
	if story := w.story(); story[len(story)-1] != "5<-0 ExecutionAborted" {
		t.Errorf("the history ends with %s", story[len(story)-1])
	}
	if fmt.Sprint(w.cancels) != "[1]" {
		t.Errorf("cancelled %v", w.cancels)
	}
}

// TestSequenceIsCompact: steps cost their payload and about 25 bytes.
func TestSequenceIsCompact(t *testing.T) {
	var states []string
	for i := range 5 {
		next := fmt.Sprintf(`"Next":"S%d"`, i+1)
		if i == 4 {
			next = `"End":true`
		}
		states = append(states, fmt.Sprintf(`"S%d":{"Type":"Task","Resource":%s,%s}`, i, function, next))
	}
	w := newWorld(t, `{"StartAt":"S0","States":{`+strings.Join(states, ",")+`}}`)
	payload := `{"p":"` + strings.Repeat("x", 92) + `"}`
	w.answer = reply(payload)
	w.start(payload)
	total := 0
	for _, fact := range w.facts[1:] {
		total += len(fact)
	}
	if total > 5*(100+25) {
		t.Errorf("five tasks cost %d bytes of facts", total)
	}
}

// TestExecutionTime: the shorter of the limit and the machine's own timeout
// counts, and the execution times out as by its own.
func TestExecutionTime(t *testing.T) {
	for timeout, want := range map[string]time.Duration{
		"":                           5 * time.Minute,
		`"TimeoutSeconds":60,`:       time.Minute,
		`"TimeoutSeconds":3600,`:     5 * time.Minute,
		`"TimeoutSeconds":99999999,`: 5 * time.Minute,
	} {
		p := mustCompile(t, `{"StartAt":"W",`+timeout+`"States":{"W":{"Type":"Wait","Seconds":7200,"End":true}}}`)
		limits := testLimits()
		limits.ExecutionTime = 5 * time.Minute
		w := worldOf(t, p, limits)
		w.decide(interpreter.Start{Input: document(`{}`)})
		if got := w.run.Wake().Sub(epoch); got != want {
			t.Errorf("%s wakes after %v, want %v", timeout, got, want)
		}
		w.now = w.run.Wake()
		w.decide(interpreter.Tick{})
		if got := w.run.Result().Status; got != interpreter.TimedOut {
			t.Errorf("%s ends as %v", timeout, got)
		}
	}
}

// TestSynchronousContext: what is waited for is never redriven, and its context
// object does not count it.
func TestSynchronousContext(t *testing.T) {
	p := mustCompile(t, machine(`{"Type":"Pass","Parameters":{"execution.$":"$$.Execution"},"End":true}`))
	for synchronous, want := range map[bool]bool{false: true, true: false} {
		info := testInfo(testLimits())
		info.Synchronous = synchronous
		run := p.New(info)
		var d interpreter.Decision
		run.Decide(&interpreter.Env{Now: epoch}, interpreter.Start{Input: document(`{}`)}, &d)
		if got := strings.Contains(string(run.Result().Output.Text()), "RedriveCount"); got != want {
			t.Errorf("synchronous %t: %s", synchronous, run.Result().Output.Text())
		}
	}
}
