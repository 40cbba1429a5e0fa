package asl

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

const (
	waits = `{"Type":"Wait","Seconds":3600,"End":true}`
	thenW = `"W":` + waits
	asks  = `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
		"Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token","all.$":"$"}},"End":true}`
	works = `{"Type":"Task","Resource":"arn:aws:states:us-east-1:111111111111:activity:a","End":true}`
)

// shapes of runs that wait, with what has to happen until they do.
var shapes = []struct {
	name       string
	definition string
	input      string
	tasks      int // how many tasks are answered first
}{
	{"a wait", `{"StartAt":"W","States":{` + thenW + `}}`, order(100), 0},
	{"a wait with 8 KiB", `{"StartAt":"W","States":{` + thenW + `}}`, order(8000), 0},
	{"a wait after a choice that read 2 KiB of items", `{"StartAt":"C","States":{
		"C":{"Type":"Choice","Choices":[{"Variable":"$.total","NumericGreaterThan":5,"Next":"W"}],"Default":"W"},` + thenW + `}}`, basket(20), 0},
	{"a wait after an expression that read 2 KiB of items", `{"QueryLanguage":"JSONata","StartAt":"P","States":{
		"P":{"Type":"Pass","Output":"{% {'sum': $sum($states.input.items.price), 'items': $states.input.items} %}","Next":"W"},` + thenW + `}}`, basket(20), 0},
	{"a task by token", `{"StartAt":"T","States":{"T":` + asks + `}}`, order(100), 0},
	{"an activity", `{"StartAt":"T","States":{"T":` + works + `}}`, order(100), 0},
	{"variables", `{"StartAt":"A","States":{
		"A":{"Type":"Pass","Assign":{"first.$":"$.order","second":[1,2,3,4],"third":{"a":"text of some length","b":true},"fourth":12},"Next":"W"},` + thenW + `}}`, order(300), 0},
	{"a fan of 40 tasks", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
		"ItemProcessor":{"StartAt":"T","States":{"T":` + asks + `}}}}}`, basket(40), 0},
	{"a fan of 40 activities of which 20 have ended", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
		"ItemProcessor":{"StartAt":"T","States":{"T":` + works + `}}}}}`, basket(40), 20},
	{"a wait after a fan of 40", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","Next":"W",
		"ItemProcessor":{"StartAt":"T","States":{"T":` + works + `}}},` + thenW + `}}`, basket(40), 40},
	{"branches", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"A","States":{"A":` + waits + `}},{"StartAt":"B","States":{"B":` + works + `}},{"StartAt":"D","States":{"D":` + asks + `}}]}}}`, order(100), 0},
	{"a retry", `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
		"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":60}],"End":true}}}`, order(100), -1},
}

func order(size int) string { return `{"order":"` + strings.Repeat("x", size-12) + `"}` }

// basket has items of about 100 bytes each.
func basket(items int) string {
	var b strings.Builder
	b.WriteString(`{"total":10,"items":[`)
	for i := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sku":"article-number-%04d","price":%d.25,"amount":%d,"note":"a note of some length","tags":["a","b"]}`, i, i, i%7)
	}
	b.WriteString(`]}`)
	return b.String()
}

// TestMemory holds what Memory says against what the memory of the process grows by.
func TestMemory(t *testing.T) {
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			p := mustCompile(t, shape.definition)
			limits := testLimits()
			info := testInfo(limits)
			waiting := func() interpreter.Run { return waitingRun(t, p, info, shape.input, shape.tasks) }
			compareMemory(t, waiting)
			t.Run("restored", func(t *testing.T) {
				snapshot := waiting().Snapshot(nil)
				compareMemory(t, func() interpreter.Run {
					run, err := p.Restore(info, snapshot)
					if err != nil {
						t.Fatal(err)
					}
					return run
				})
			})
		})
	}
}

// waitingRun is a run of which a number of tasks succeeded, or the first failed
// if it is -1.
func waitingRun(t *testing.T, p *Program, info interpreter.Info, input string, tasks int) interpreter.Run {
	run := p.New(info)
	var d interpreter.Decision
	run.Decide(benchEnv(), interpreter.Start{Input: value.Text([]byte(input))}, &d)
	if tasks < 0 {
		run.Decide(benchEnv(), interpreter.TaskFailed{ID: 1}, &d)
	}
	for id := range uint64(max(tasks, 0)) {
		run.Decide(benchEnv(), interpreter.TaskStarted{ID: id + 1, Worker: "worker"}, &d)
		run.Decide(benchEnv(), interpreter.TaskSucceeded{ID: id + 1, Output: []byte(order(100))}, &d)
	}
	if run.Active() > 0 && tasks < 0 || run.Result().Status.Closed() {
		t.Fatal("the run does not wait")
	}
	return run
}

func compareMemory(t *testing.T, waiting func() interpreter.Run) {
	t.Helper()
	const tolerance = 0.25
	runs := make([]interpreter.Run, 1000)
	waiting() // what comes with the first one only
	before := heapInUse()
	said := 0
	for i := range runs {
		runs[i] = waiting()
		said += runs[i].Memory()
	}
	grown := heapInUse() - before
	ratio := float64(said) / float64(grown)
	t.Logf("Memory says %d, the heap grew by %d each: %.2f", said/len(runs), grown/int64(len(runs)), ratio)
	if ratio < 1-tolerance || ratio > 1+tolerance {
		t.Errorf("Memory says %d bytes where the heap grew by %d", said/len(runs), grown/int64(len(runs)))
	}
	runtime.KeepAlive(runs)
}

// heapInUse is the memory of what can be reached.
func heapInUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
