package definition_test

import (
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

func task(resource string) string { return end(`"Type": "Task", "Resource": "` + resource + `"`) }

// computed is a task whose arguments nobody can know.
func computed(resource string) string {
	return end(`"Type": "Task", "Resource": "` + resource + `", "QueryLanguage": "JSONata", "Arguments": "{% $states.input %}"`)
}

func TestResources(t *testing.T) {
	tests := []struct {
		arn  string
		want definition.Resource
	}{
		{"arn:aws:lambda:us-east-1:123456789012:function:f:prod", definition.Resource{
			Family: definition.FamilyLambda, Service: "lambda", Action: "function", Name: "f:prod", Region: "us-east-1", Account: "123456789012"}},
		{"arn:aws:states:eu-west-1:123456789012:activity:a", definition.Resource{
			Family: definition.FamilyActivity, Service: "states", Action: "activity", Name: "a", Region: "eu-west-1", Account: "123456789012"}},
		{"arn:aws:states:::lambda:invoke", definition.Resource{Service: "lambda", Action: "invoke"}},
		{"arn:aws-cn:states:::lambda:invoke.waitForTaskToken", definition.Resource{
			Service: "lambda", Action: "invoke", Pattern: definition.WaitForTaskToken}},
		{"arn:aws:states:::states:startExecution.sync", definition.Resource{Service: "states", Action: "startExecution", Pattern: definition.Sync}},
		{"arn:aws:states:::states:startExecution.sync:2", definition.Resource{Service: "states", Action: "startExecution", Pattern: definition.Sync2}},
		{"arn:aws:states:us-east-1:1:aws-sdk:s3:getObject", definition.Resource{
			Service: "s3", Action: "getObject", AWSSDK: true, Region: "us-east-1", Account: "1"}},
		{"arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken", definition.Resource{
			Service: "sfn", Action: "startExecution", AWSSDK: true, Pattern: definition.WaitForTaskToken}},
		{"arn:aws:swf:us-east-1:1:task:x", definition.Resource{Service: "swf", Action: "task:x", Region: "us-east-1", Account: "1"}},
	}
	for _, c := range tests {
		t.Run(c.arn, func(t *testing.T) {
			c.want.ARN = c.arn
			m := mustParse(t, computed(c.arn), everything)
			if got := m.Root.Start.Kind.(*definition.Task).Resource; got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestNoResources(t *testing.T) {
	for _, arn := range []string{
		"", "f", "foo:bar", "${Function}", "arn:aws:lambda:r:1:function:", "arn:aws:lambda:r:1:layer:l", "arn:aws:states",
	} {
		t.Run(arn, func(t *testing.T) {
			faults{{"arn", task(arn), []string{"Value is not a valid resource ARN at /States/A/Resource"}}}.run(t, everything, definition.Error)
		})
	}
}

func TestUnrecognisedResources(t *testing.T) {
	for _, arn := range []string{
		"arn:aws:states:::dynamodb:query", "arn:aws:states:::lambda:invoke.sync", "arn:aws:states:::glue:startJobRun.waitForTaskToken",
		"arn:aws:states:::ecs:runTask.sync:2", "arn:aws:states:::s3:getObject",
		"arn:aws:states:::nosuch:thing", "arn:aws:states:::aws-sdk:s3:getObject.sync", "arn:aws:states:::aws-sdk:S3:getObject",
		"arn:aws:states:::aws-sdk:s3:GetObject", "arn:aws:states:::aws-sdk:s3", "arn:aws:states:::lambda", "arn::states:::lambda:invoke",
		"arn:aws:states:r:1:activity:", "arn:aws:states:::",
	} {
		t.Run(arn, func(t *testing.T) {
			faults{{"arn", task(arn), []string{"The resource provided " + arn + " is not recognized. The value is not a valid resource ARN, " +
				"or the resource is not available in this region. at /States/A/Resource"}}}.run(t, everything, definition.Error)
		})
	}
}

func TestServicesAreOptions(t *testing.T) {
	always := []string{"arn:aws:lambda:r:1:function:f", "arn:aws:states:r:1:activity:a", "arn:aws:states:::lambda:invoke",
		"arn:aws:states:::http:invoke", "arn:aws:states:::states:startExecution.sync:2"}
	for _, arn := range always {
		mustParse(t, computed(arn), definition.Options{JSONata: true})
	}
	const sdk = "arn:aws:states:::aws-sdk:lambda:invoke"
	faults{
		{"always there", computed("arn:aws:states:::lambda:invoke"), nil},
		{"service", computed("arn:aws:states:::sqs:sendMessage.waitForTaskToken"), []string{
			"NO_CONNECTOR: There is no connector for the service integration 'sqs:sendMessage.waitForTaskToken' at /States/A/Resource"}},
		{"SDK", computed(sdk), []string{"NO_CONNECTOR: There is no connector for the service integration 'aws-sdk:lambda:invoke' at /States/A/Resource"}},
	}.run(t, definition.Options{JSONata: true}, definition.Warning)
	faults{{"connected", computed(sdk), nil}}.run(t, definition.Options{JSONata: true, Services: func(service, action string) bool {
		return service == "aws-sdk:lambda" && action == "invoke"
	}}, definition.Warning)
}

func TestExpress(t *testing.T) {
	const at = " at /States/A/Resource"
	inDistributed := func(kind, arn string) string {
		return end(`"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "` + kind + `"},
			"StartAt": "T", "States": {"T": {"Type": "Task", "End": true, "Resource": "` + arn + `"}}}`)
	}
	express := everything
	express.Express = true
	faults{
		{"activity", task("arn:aws:states:r:1:activity:a"), []string{"Express state machine does not support Activity ARN" + at}},
		{"token", task("arn:aws:states:::sns:publish.waitForTaskToken"),
			[]string{"Express state machine does not support '.waitForTaskToken' service integration " + at}},
		{"sync", task("arn:aws:states:::states:startExecution.sync"),
			[]string{"Express state machine does not support '.sync' service integration" + at}},
		{"distributed Map", inDistributed("STANDARD", "arn:aws:states:::lambda:invoke"), []string{
			"The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines at /States/A/ItemProcessor/ProcessorConfig/Mode"}},
		{"fine", task("arn:aws:states:::sns:publish"), nil},
	}.run(t, express, definition.Error)
	faults{
		{"express children", inDistributed("EXPRESS", "arn:aws:states:::states:startExecution.sync"), []string{
			"Express state machine does not support '.sync' service integration at /States/A/ItemProcessor/States/T/Resource"}},
		{"standard children", inDistributed("STANDARD", "arn:aws:states:::states:startExecution.sync"), nil},
	}.run(t, everything, definition.Error)
}
