package asl

import (
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/interpreter"
)

// resourceType is the integration's name as the history shows it.
func resourceType(r *definition.Resource) string {
	if r.AWSSDK {
		return "aws-sdk:" + r.Service
	}
	return r.Service
}

// action is the operation with the pattern's suffix, as the history shows it.
func action(r *definition.Resource) string { return r.Action + r.Pattern.Suffix() }

// describe fills in the task that a scheduling fact is about.
func (j *job) describe(p *Program, id uint64, state *definition.State, f *fact) {
	t := &j.task
	*t = p.tasks[state.Index]
	t.ID = id
	t.Payload = j.payload.Text()
	t.Timeout = time.Duration(f.timeout) * time.Second
	t.Heartbeat = time.Duration(f.beat) * time.Second
	t.RoleARN = f.text
}

// describe is what all tasks of a state have in common.
func describe(state *definition.State, task *definition.Task) interpreter.Task {
	r := &task.Resource
	t := interpreter.Task{
		Connector: resourceType(r),
		Resource:  r.ARN,
		Action:    r.Action,
		State:     state.Name,
	}
	switch {
	case r.Family == definition.FamilyLambda:
		t.Connector, t.Action = "lambda", "function"
	case r.Family == definition.FamilyActivity:
		t.Connector, t.Action = "activity", ""
		t.Delivery = interpreter.Pull
	case r.Pattern == definition.WaitForTaskToken:
		t.Completion = interpreter.ByToken
	case r.Pattern != definition.RequestResponse:
		t.Action = action(r)
		t.Completion = interpreter.ByJob
	}
	return t
}

// limitName is how the failure of a result that is too large calls the task.
func limitName(r *definition.Resource) string {
	if r.Family == definition.FamilyTask {
		return resourceType(r)
	}
	return r.ARN
}
