package testrun_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/testrun"
)

// machines are the definitions that tests name, by name.
var machines = map[string]string{
	"pay": `
StartAt: Pay
States:
  Pay:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Parameters: {FunctionName: pay, Payload.$: $}
    TimeoutSeconds: 60
    HeartbeatSeconds: 20
    Retry: [{ErrorEquals: [Busy], IntervalSeconds: 10, BackoffRate: 1, MaxAttempts: 2}]
    Catch: [{ErrorEquals: [States.ALL], Next: Caught}]
    ResultSelector: {n.$: $.Payload.n}
    Assign: {paid.$: $.Payload.n}
    Next: Done
  Caught: {Type: Pass, Next: Failed}
  Failed: {Type: Fail, Error: Failed, CausePath: $.Error}
  Done: {Type: Succeed}
`,
	"year":  `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 31536000, "End": true}}}`,
	"until": `{"StartAt": "W", "States": {"W": {"Type": "Wait", "TimestampPath": "$.at", "Next": "P"}, "P": {"Type": "Pass", "Parameters": {"now.$": "$$.State.EnteredTime"}, "End": true}}}`,
	"loop": `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
		"C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "D"}], "Default": "A"}, "D": {"Type": "Succeed"}}}`,
	"approval": `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "End": true}}}`,
	"worker":   `{"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:work", "TimeoutSeconds": 30, "End": true}}}`,
	"each":     `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message.$": "$"}, "End": true}}}, "End": true}}}`,
	"parent": `{"StartAt": "Child", "States": {"Child": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
		"Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:year", "Input": {"a": 1}}, "OutputPath": "$.Output", "End": true}}}`,
	"batch": `
StartAt: Every row
States:
  Every row:
    Type: Map
    ItemReader: {Resource: "arn:aws:states:::s3:getObject", ReaderConfig: {InputType: CSV, CSVHeaderLocation: FIRST_ROW, MaxItems: 4}, Parameters: {Bucket: in, Key: rows.csv}}
    ItemSelector: {row.$: $$.Map.Item.Value, day.$: $.day}
    ToleratedFailureCount: 1
    MaxConcurrency: 2
    ItemProcessor:
      ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}
      StartAt: One
      States:
        One: {Type: Task, Resource: "arn:aws:states:::sns:publish", Parameters: {Message.$: $}, Next: Rest}
        Rest: {Type: Wait, Seconds: 60, End: true}
    ResultWriter: {Resource: "arn:aws:states:::s3:putObject", Parameters: {Bucket: out, Prefix: results}}
    End: true
`,
	"express": `
StartAt: Every item
States:
  Every item:
    Type: Map
    ItemBatcher: {MaxItemsPerBatch: 2}
    ItemProcessor:
      ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: EXPRESS}
      StartAt: Two
      States:
        Two: {Type: Task, Resource: "arn:aws:states:::sns:publish", Parameters: {Message.$: $.Items}, End: true}
    End: true
`,
	"bad": "StartAt: A\nStates:\n  A: {Type: Pass, Next: B}\n",
}

func find(_, name string, substitutions map[string]string) (*testrun.Source, error) {
	text, ok := machines[name]
	if !ok {
		return nil, errors.New("there is none")
	}
	for key, replacement := range substitutions {
		text = strings.ReplaceAll(text, key, replacement)
	}
	return &testrun.Source{Name: name, File: name + ".asl", Type: "STANDARD", Text: text}, nil
}

var runner = testrun.Runner{Parallel: 4, Limits: interpreter.Limits{PayloadBytes: 1 << 18, HistoryEvents: 1000, InlineIterations: 40}}

// results runs the tests of a text. For each test there is a line: its name, and
// its faults.
func results(t *testing.T, r *testrun.Runner, text string) map[string]string {
	t.Helper()
	suite, err := testrun.Parse("a.test.yaml", []byte(text), find)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, result := range r.Run(t.Context(), suite) {
		all[result.Test.Name] = strings.Join(result.Faults, "\n")
	}
	return all
}

