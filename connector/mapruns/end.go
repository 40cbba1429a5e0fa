package mapruns

import (
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// Ends says whether the end of a run is told in one of the forms of this package.
func Ends(form string) bool { return strings.HasPrefix(form, "map.") }

const succeeded = "SUCCEEDED"

// Abandoned is the cause with which a Standard child is aborted because its map run
// has failed or was stopped.
func Abandoned(mapRun string) string {
	return "The map run execution [" + mapRun + "] which was managing this resource was aborted"
}

// Result says how the end of a map run reads to the state that waits for it, and
// that of a child to its map run.
func Result(end connector.ChildEnd) connector.ChildResult {
	if end.Form == endOfRun {
		return ofRun(end)
	}
	const around = 640 // bytes of a description beside input and output, of which some have to be escaped
	room := around + (len(end.Input)+len(end.Output))*5/4
	return connector.ChildResult{Output: value.Append(make([]byte, 0, room), describe(&end, strings.HasSuffix(end.Form, record)))}
}

func ofRun(end connector.ChildEnd) connector.ChildResult {
	if end.Status == succeeded {
		return connector.ChildResult{Output: end.Output}
	}
	failure := &connector.Error{NoName: end.Error == nil, NoCause: end.Cause == nil}
	if end.Error != nil {
		failure.Name = *end.Error
	}
	if end.Cause != nil {
		failure.Cause = *end.Cause
	}
	return connector.ChildResult{Err: failure}
}

// describe gives the members of a child's record (reference 11), or only those
// that a map run without records needs.
func describe(end *connector.ChildEnd, whole bool) *value.Object {
	o := value.NewObject(16)
	o.Set("Status", end.Status)
	if end.Error != nil {
		o.Set("Error", *end.Error)
	}
	if end.Cause != nil {
		o.Set("Cause", *end.Cause)
	}
	if !whole {
		if end.Output != nil {
			o.Set("Output", value.Text(end.Output).Value())
		}
		return o
	}
	o.Set("ExecutionArn", end.ExecutionARN)
	if end.Input != nil {
		o.Set("Input", string(end.Input))
		o.Set("InputDetails", included)
	}
	o.Set("Name", end.Name)
	if end.Output != nil {
		o.Set("Output", string(end.Output))
	}
	o.Set("OutputDetails", included)
	o.Set("RedriveCount", value.IntNumber(int64(end.Redrives)))
	if !end.Redriven.IsZero() {
		o.Set("RedriveDate", instant(end.Redriven))
	}
	redrivable(o, end)
	o.Set("StartDate", instant(end.Started))
	o.Set("StateMachineArn", end.MachineARN)
	o.Set("StopDate", instant(end.Closed))
	return o
}

// included says of an input or output that it is there.
var included = func() *value.Object {
	o := value.NewObject(1)
	o.Set("Included", true)
	return o
}()

func redrivable(o *value.Object, end *connector.ChildEnd) {
	if strings.Contains(end.ExecutionARN, ":express:") {
		return // it is begun anew whenever the map run is redriven
	}
	reason := end.NotRedrivable
	if end.Status == succeeded {
		reason = "Execution is SUCCEEDED and cannot be redriven"
	}
	if reason == "" {
		o.Set("RedriveStatus", "REDRIVABLE_BY_MAP_RUN")
		return
	}
	o.Set("RedriveStatus", "NOT_REDRIVABLE")
	o.Set("RedriveStatusReason", reason)
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
