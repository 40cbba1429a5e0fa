package asl

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

func benchEnv() *interpreter.Env {
	return &interpreter.Env{Now: epoch, Token: func(uint64) string { return "token" }}
}

// BenchmarkDecideSeq is one step of a chain of tasks: the result of one comes
// in, the next one is scheduled.
func BenchmarkDecideSeq(b *testing.B) {
	p := mustCompile(b, `{"StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:a","Next":"B"},
		"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:b","Next":"A",
			"Catch":[{"ErrorEquals":["States.ALL"],"Next":"E"}]},
		"E":{"Type":"Succeed"}}}`)
	limits := testLimits()
	limits.HistoryEvents = 0
	run := p.New(testInfo(limits))
	env := benchEnv()
	output := []byte(`{"payload":"` + strings.Repeat("x", 86) + `"}`)
	var d interpreter.Decision
	run.Decide(env, interpreter.Start{Input: value.Text(output)}, &d)
	bytes := 0
	b.ReportAllocs()
	for i := 1; b.Loop(); i++ {
		d.Reset()
		if outcome := run.Decide(env, interpreter.TaskSucceeded{ID: uint64(i), Output: output}, &d); outcome != interpreter.Done {
			b.Fatal(outcome)
		}
		bytes += d.Bytes()
	}
	b.ReportMetric(float64(bytes)/float64(b.N), "factbytes/op")
}

// BenchmarkPassChoice is two light states, on 1 KiB of data.
func BenchmarkPassChoice(b *testing.B) {
	benchmarkLight(b, `{"StartAt":"P","States":{
		"P":{"Type":"Pass","Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Variable":"$.x.y","NumericGreaterThan":5,"Next":"E"}],"Default":"P"},
		"E":{"Type":"Succeed"}}}`)
}

// BenchmarkPassChoiceJSONata is the same in JSONata.
func BenchmarkPassChoiceJSONata(b *testing.B) {
	benchmarkLight(b, `{"QueryLanguage":"JSONata","StartAt":"P","States":{
		"P":{"Type":"Pass","Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.x.y > 5 %}","Next":"E"}],"Default":"P"},
		"E":{"Type":"Succeed"}}}`)
}

// BenchmarkPassAssignJSONata are light states with a small expression each.
func BenchmarkPassAssignJSONata(b *testing.B) {
	benchmarkLight(b, `{"QueryLanguage":"JSONata","StartAt":"P","States":{
		"P":{"Type":"Pass","Assign":{"v":"{% $states.input.x.y %}"},"Next":"Q"},
		"Q":{"Type":"Pass","Output":"{% $states.input %}","Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Condition":"{% $v > 5 %}","Next":"E"}],"Default":"P"},
		"E":{"Type":"Succeed"}}}`)
}

// BenchmarkPassMerge is a light state that reshapes 1 KiB of data.
func BenchmarkPassMerge(b *testing.B) {
	benchmarkLight(b, `{"StartAt":"P","States":{
		"P":{"Type":"Pass","Parameters":{"m.$":"$.n","c":{"k":"v"}},"ResultPath":"$.r","Next":"Q"},
		"Q":{"Type":"Pass","Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1,"Next":"P"}],"Default":"E"},
		"E":{"Type":"Succeed"}}}`)
}

// benchmarkLight runs a loop of light states on 1 KiB of data.
func benchmarkLight(b *testing.B, definition string) {
	p := mustCompile(b, definition)
	limits := testLimits()
	limits.HistoryEvents, limits.BatchFacts = 0, 6
	env := benchEnv()
	run := p.New(testInfo(limits))
	var d interpreter.Decision
	input := `{"n":1,"x":{"y":1},"payload":"` + strings.Repeat("x", 1000) + `"}`
	run.Decide(env, interpreter.Start{Input: value.Text([]byte(input))}, &d)
	b.ReportAllocs()
	states := 0
	for b.Loop() {
		d.Reset()
		run.Decide(env, interpreter.Continue{}, &d)
		states += d.Facts() / 2
	}
	if run.Result().Status.Closed() {
		b.Fatal("the loop has ended")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(states), "ns/state")
}

// mapRun runs a Map over n items, each a task that answers at once, and
// returns the time that Decide took and the bytes of the facts.
func mapRun(b testing.TB, p *Program, n int, apply bool) (decide, fold time.Duration, bytes int) {
	limits := testLimits()
	limits.HistoryEvents, limits.PayloadBytes, limits.BatchFacts = 0, 0, 10000
	env := benchEnv()
	run := p.New(testInfo(limits))
	other := p.New(testInfo(limits))
	var d interpreter.Decision
	var todo []*interpreter.Task
	give := func(cmd interpreter.Command) {
		d.Reset()
		start := time.Now()
		run.Decide(env, cmd, &d)
		decide += time.Since(start)
		bytes += d.Bytes()
		for _, effect := range d.Effects {
			if invoke, ok := effect.(interpreter.Invoke); ok {
				todo = append(todo, invoke.Task)
			}
		}
		if apply {
			start = time.Now()
			for i := range d.Facts() {
				if err := other.Apply(d.Fact(i), epoch); err != nil {
					b.Fatal(err)
				}
			}
			fold += time.Since(start)
		}
	}
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf(`{"number":%d}`, i)
	}
	give(interpreter.Start{Input: value.Text([]byte("[" + strings.Join(items, ",") + "]"))})
	for !run.Result().Status.Closed() {
		if run.Pending() {
			give(interpreter.Continue{})
			continue
		}
		task := todo[0]
		todo = todo[1:]
		give(interpreter.TaskSucceeded{ID: task.ID, Output: task.Payload})
	}
	if status := run.Result().Status; status != interpreter.Succeeded {
		b.Fatal(status)
	}
	return decide, fold, bytes
}

func benchmarkMap(b *testing.B, n int) {
	p := mustCompile(b, `{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
		"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:a","End":true}}}}}}`)
	var decide, fold time.Duration
	bytes := 0
	b.ReportAllocs()
	for b.Loop() {
		d, f, n := mapRun(b, p, n, true)
		decide, fold, bytes = decide+d, fold+f, bytes+n
	}
	items := float64(b.N) * float64(n)
	b.ReportMetric(float64(decide.Nanoseconds())/items, "decide-ns/item")
	b.ReportMetric(float64(fold.Nanoseconds())/items, "fold-ns/item")
	b.ReportMetric(float64(bytes)/items, "factbytes/item")
}

func BenchmarkMap1000(b *testing.B)   { benchmarkMap(b, 1000) }
func BenchmarkMap10000(b *testing.B)  { benchmarkMap(b, 10000) }
func BenchmarkMap100000(b *testing.B) { benchmarkMap(b, 100000) }
