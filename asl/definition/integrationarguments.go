package definition

import "github.com/fermata-dev/fermata/expr/value"

// requiredArguments are the members that AWS asks for when a state machine is
// created, by the service and action of an optimised integration. AWS finds
// all else that is wrong with arguments only when the task runs.
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

const refusedByAWS = "AWS refuses the definition"

// integrationArguments warns of a service integration that is given nothing, or
// not what it needs. AWS refuses it; here it can be run against a mock.
func (f fields) integrationArguments(r Resource) {
	if !r.isIntegration() {
		return
	}
	name := f.argumentsField()
	v, given := f.object.Get(name)
	if !given {
		f.warn(MissingArguments, f.at.field("Resource"), name+" field is required for resource ARN: "+r.ARN, refusedByAWS)
		return
	}
	arguments, ok := v.(*value.Object)
	if !ok || r.AWSSDK {
		return
	}
	for _, member := range requiredArguments[r.Service+":"+r.Action] {
		_, constant := arguments.Get(member)
		_, computed := arguments.Get(member + ".$")
		if !constant && !(computed && f.lang == JSONPath) {
			f.warn(MissingArguments, f.at.field(name), "The field '"+member+"' is required but was missing", refusedByAWS)
		}
	}
}