func TestTestsThatPass(t *testing.T) {
	for _, text := range []string{`
stateMachine: pay
mocks: {Pay: {payload: {n: 1.50}}}
tests:
  - name: payload is given as a function gives it
    expect: {output: {n: 1.5}, path: [Pay, Done], variables: {$paid: 1.5}, calls: {Pay: 1}, elapsed: 0s}
  - name: retries are counted, and take their time
    mocks: {Pay: [{throw: Busy, times: 2}, {return: {Payload: {n: 2}}}]}
    expect: {output: {n: 2}, calls: {pay/Pay: 3}, elapsed: 20s}
  - name: a failure with a cause
    mocks: {Pay: {throw: {error: Declined, cause: no money}}}
    expect: {error: Failed, cause: Declined, causeIncludes: clin, path: [..., Failed]}
  - name: more retries than there may be
    mocks: {Pay: [{throw: Busy, times: forever}]}
    expect: {error: Failed, calls: {Pay: 3}}
  - name: a task times out
    mocks: {Pay: {silent: true, heartbeat: 5s}}
    expect: {error: Failed, cause: States.Timeout, elapsed: 60s}
  - name: a task falls silent
    mocks: {Pay: {silent: true}}
    expect: {error: Failed, elapsed: 20}
  - name: heartbeats keep a task alive
    mocks: {Pay: {payload: {n: 3}, after: 55s, heartbeat: 15s}}
    expect: {elapsed: {atLeast: 55s, atMost: 1m}}
  - name: an answer that is computed
    input: {a: [1, 2]}
    mocks: {Pay: [{throw: Busy}, {evaluate: '{"Payload": {"n": $sum($input.Payload.a) + $invocation}}'}]}
    expect: {output: {n: 4}}
  - name: a failure that is computed
    input: {card: bad}
    mocks: {Pay: {evaluate: '$input.Payload.card = "bad" ? $error("Declined: no money") : {}'}}
    expect: {error: Failed, cause: Declined}
  - name: what a task receives
    input: {id: 7, more: true}
    mocks: {Pay: {payload: {n: 1}, receives: {FunctionName: pay, Payload: {id: 7}}}}
  - name: part of the output
    expect: {outputIncludes: {}}
`, `
stateMachine: year
tests:
  - name: a year
    expect: {elapsed: 365d, path: [W]}
`, `
stateMachine: until
start: "2030-02-01T10:00:00Z"
tests:
  - name: until a time
    input: {at: "2030-02-03T10:00:00Z"}
    expect: {elapsed: 48h, outputIncludes: {now: "2030-02-03T10:00:00.000Z"}}
  - name: until a time that is over
    start: "2031-01-01T00:00:00Z"
    input: {at: "2030-02-03T10:00:00Z"}
    expect: {elapsed: 0s}
`, `
stateMachine: approval
tests:
  - name: whoever has the token answers
    mocks: {Ask: {return: {approved: true}, after: 3d}}
    expect: {output: {approved: true}, elapsed: 72h}
  - name: nobody answers
    mocks: {Ask: {silent: true}}
    expect: {status: RUNNING}
  - name: it is refused
    mocks: {Ask: {throw: {error: Refused}}}
    expect: {error: Refused}
`, `
stateMachine: worker
mocks: {Work: {return: done, after: 29s}}
tests:
  - name: a worker
    expect: {output: done}
  - name: a worker that takes too long
    mocks: {Work: {return: done, after: 31s}}
    expect: {error: States.Timeout}
`, `
stateMachine: each
tests:
  - name: invocations go on counting over iterations
    input: [a, b, c]
    mocks: {One: [{return: 1, receives: {Message: a}}, {return: 2, times: 2}]}
    expect: {output: [1, 2, 2], path: [Each, One, One, One]}
`, `
stateMachine: batch
mocks:
  Every row: {items: [{n: "1"}, {n: "2"}, {n: "3"}, {n: "4"}, {n: "5"}]}
tests:
  - name: two at a time, no more items than are asked for
    input: {day: d}
    mocks: {One: {return: {}, receives: {Message: {day: d}}}}
    expect: {outputIncludes: {ResultWriterDetails: {Bucket: out}}, calls: {One: 4, Every row: 1}, elapsed: 2m, path: [Every row]}
  - name: one failure is tolerated
    mocks: {One: {evaluate: '$input.Message.row.n = "3" ? $error("BadRow: three") : {}'}}
    input: {day: d}
    expect: {status: SUCCEEDED}
  - name: an item reader that fails
    input: {day: d}
    mocks: {Every row: {throw: {error: States.ItemReaderFailed, cause: no such key}}}
    expect: {error: States.ItemReaderFailed, cause: no such key, calls: {One: 0}}
  - name: too many failures
    input: {day: d}
    mocks: {One: {throw: Down}}
    expect: {error: States.ExceedToleratedFailureThreshold}
`, `
stateMachine: express
tests:
  - name: batches
    input: [1, 2, 3]
    mocks: {Two: {evaluate: $sum($input.Message)}}
    expect: {output: [3, 3], calls: {Two: 2}}
  - name: a batch fails
    input: [1, 2, 3]
    mocks: {Two: {throw: Down}}
    expect: {error: States.ExceedToleratedFailureThreshold}
`, `
stateMachine: parent
stateMachines: {year: year}
tests:
  - name: a child runs for a year
    expect: {output: {a: 1}, elapsed: 8760h, path: [Child]}
  - name: a child that is mocked
    mocks: {Child: {return: {Output: 1}}}
    expect: {output: 1, elapsed: 0s}
`} {
		for name, faults := range results(t, &runner, text) {
			if faults != "" {
				t.Errorf("%s: %s", name, faults)
			}
		}
	}
}

