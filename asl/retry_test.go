package asl

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/interpreter"
)

// task is a machine of one Task state with more fields.
func taskMachine(fields string) string {
	return `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":` + function + `,"Next":"Z"` + fields + `},"Z":{"Type":"Pass","End":true},"C":{"Type":"Pass","End":true}}}`
}

const catchAll = `,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]`

func TestRetry(t *testing.T) {
	runScenarios(t, []scenario{
		{name: "three times by default, twice as long each", definition: taskMachine(`,"Retry":[{"ErrorEquals":["E"]}]` + catchAll), answer: refuse("E", "C"),
			want: `SUCCEEDED {"Error":"E","Cause":"C"}`, took: (4 + 1 + 2 + 4) * time.Second},
		{name: "a cap", definition: taskMachine(`,"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":3,"MaxDelaySeconds":5,"MaxAttempts":3}]` + catchAll), answer: refuse("E", "C"),
			want: `SUCCEEDED {"Error":"E","Cause":"C"}`, took: (4 + 3 + 5 + 5) * time.Second},
		{name: "another name", definition: taskMachine(`,"Retry":[{"ErrorEquals":["F"]}]` + catchAll), answer: refuse("E", "C"),
			want: `SUCCEEDED {"Error":"E","Cause":"C"}`, took: time.Second},
		{name: "the first retrier that is for the error decides", definition: taskMachine(`,"Retry":[{"ErrorEquals":["E"],"MaxAttempts":0},{"ErrorEquals":["States.ALL"]}]` + catchAll), answer: refuse("E", "C"),
			want: `SUCCEEDED {"Error":"E","Cause":"C"}`, took: time.Second},
		{name: "the history of an attempt", definition: taskMachine(`,"Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}]` + catchAll), answer: refuse("E", "C"),
			want: `SUCCEEDED {"Error":"E","Cause":"C"}`,
			story: []string{"1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted", "5<-4 LambdaFunctionFailed",
				"6<-5 LambdaFunctionScheduled", "7<-6 LambdaFunctionStarted", "8<-7 LambdaFunctionFailed", "9<-8 TaskStateExited", "10<-9 PassStateEntered", "11<-10 PassStateExited", "12<-11 ExecutionSucceeded"}},
		{name: "counters are the retrier's own", definition: taskMachine(`,"Parameters":{"n.$":"$$.State.RetryCount"},"Retry":[{"ErrorEquals":["E0"],"MaxAttempts":1},{"ErrorEquals":["E1"],"MaxAttempts":1}],"Catch":[{"ErrorEquals":["F"],"Next":"C"}]`),
			answer: func(w *world, task *interpreter.Task) {
				name := map[string]string{`{"n":0}`: "E0", `{"n":1}`: "E1", `{"n":2}`: "E0"}[string(task.Payload)]
				refuse(name, "C")(w, task)
			}, want: `FAILED E0: C`, took: (3 + 2) * time.Second},
		{name: "a timeout", definition: taskMachine(`,"TimeoutSeconds":5,"Retry":[{"ErrorEquals":["States.TaskFailed"]}]` + catchAll),
			want: `SUCCEEDED {"Error":"States.Timeout","Cause":""}`, took: 5 * time.Second},
		{name: "a timeout is for States.Timeout", definition: taskMachine(`,"TimeoutSeconds":5,"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"Z"},{"ErrorEquals":["States.Timeout"],"Next":"C"}]`),
			want:  `SUCCEEDED {"Error":"States.Timeout","Cause":""}`,
			story: []string{"1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted", "5<-4 LambdaFunctionTimedOut", "6<-5 TaskStateExited", "7<-6 PassStateEntered", "8<-7 PassStateExited", "9<-8 ExecutionSucceeded"}},
		{name: "a missed heartbeat has its own matcher", definition: taskMachine(`,"TimeoutSeconds":50,"HeartbeatSeconds":5,"Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"C"}]`),
			want: `SUCCEEDED {"Error":"States.Timeout","Cause":""}`, took: 5 * time.Second},
		{name: "ResultPath of a catcher", definition: taskMachine(`,"OutputPath":"$.nowhere","Catch":[{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.e","Next":"C"}]`), answer: refuse("E", "C"), input: `{"x":1}`,
			want: `SUCCEEDED {"x":1,"e":{"Error":"E","Cause":"C"}}`},
		{name: "States.Runtime is not caught", definition: taskMachine(`,"OutputPath":"$.nowhere","Catch":[{"ErrorEquals":["States.Runtime"],"Next":"C"},{"ErrorEquals":["States.ALL"],"Next":"C"}]`), answer: reply(`{}`),
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.nowhere' : No results for path: $['nowhere']`},
		{name: "a failure without a name or a cause", definition: taskMachine(catchAll), answer: func(w *world, task *interpreter.Task) { w.after(0, interpreter.TaskFailed{ID: task.ID}) },
			want: `SUCCEEDED {"Error":null,"Cause":null}`},
		{name: "a catcher that fails is not caught again", definition: taskMachine(`,"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.x.y","Next":"C"}]`), answer: refuse("E", "C"), input: `{"x":1}`,
			want: `FAILED States.ReferencePathConflict: Unable to apply ReferencePath $.x.y to input {"x":1}`},
	})
}

// What a run waits can be shortened or stretched, for tests; timeouts are not.
func TestWaitScale(t *testing.T) {
	waiting := `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":100,"Next":"B"},"B":{"Type":"Wait","Timestamp":"2090-01-01T00:00:00Z","End":true}}}`
	retrying := taskMachine(`,"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":100,"MaxAttempts":2}]` + catchAll)
	for _, test := range []struct {
		name, definition string
		scale            float64
		answer           func(*world, *interpreter.Task)
		want             string
		took             time.Duration
	}{
		{"a hundredth", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":100,"End":true}}}`, 0.01, nil, `SUCCEEDED {}`, time.Second},
		{"ten times", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":100,"End":true}}}`, 10, nil, `SUCCEEDED {}`, 1000 * time.Second},
		{"nothing", waiting, math.SmallestNonzeroFloat64, nil, `SUCCEEDED {}`, 0},
		{"all", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":100,"End":true}}}`, 0, nil, `SUCCEEDED {}`, 100 * time.Second},
		{"retries", retrying, 0.01, refuse("E", "C"), `SUCCEEDED {"Error":"E","Cause":"C"}`, (3 + 1 + 2) * time.Second},
		{"retries at once", retrying, math.SmallestNonzeroFloat64, refuse("E", "C"), `SUCCEEDED {"Error":"E","Cause":"C"}`, 3 * time.Second},
		{"a timeout", taskMachine(`,"TimeoutSeconds":50` + catchAll), 0.01, nil, `SUCCEEDED {"Error":"States.Timeout","Cause":""}`, 50 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			limits := testLimits()
			limits.WaitScale = test.scale
			w := worldOf(t, mustCompile(t, test.definition), limits)
			w.answer = test.answer
			w.start("{}")
			if got := w.outcome(); got != test.want {
				t.Errorf("the run stands at %s, want %s", got, test.want)
			}
			if took := w.now.Sub(epoch); took != test.took {
				t.Errorf("it took %v, want %v", took, test.took)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	random := rand.NewPCG(3, 4)
	retrier := &definition.Retrier{IntervalSeconds: 10, BackoffRate: 1.5, MaxDelaySeconds: 20, FullJitter: true}
	for made := range 5 {
		if delay := backoff(retrier, made, random); delay < 0 || delay > 20_000 {
			t.Errorf("after %d retries the delay is %d ms", made, delay)
		}
	}
	retrier.FullJitter = false
	for made, want := range []int64{10_000, 15_000, 20_000, 20_000} {
		if delay := backoff(retrier, made, random); delay != want {
			t.Errorf("after %d retries the delay is %d ms, want %d", made, delay, want)
		}
	}
	retrier.MaxDelaySeconds = 0
	if delay := backoff(retrier, 10_000, random); delay != noTimeout*1000 {
		t.Errorf("after very many retries the delay is %d ms", delay)
	}
	retrier.IntervalSeconds = 0
	if delay := backoff(retrier, 10_000, random); delay != 0 {
		t.Errorf("without an interval the delay is %d ms", delay)
	}
}
