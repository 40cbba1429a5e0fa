package states

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// answer is what the task sees of the answer to StartExecution, with the
// metadata that AWS's own client adds.
func answer(s Started, key string) []byte {
	id := uuid("request:" + key)
	date := s.At.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	wire := fmt.Sprintf(`{"executionArn":%s,"startDate":%.3f}`, value.AppendString(nil, s.ExecutionARN), float64(s.At.UnixMilli())/1000)
	headers := []struct{ name, value string }{
		{"x-amzn-RequestId", id},
		{"connection", "keep-alive"},
		{"Content-Length", strconv.Itoa(len(wire))},
		{"Date", date},
		{"Content-Type", "application/x-amz-json-1.0"},
	}
	all, single := value.NewObject(len(headers)), value.NewObject(len(headers))
	for _, h := range headers {
		all.Set(h.name, []any{h.value})
		single.Set(h.name, h.value)
	}
	return value.Append(nil, object(
		"ExecutionArn", s.ExecutionARN,
		"SdkHttpMetadata", object("AllHttpHeaders", all, "HttpHeaders", single, "HttpStatusCode", value.IntNumber(200)),
		"SdkResponseMetadata", object("RequestId", id),
		"StartDate", millis(s.At),
	))
}

// failure names an error of the call, and words its cause the way AWS's client
// for this integration does.
func failure(r *Refusal, key string) *connector.Error {
	name := "StepFunctions." + strings.TrimSuffix(r.Code, "Exception") + "Exception"
	return &connector.Error{
		Name: name,
		Cause: fmt.Sprintf("%s (Service: AWSStepFunctions; Status Code: 400; Error Code: %s; Request ID: %s; Proxy: null)",
			r.Message, r.Code, uuid("request:"+key)),
	}
}

const succeeded = "SUCCEEDED"

// Result says how the end of a child execution reads to the task of its parent:
// it is Config.ChildResult of the engine. The form is "sync" (the input and the
// output of the child are given as text) or "sync:2" (they are given as JSON).
func Result(end connector.ChildEnd) connector.ChildResult {
	description := value.Append(nil, describe(&end))
	if end.Status == succeeded {
		return connector.ChildResult{Output: description}
	}
	return connector.ChildResult{Err: &connector.Error{Name: "States.TaskFailed", Cause: string(description)}}
}

// describe gives the members that the recordings of AWS have, in their order.
func describe(end *connector.ChildEnd) *value.Object {
	included := object("Included", true)
	o := value.NewObject(15)
	if end.Cause != nil {
		o.Set("Cause", *end.Cause)
	}
	if end.Error != nil {
		o.Set("Error", *end.Error)
	}
	o.Set("ExecutionArn", end.ExecutionARN)
	if end.Input != nil {
		o.Set("Input", payload(end.Form, end.Input))
		o.Set("InputDetails", included)
	}
	o.Set("Name", end.Name)
	if end.Output != nil {
		o.Set("Output", payload(end.Form, end.Output))
		o.Set("OutputDetails", included)
	}
	if end.Status == succeeded {
		redrive(o, end.Status)
	}
	o.Set("StartDate", millis(end.Started))
	o.Set("StateMachineArn", end.MachineARN)
	o.Set("Status", end.Status)
	o.Set("StopDate", millis(end.Closed))
	return o
}

// redrive adds what AWS tells of redriving a child that succeeded. The failures
// that were recorded do not have these members.
func redrive(o *value.Object, status string) {
	o.Set("RedriveCount", value.IntNumber(0))
	o.Set("RedriveStatus", "NOT_REDRIVABLE")
	o.Set("RedriveStatusReason", "Execution is "+status+" and cannot be redriven")
}

func payload(form string, text []byte) any {
	if form == "sync:2" {
		return value.Text(text).Value()
	}
	return string(text)
}

func millis(t time.Time) value.Number { return value.IntNumber(t.UnixMilli()) }

// object makes an object of names and values that alternate.
func object(members ...any) *value.Object {
	o := value.NewObject(len(members) / 2)
	for i := 0; i < len(members); i += 2 {
		o.Set(members[i].(string), members[i+1])
	}
	return o
}