func TestTestsThatFail(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"stateMachine: pay\ntests: [{name: t}]", `state Pay called arn:aws:states:::lambda:invoke with {"FunctionName":"pay","Payload":{}}, and there is no mock for it`},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: [{throw: Busy}]}}]", "state Pay was invoked twice, and its mock has no reply for that"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}, receives: {Payload: {id: 1}}}}}]", "invocation 1 of state Pay: the payload.Payload.id: missing, want 1"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {throw: Gone}}}]", "status: got FAILED Failed: Gone, want SUCCEEDED"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}}}, expect: {output: {n: '1', m: 2}}}]", "output.n: got 1, want \"1\"\noutput.m: missing, want 2"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: [1, 2]}}}, expect: {output: {n: [1]}}}]", "output.n: got 2 items, want 1: [1,2]"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}}}, expect: {output: {}}}]", "output.n: got 1, but it is not expected"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}}}, expect: {path: [Pay, Caught, ...]}}]", "path: got  Pay → Done\n      want Pay → Caught → …"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}}}, expect: {variables: {paid: 2, other: 1}, calls: {Pay: 2}, elapsed: 1s}}]", "variable $paid: got 1, want 2"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}}}, expect: {variables: {other: 1}}}]", "variable $other: it was never assigned, want 1"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}}}, expect: {calls: {Pay: 2}}}]", "calls of Pay: got 1, want 2"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {payload: {n: 1}, after: 2s}}, expect: {elapsed: {atLeast: 3s}}}]", "elapsed: got 2s, want at least 3s"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {throw: Gone}}, expect: {error: Other, cause: c, causeIncludes: d}}]", "error: got \"Failed\", want \"Other\"\ncause: got \"Gone\", want \"c\"\ncause: got \"Gone\", which lacks \"d\""},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {evaluate: '1 + \"a\"'}}}]", "the mock of state Pay cannot be evaluated: T2002"},
		{"stateMachine: pay\ntests: [{name: t, mocks: {Pay: {evaluate: 'nothing'}}}]", "the mock of state Pay evaluates to nothing"},
		{"stateMachine: approval\ntests: [{name: t, mocks: {Ask: {silent: true}}}]", "status: got RUNNING, want SUCCEEDED\nthe execution waits for ever, for the tasks of Ask: their mocks do not answer, and there is no timeout"},
		{"stateMachine: loop\ntests: [{name: t}]", "status: got FAILED States.Runtime: The execution reached the maximum number of history events (1000)."},
		{"stateMachine: batch\ntests: [{name: t, input: {day: d}}]", "state Every row reads items, and neither is there a mock for it"},
		{"stateMachine: parent\ntests: [{name: t}]", "state Child called arn:aws:states:::states:startExecution.sync:2"},
	} {
		if got := results(t, &runner, test.text)["t"]; !strings.Contains(got, test.want) {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// TestATestEnds: also where the execution has no limit and never does.
func TestATestEnds(t *testing.T) {
	got := results(t, &testrun.Runner{}, "stateMachine: approval\ntests: [{name: t, mocks: {Ask: {silent: true, heartbeat: 1s}}}]")["t"]
	if !strings.Contains(got, "the test was given up after 1000000 steps") {
		t.Errorf("got %s", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	suite, err := testrun.Parse("a", []byte("stateMachine: loop\ntests: [{name: t}]"), find)
	if err != nil {
		t.Fatal(err)
	}
	if r := (&testrun.Runner{}).Run(ctx, suite)[0]; !strings.Contains(strings.Join(r.Faults, "\n"), "the test was interrupted") {
		t.Errorf("got %v", r.Faults)
	}
}

func TestFaultsOfAFile(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a: [", "a.test.yaml: the test file is neither JSON nor YAML"},
		{"[]", "the file is an array; it must be an object"},
		{"tests: []", "the file has no stateMachine"},
		{"stateMachine: none\ntests: []", "a.test.yaml:1: stateMachine cannot be used: there is none"},
		{"stateMachine: pay", "the file has no tests"},
		{"stateMachine: pay\nmock: {}\ntests: []", "a.test.yaml:2: mock is not known; there are stateMachine, type,"},
		{"stateMachine: bad\ntests: []", "bad.asl:3: MISSING_TRANSITION_TARGET"},
		{"stateMachine: pay\ntype: FAST\ntests: []", `type is "FAST"; it must be STANDARD or EXPRESS`},
		{"stateMachine: pay\ntests:\n  - input: {}", "a.test.yaml:3: tests[0] has no name"},
		{"stateMachine: pay\ntests:\n  - name: a\n  - name: a", `a.test.yaml:4: tests[1] has the name "a", which another test of the file has`},
		{"stateMachine: pay\ntests:\n  - name: a\n    mocks:\n      Pya: {return: 1}", `a.test.yaml:5: tests[0].mocks.Pya is for "Pya", but no state machine of this file has a Task state of that name`},
		{"stateMachine: pay\ntests: [{name: a, mocks: {Done: {return: 1}}}]", "no state machine of this file has a Task state of that name"},
		{"stateMachine: pay\ntests: [{name: a, mocks: {Pay: {return: 1, throw: E}}}]", "tests[0].mocks.Pay must have one of return, payload, throw, evaluate, items and silent"},
		{"stateMachine: pay\ntests: [{name: a, mocks: {Pay: [{return: 1, times: 0}]}}]", "tests[0].mocks.Pay[0].times is 0; it must be a whole number of at least 1"},
		{"stateMachine: pay\ntests: [{name: a, mocks: {Pay: [{return: 1, after: soon}]}}]", `mocks.Pay[0].after is not right: "soon" is not a duration`},
		{"stateMachine: pay\ntests: [{name: a, mocks: {Pay: {throw: {cause: c}}}}]", "mocks.Pay.throw has no error"},
		{"stateMachine: pay\ntests: [{name: a, mocks: {Pay: {evaluate: '1 +'}}}]", "mocks.Pay.evaluate is not JSONata"},
		{"stateMachine: batch\nbuckets: {in: nowhere}\ntests: []", "a.test.yaml:2: buckets.in is nowhere, which is no folder"},
		{"stateMachine: pay\ntests: [{name: a, start: today}]", "tests[0].start is not a time"},
		{"stateMachine: pay\ntests: [{name: a, inputFile: none.json}]", "tests[0].inputFile cannot be used"},
		{"stateMachine: pay\ntests: [{name: a, mockConfig: none.json}]", "tests[0].mockConfig names no test case; write FILE#CASE"},
		{"stateMachine: pay\ntests: [{name: a, mockConfig: 'none.json#A'}]", "tests[0].mockConfig cannot be used"},
		{"stateMachine: pay\ntests: [{name: a, expect: {status: DONE}}]", `tests[0].expect.status is "DONE"; it must be one of SUCCEEDED, FAILED, TIMED_OUT, RUNNING`},
		{"stateMachine: pay\ntests: [{name: a, expect: {path: [Pay, Dne]}}]", `tests[0].expect.path[1] is "Dne", but pay has no state of that name`},
		{"stateMachine: pay\ntests: [{name: a, expect: {calls: {Pay: -1}}}]", "tests[0].expect.calls.Pay is -1; it must be a whole number of at least 0"},
		{"stateMachine: pay\ntests: [{name: a, expect: {elapsed: {atMost: 1s, least: 2s}}}]", "tests[0].expect.elapsed.least is not known; there are atLeast, atMost"},
	} {
		_, err := testrun.Parse("a.test.yaml", []byte(test.text), find)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\n got %v\nwant %s", test.text, err, test.want)
		}
	}
}

func TestAMockConfigurationIsTheMocksOfATest(t *testing.T) {
	folder := t.TempDir()
	config := filepath.Join(folder, "mocks.json")
	if err := os.WriteFile(config, []byte(`{"StateMachines": {"pay": {"TestCases": {"Busy": {"Pay": "R", "NoSuchState": "R"}}}},
		"MockedResponses": {"R": {"0": {"Throw": {"Error": "Busy"}}, "1-2": {"Return": {"Payload": {"n": 5}}}}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	got := results(t, &runner, `
stateMachine: pay
mocks: {Pay: {throw: Gone}}
tests:
  - {name: case, mockConfig: "`+config+`#Busy", expect: {output: {n: 5}, calls: {Pay: 2}}}
  - {name: machine and case, mockConfig: "`+config+`#pay/Busy", expect: {output: {n: 5}}}
  - {name: written out, mockConfig: "`+config+`#Busy", mocks: {Pay: {payload: {n: 6}}}, expect: {output: {n: 6}}}
  - {name: neither, expect: {error: Failed, cause: Gone}}
`)
	for name, faults := range got {
		if faults != "" {
			t.Errorf("%s: %s", name, faults)
		}
	}
	if len(got) != 4 {
		t.Errorf("%d tests were run", len(got))
	}
}

// TestItemsComeFromBuckets: a folder stands for a bucket, and there is no other.
func TestItemsComeFromBuckets(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "rows.csv"), []byte("n\n1\n2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for bucket, want := range map[string]string{
		"in":    "expect: {calls: {One: 2}}",
		"other": "expect: {error: States.ItemReaderFailed}",
	} {
		got := results(t, &runner, "stateMachine: batch\nbuckets: {"+bucket+": "+folder+"}\ntests:\n  - {name: t, input: {day: d}, mocks: {One: {return: {}}}, "+want+"}\n")["t"]
		if got != "" {
			t.Errorf("%s: %s", bucket, got)
		}
	}
}

func TestTasksWithoutAMockCanBeCalled(t *testing.T) {
	r := runner
	r.Real = map[string]connector.Connector{"lambda": connector.Func(func(_ context.Context, call *connector.Call) ([]byte, error) {
		if strings.Contains(string(call.Payload), "fail") {
			return nil, errors.New("out of order")
		}
		return []byte(`{"Payload": {"n": 9}}`), nil
	})}
	for name, faults := range results(t, &r, `
stateMachine: pay
tests:
  - {name: answers, expect: {output: {n: 9}}}
  - {name: fails, input: fail, expect: {error: Failed, cause: States.TaskFailed}}
  - {name: mocked, mocks: {Pay: {payload: {n: 1}}}, expect: {output: {n: 1}}}
`) {
		if faults != "" {
			t.Errorf("%s: %s", name, faults)
		}
	}
}

func TestWhichTestsAreRun(t *testing.T) {
	r := runner
	r.Only = regexp.MustCompile(`yaml/(one|two)$`)
	suite, err := testrun.Parse("a.test.yaml", []byte("stateMachine: year\ntests: [{name: two, skip: later}, {name: three}, {name: one}]"), find)
	if err != nil {
		t.Fatal(err)
	}
	all := r.Run(t.Context(), suite)
	if len(all) != 2 || all[0].Name() != "a.test.yaml/two" || !all[0].Skipped || all[1].Test.Name != "one" || all[1].Failed() {
		t.Errorf("got %+v", all)
	}
}

func TestCoverage(t *testing.T) {
	suite, err := testrun.Parse("a", []byte("stateMachine: pay\ntests: [{name: t, mocks: {Pay: {throw: E}}}]"), find)
	if err != nil {
		t.Fatal(err)
	}
	var c testrun.Coverage
	for _, r := range runner.Run(t.Context(), suite) {
		c.Add(r)
	}
	if states, missed := c.Of(suite.Machine); states != 4 || strings.Join(missed, " ") != "Done" {
		t.Errorf("%d states, missed %q", states, missed)
	}
}

// FuzzParse: whatever a test file says, it is read or refused, and its tests end.
func FuzzParse(f *testing.F) {
	f.Add([]byte("stateMachine: pay\nmocks: {Pay: {payload: {n: 1}}}\ntests:\n  - name: a\n    expect: {output: {n: 1}, path: [...], elapsed: {atLeast: 1s}}"))
	f.Add([]byte(`{"stateMachine": "parent", "stateMachines": {"year": "year", "x": 1}, "tests": [{"name": "a", "input": 1e400, "seed": 7}, null, []]}`))
	f.Add([]byte("stateMachine: each\ntests: [{name: b, input: [1], mocks: {One: [{throw: E, times: forever}, {silent: true}]}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		suite, err := testrun.Parse("fuzz", text, find)
		if err == nil {
			runner.Run(t.Context(), suite)
		}
	})
}
