package asl

import (
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// The events of a task come in three families (section 15): those of a
// function named by its ARN, those of activities, and those of all other
// integrations, which say with every event which one it is.

// family says how the events of a task's family are called and what they
// always carry.
func family(f *frame) (prefix string, d details) {
	resource := &f.state.Kind.(*definition.Task).Resource
	switch resource.Family {
	case definition.FamilyLambda:
		return "LambdaFunction", nil
	case definition.FamilyActivity:
		return "Activity", nil
	default:
		return "Task", details{}.with("resourceType", resourceType(resource)).with("resource", action(resource))
	}
}

// showTask shows an event of the frame's task.
func (r *Run) showTask(f *frame, what string, d details) {
	prefix, _ := family(f)
	name := ""
	if d != nil {
		name = memberName(prefix + what)
	}
	r.show(prefix+what, f.last(), name, d)
}

func (r *Run) emitScheduled(f *frame) uint64 {
	id := r.count()
	if r.sink == nil {
		return id
	}
	j := f.job
	resource := &f.state.Kind.(*definition.Task).Resource
	_, d := family(f)
	payload := string(j.payload.Text())
	switch resource.Family {
	case definition.FamilyTask:
		d = d.with("region", r.region(resource))
		d = append(d, Detail{Name: "parameters", Value: payload, Data: true})
	default:
		d = d.with("resource", resource.ARN).data("input", payload)
	}
	d = d.seconds("timeoutInSeconds", j.timeout)
	if resource.Family != definition.FamilyLambda {
		d = d.seconds("heartbeatInSeconds", j.beat)
	}
	if j.task.RoleARN != "" {
		d = d.with("taskCredentials", []Detail{{Name: "roleArn", Value: j.task.RoleARN}})
	}
	r.showTask(f, "Scheduled", d)
	return id
}

// region is where a task is done: the resource's region or else the
// execution's own.
func (r *Run) region(resource *definition.Resource) string {
	if resource.Region != "" {
		return resource.Region
	}
	parts := strings.SplitN(r.info.ExecutionARN, ":", 5)
	if len(parts) < 5 {
		return ""
	}
	return parts[3]
}

// emitTaskStarted: only an activity has a worker.
func (r *Run) emitTaskStarted(f *frame, worker string) uint64 {
	id := r.count()
	if r.sink != nil {
		_, d := family(f)
		if worker != "" {
			d = d.with("workerName", worker)
		}
		r.showTask(f, "Started", d)
	}
	return id
}

func (r *Run) emitSubmitted(f *frame, output *value.Document) uint64 {
	id := r.count()
	if r.sink != nil {
		_, d := family(f)
		r.showTask(f, "Submitted", d.data("output", string(output.Text())))
	}
	return id
}

func (r *Run) emitTaskSucceeded(f *frame, output *value.Document) uint64 {
	id := r.count()
	if r.sink != nil {
		_, d := family(f)
		r.showTask(f, "Succeeded", d.data("output", string(output.Text())))
	}
	return id
}

func (r *Run) emitTaskFailed(f *frame, err *failure) uint64 {
	id := r.count()
	if r.sink == nil {
		return id
	}
	what := "Failed"
	switch {
	case err.timedOut():
		what = "TimedOut"
	case err.kind == failedSubmission:
		what = "SubmitFailed"
	}
	_, d := family(f)
	if d = d.failure(err); d == nil {
		d = details{}
	}
	r.showTask(f, what, d)
	return id
}
