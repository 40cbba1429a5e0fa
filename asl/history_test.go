package asl

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

// TestEventDetails: members, their order, and which of them are data.
func TestEventDetails(t *testing.T) {
	w := newWorld(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
		"Parameters":{"q":1},"TimeoutSeconds":60,"HeartbeatSeconds":30,"Assign":{"v":[1, 2]},
		"Credentials":{"RoleArn":"arn:aws:iam::222222222222:role/r"},"End":true}}}`)
	w.answer = func(w *world, task *interpreter.Task) {
		w.after(time.Second, interpreter.TaskSubmitted{ID: task.ID, Output: []byte(`{"id":1}`)})
		w.after(2*time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`"r"`)})
	}
	w.start(`{"i": 1}`)
	want := []string{
		`executionStartedEventDetails input*="{\"i\": 1}" inputDetails*={truncated=false} roleArn="arn:aws:iam::111111111111:role/role"`,
		`stateEnteredEventDetails name="T" input*="{\"i\": 1}" inputDetails*={truncated=false}`,
		`taskScheduledEventDetails resourceType="sqs" resource="sendMessage.waitForTaskToken" region="us-east-1" parameters*="{\"q\":1}" timeoutInSeconds=60 heartbeatInSeconds=30 taskCredentials={roleArn="arn:aws:iam::222222222222:role/r"}`,
		`taskStartedEventDetails resourceType="sqs" resource="sendMessage.waitForTaskToken"`,
		`taskSubmittedEventDetails resourceType="sqs" resource="sendMessage.waitForTaskToken" output*="{\"id\":1}" outputDetails*={truncated=false}`,
		`taskSucceededEventDetails resourceType="sqs" resource="sendMessage.waitForTaskToken" output*="\"r\"" outputDetails*={truncated=false}`,
		`stateExitedEventDetails name="T" output*="\"r\"" outputDetails*={truncated=false} assignedVariables*={v="[1,2]"} assignedVariablesDetails*={truncated=false}`,
		`executionSucceededEventDetails output*="\"r\"" outputDetails*={truncated=false}`,
	}
	events := w.history()
	if len(events) != len(want) {
		t.Fatalf("%d events, want %d", len(events), len(want))
	}
	for i, e := range events {
		if got := e.Name + " " + showDetails(e.Details); got != want[i] {
			t.Errorf("event %d (%s)\n got %s\nwant %s", i+1, e.Type, got, want[i])
		}
	}
	if !events[4].Time.Equal(epoch.Add(time.Second)) {
		t.Errorf("the submission is shown at %v", events[4].Time)
	}
	if v, ok := events[2].Detail("timeoutInSeconds"); !ok || v != int64(60) {
		t.Errorf("Detail gives %v", v)
	}
}

func showDetails(details []Detail) string {
	var parts []string
	for _, d := range details {
		name := d.Name
		if d.Data {
			name += "*"
		}
		if inner, ok := d.Value.([]Detail); ok {
			parts = append(parts, name+"={"+showDetails(inner)+"}")
			continue
		}
		text, _ := json.Marshal(d.Value)
		parts = append(parts, name+"="+string(text))
	}
	return strings.Join(parts, " ")
}

// TestPlayerStops: no event after yield has answered false.
func TestPlayerStops(t *testing.T) {
	w := newWorld(t, machine(`{"Type":"Pass","End":true}`))
	w.start(`{}`)
	seen := 0
	player := Replay(w.program, w.info, func(*Event) bool { seen++; return seen < 2 })
	for i, fact := range w.facts {
		if err := player.Apply(fact, w.times[i]); err != nil {
			t.Fatal(err)
		}
	}
	if seen != 2 || !player.Stopped() {
		t.Errorf("%d events were shown, stopped %v", seen, player.Stopped())
	}
	if status := player.Run().Result().Status; status != interpreter.Succeeded {
		t.Errorf("the folded run is %v", status)
	}
}

// TestDamagedLogs: what Decide never writes is refused with an error.
func TestDamagedLogs(t *testing.T) {
	w := newWorld(t, machine(`{"Type":"Pass","End":true}`))
	w.start(`{}`)
	for name, facts := range map[string][][]byte{
		"nothing":           {{}},
		"an unknown kind":   {{99}},
		"a newer version":   {{byte(factStarted), formatVersion + 1, byte(tagInline), 2, '{', '}', 0}},
		"no start":          {w.facts[1]},
		"a start twice":     {w.facts[0], w.facts[0]},
		"an order":          {w.facts[0], w.facts[2]},
		"a rest":            {append(append([]byte{}, w.facts[0]...), 0)},
		"a frame":           {w.facts[0], {byte(factEntered), 7}},
		"a state":           {w.facts[0], w.facts[1], {byte(factExited), 0, 0, 0, 9}},
		"after the end":     {w.facts[0], w.facts[1], w.facts[2], w.facts[1]},
		"a cut off payload": {{byte(factStarted), 1, byte(tagInline), 9, '{', '}'}},
	} {
		run := w.program.New(w.info)
		var err error
		for _, fact := range facts {
			if err = run.Apply(fact, epoch); err != nil {
				break
			}
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, snapshot := range map[string][]byte{
		"nothing": {}, "another version": {9}, "cut off": w.run.Snapshot(nil)[:20], "a rest": append(w.run.Snapshot(nil), 0),
	} {
		if _, err := w.program.Restore(w.info, snapshot); err == nil {
			t.Errorf("snapshot, %s: no error", name)
		}
	}
}

// TestSnapshotIsTheCallersAgain: a restored run does not look at the bytes.
func TestSnapshotIsTheCallersAgain(t *testing.T) {
	w := newWorld(t, machine(`{"Type":"Task","Resource":`+function+`,"End":true}`))
	w.decide(interpreter.Start{Input: document(`{"a":1}`)})
	snapshot := w.run.Snapshot(nil)
	run, err := w.program.Restore(w.info, snapshot)
	if err != nil {
		t.Fatal(err)
	}
	clear(snapshot)
	task, phase := run.Task(1)
	if string(task.Payload) != `{"a":1}` || phase != interpreter.Scheduled {
		t.Errorf("the task is %+v in phase %v", task, phase)
	}
}
