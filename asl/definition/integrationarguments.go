package definition

import "github.com/fermata-dev/fermata/expr/value"

// requiredArguments are the members that AWS asks for when a state machine is
// created, by the service and action of an optimised integration.
var requiredArguments = map[string][]string{
	"lambda:invoke":         {"FunctionName"},
	"sqs:sendMessage":       {"QueueUrl", "MessageBody"},
	"sns:publish":           {"Message"},
	"dynamodb:getItem":      {"TableName", "Key"},
	"dynamodb:putItem":      {"TableName", "Item"},
	"dynamodb:updateItem":   {"TableName", "Key"},
	"dynamodb:deleteItem":   {"TableName", "Key"},
	"states:startExecution": {"StateMachineArn"},
	"events:putEvents":      {"Entries"},
	"ecs:runTask":           {"TaskDefinition"},
	"glue:startJobRun":      {"JobName"},
}

// integrationArguments checks what a service integration is given. That an
// optimised one is given nothing at all is a warning: AWS refuses it, but
// definitions that are run against mocks leave out Parameters.
func (f fields) integrationArguments(r Resource) {
	if !r.isIntegration() {
		return
	}
	name := f.argumentsField()
	v, given := f.object.Get(name)
	if !given {
		f.noArguments(r, name+" field is required for resource ARN: "+r.ARN)
		return
	}
	arguments, ok := v.(*value.Object)
	if !ok || isPlaceholder(v) {
		return // computed as a whole
	}
	at := f.at.field(name)
	if !r.AWSSDK {
		f.requireArguments(requiredArguments[r.Service+":"+r.Action], arguments, at)
	}
	f.checkAPI(r, arguments, at)
}

func (f fields) noArguments(r Resource, message string) {
	at := f.at.field("Resource")
	if r.AWSSDK {
		f.refuseLater(at, message, "an empty object will do for an operation that takes nothing")
		return
	}
	f.warn(MissingArguments, at, message, "AWS refuses the definition")
}

// requireArguments reports members that are neither there nor computed.
func (f fields) requireArguments(names []string, arguments *value.Object, at place) {
	for _, member := range names {
		_, constant := arguments.Get(member)
		_, computed := arguments.Get(member + ".$")
		if !constant && !(computed && f.lang == JSONPath) {
			f.refuseLater(at, "The field '"+member+"' is required but was missing", "add it, or compute it")
		}
	}
}
