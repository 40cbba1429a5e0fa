package asl

import (
	"fmt"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/interpreter"
)

// resource is what the frame's Task state is about.
func resource(f *frame) *definition.Resource {
	return &f.state.Kind.(*definition.Task).Resource
}

// schedule schedules the task of a Task state.
func (t *turn) schedule(v *visit, task *definition.Task) {
	f := v.frame
	if err := t.checkQueue(f, task); err != nil {
		t.fail(f, err)
		return
	}
	out := fact{kind: factScheduled, frame: f.id}
	v.task = t.run.lastTask + 1
	var err *failure
	if out.timeout, err = t.bound(v, "TimeoutSeconds", task.TimeoutSeconds); err != nil {
		t.fail(f, err)
		return
	}
	if out.beat, err = t.bound(v, "HeartbeatSeconds", task.HeartbeatSeconds); err != nil {
		t.fail(f, err)
		return
	}
	role, err := v.text(task.RoleARN)
	if err != nil {
		t.fail(f, err)
		return
	}
	if role != nil {
		out.text = *role
	}
	payload, err := v.arguments()
	if err == nil && t.exceeds(payload) {
		err = tooLarge(f.state.Name)
	}
	if err == nil {
		err = f.checkArguments(payload)
	}
	if err != nil {
		t.fail(f, err)
		return
	}
	out.value = f.refer(payload)
	t.append(&out)
	if f.job != nil {
		t.out.Effects = append(t.out.Effects, interpreter.Invoke{Task: &f.job.task})
	}
}

// checkQueue refuses an activity that does not exist.
func (t *turn) checkQueue(f *frame, task *definition.Task) *failure {
	if task.Resource.Family != definition.FamilyActivity || t.env.QueueExists == nil ||
		t.env.QueueExists(task.Resource.ARN) {
		return nil
	}
	return f.runtime("The activity %s does not exist.", task.Resource.ARN)
}

// bound is a timeout in seconds, 0 for none. JSONata may give 0 for none, too.
func (t *turn) bound(v *visit, field string, template definition.Template) (uint64, *failure) {
	if template == nil {
		return 0, nil
	}
	n, err := v.flow.number(v, field, template)
	_, byJSONata := template.(*definition.JSONataExpr)
	switch {
	case err != nil:
		return 0, err
	case n < 0, n == 0 && !byJSONata, n > noTimeout && byJSONata:
		return 0, v.outOfRange(template,
			fmt.Sprintf("The %sPath field refers to value \"%d\" which is not a positive integer", field, n),
			fmt.Sprintf("%s must be between 0 and %d but was: %d", field, noTimeout, n))
	case n >= noTimeout:
		return 0, nil
	}
	return uint64(n), nil
}

// hasTask says whether the frame is in a state whose work is a task.
func hasTask(f *frame) bool {
	_, isTask := f.state.Kind.(*definition.Task)
	_, isMapRun := distributed(f)
	return isTask || isMapRun
}
