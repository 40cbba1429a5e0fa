package asl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// What optimised integrations take is looked at before a task is scheduled: a
// state whose arguments make no call fails, and no event tells of a task.

// format says whether a member of the arguments can be used.
type format func(v any) bool

// taken are the members that integrations take, by service and action.
var taken = map[string]map[string]format{
	"lambda:invoke": {
		"FunctionName": isText, "Payload": isAnything, "Qualifier": isText, "ClientContext": isText,
		"InvocationType": isOneOf("", "RequestResponse", "Event", "DryRun"), "LogType": isOneOf("", "None", "Tail"),
	},
	"states:startExecution": {
		"StateMachineArn": isText, "Input": isAnything, "Name": isText, "TraceHeader": isText,
	},
	"http:invoke": {
		"ApiEndpoint": isText, "Method": isText, "Headers": isObject, "QueryParameters": isObject, "RequestBody": isAnything,
		"Authentication": isObject, "InvocationConfig": isObject, "Transform": isObject,
	},
	"apigateway:invoke": {
		"ApiEndpoint": isText, "Method": isText, "Headers": hasLists, "Stage": isText, "Path": isText, "QueryParameters": hasLists,
		"RequestBody": isAnything, "AllowNullValues": isAnything, "AuthType": isText,
	},
}

// needed are the members without which there is no call.
var needed = map[string][]string{
	"lambda:invoke":         {"FunctionName"},
	"states:startExecution": {"StateMachineArn"},
	"http:invoke":           {"ApiEndpoint", "Method"},
	"apigateway:invoke":     {"ApiEndpoint", "Method"},
}

// checkArguments refuses arguments that make no call of the state's integration.
// What is missing from arguments that are written out was refused when the state
// machine was created.
func (f *frame) checkArguments(arguments *value.Document) *failure {
	r, template := resource(f), f.state.Data.Arguments
	members, known := taken[r.Service+":"+r.Action]
	if !known || r.Family != definition.FamilyTask || r.AWSSDK || template == nil {
		return nil
	}
	_, computed := template.(*definition.JSONataExpr)
	var problems []string
	switch object, ok := arguments.Value().(*value.Object); {
	case ok:
		problems = append(unusable(object, members), missing(object, needed[r.Service+":"+r.Action], computed)...)
	case computed:
		problems = []string{"The Parameters must be a JSON object"}
	}
	if len(problems) == 0 {
		return nil
	}
	return f.runtime("The Parameters '%s' could not be used to start the Task: [%s]", arguments.Compact(), strings.Join(problems, ", "))
}

// unusable names the members that the integration does not take, or not so. A
// member that is null counts as absent.
func unusable(arguments *value.Object, members map[string]format) (problems []string) {
	for name, v := range arguments.All() {
		fits, known := members[name]
		switch {
		case !known:
			problems = append(problems, fmt.Sprintf("The field \"%s\" is not supported by Step Functions", name))
		case v != nil && !fits(v):
			problems = append(problems, fmt.Sprintf("The value of the field '%s' has an invalid format", name))
		}
	}
	return problems
}

// missing names the members that are null, and of arguments that are computed those
// that are not there.
func missing(arguments *value.Object, names []string, computed bool) (problems []string) {
	for _, name := range names {
		if v, named := arguments.Get(name); v == nil && (named || computed) {
			problems = append(problems, fmt.Sprintf("The field '%s' is required but was missing", name))
		}
	}
	return problems
}

func isAnything(any) bool { return true }

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

func isObject(v any) bool {
	_, ok := v.(*value.Object)
	return ok
}

func isOneOf(texts ...string) format {
	return func(v any) bool {
		text, ok := v.(string)
		return ok && slices.Contains(texts, text)
	}
}

// hasLists says whether v is an object of which each member is an array.
func hasLists(v any) bool {
	object, ok := v.(*value.Object)
	if !ok {
		return false
	}
	for _, member := range object.All() {
		if _, ok := member.([]any); !ok {
			return false
		}
	}
	return true
}
