package teststate

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// contextFields are what a context object may have, and of which type: "any" for
// all. Members without a type of their own are structures.
var contextFields = map[string]map[string]string{
	"Execution": {
		"Id": "string", "Input": "any", "Name": "string", "RoleArn": "string",
		"StartTime": "string", "RedriveCount": "number", "RedriveTime": "string",
	},
	"State":        {"EnteredTime": "string", "Name": "string", "RetryCount": "number"},
	"StateMachine": {"Id": "string", "Name": "string"},
	"Task":         {"Token": "string"},
}

// contextOf reads the context object of a request, nil for none.
func contextOf(r *Request, state *definition.State) (*value.Object, error) {
	if r.Context == nil {
		return nil, nil
	}
	object, ok := objectOf(*r.Context)
	if !ok {
		return nil, badContext("Context must be a JSON object")
	}
	for name, v := range object.All() {
		if name == "Map" {
			return nil, badContext("'Map' field is not supported when mocking a Context object")
		}
		fields, known := contextFields[name]
		if !known {
			return nil, badContext("Field '" + name + "' is not allowed")
		}
		if name == "Task" && !hasToken(state) {
			return nil, badContext("Context object contains 'Task' when state is not a Task state with a " +
				"'.sync' or '.waitForTaskToken' service integration pattern")
		}
		if err := checkFields(name, v, fields); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func checkFields(name string, v any, fields map[string]string) error {
	object, ok := v.(*value.Object)
	if !ok {
		return badContext(name + " must be an object")
	}
	for field, v := range object.All() {
		want, known := fields[field]
		switch {
		case !known:
			return badContext("Field '" + field + "' is not allowed")
		case want != "any" && want != value.TypeName(v):
			return badContext(name + "." + field + " must be a " + want)
		}
	}
	return nil
}

func badContext(why string) error { return refuse("Invalid Context object provided: " + why) }

// hasToken says whether somebody other than the connector ends the state's task.
func hasToken(state *definition.State) bool {
	task, ok := state.Kind.(*definition.Task)
	return ok && task.Resource.Pattern != definition.RequestResponse
}

// objectOf parses the text of a JSON object.
func objectOf(text string) (*value.Object, bool) {
	v, err := value.Parse([]byte(text))
	object, ok := v.(*value.Object)
	return object, err == nil && ok
}

// retriesOf is how many retries were made: what the configuration says, or else
// the context object.
func retriesOf(r *Request, context *value.Object) int {
	if n := r.Configuration.RetrierRetryCount; n != nil {
		return *n
	}
	if context == nil {
		return 0
	}
	state, _ := context.Get("State")
	object, ok := state.(*value.Object)
	if !ok {
		return 0
	}
	count, _ := object.Get("RetryCount")
	number, _ := count.(value.Number)
	n, _ := number.Int64()
	return int(min(max(n, 0), 1<<30))
}
