package definition_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// calling is a task with Parameters in JSONPath, or with Arguments in JSONata if
// they have an expression.
func calling(integration, arguments string) string {
	resource := `"Type": "Task", "Resource": "arn:aws:states:::` + integration + `", `
	if strings.Contains(arguments, "{%") {
		return end(resource + `"QueryLanguage": "JSONata", "Arguments": ` + arguments)
	}
	return end(resource + `"Parameters": ` + arguments)
}

const (
	inParameters = " at /States/A/Parameters"
	inArguments  = " at /States/A/Arguments"
)

func unsupported(name string) string {
	return `The field "` + name + `" is not supported by Step Functions`
}

func wanted(name string) string { return "The field '" + name + "' is required but was missing" }

// TestRefusedArguments: AWS refuses members that the operation does not have,
// however deep they are, and asks for those that are required.
func TestRefusedArguments(t *testing.T) {
	const dynamo = `"TableName": "t", "Key": {"id": {"S": "1"}}`
	faults{
		{"SDK", calling("aws-sdk:dynamodb:getItem", `{`+dynamo+`}`), nil},
		{"unknown", calling("aws-sdk:dynamodb:getItem", `{`+dynamo+`, "Keys": {}}`), []string{unsupported("Keys") + inParameters}},
		{"as the API writes it", calling("aws-sdk:sfn:startExecution", `{"stateMachineArn": "m"}`),
			[]string{unsupported("stateMachineArn") + inParameters, wanted("StateMachineArn") + inParameters}},
		{"in a map of structures", calling("aws-sdk:dynamodb:getItem", `{"TableName": "t", "Key": {"id": {"Text": "1"}}}`),
			[]string{unsupported("Text") + inParameters}},
		{"in a list", calling("aws-sdk:sqs:sendMessageBatch", `{"QueueUrl": "q", "Entries": [{"Id": "1", "MessageBody": "b"}, {"Id": "2", "MessageBody": "b", "Body": "c"}]}`),
			[]string{unsupported("Body") + inParameters}},
		{"an operation that takes nothing", calling("aws-sdk:iam:getAccountSummary", `{"Account": "1"}`), []string{unsupported("Account") + inParameters}},
		{"missing", calling("aws-sdk:emrserverless:startJobRun", `{"ApplicationId": "a", "ExecutionRoleArn.$": "$.role"}`),
			[]string{wanted("ClientToken") + inParameters}},
		{"computed is not missing", calling("aws-sdk:dynamodb:getItem", `{"TableName.$": "$.table", "Key.$": "$.key"}`), nil},
		{"no Parameters", task("arn:aws:states:::aws-sdk:s3:listBuckets"), []string{
			"Parameters field is required for resource ARN: arn:aws:states:::aws-sdk:s3:listBuckets at /States/A/Resource"}},
		{"no Parameters for a service without a model", task("arn:aws:states:::aws-sdk:future:getThing"), []string{
			"Parameters field is required for resource ARN: arn:aws:states:::aws-sdk:future:getThing at /States/A/Resource"}},
		{"JSONata, no Arguments", end(`"QueryLanguage": "JSONata", "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets"`), []string{
			"Arguments field is required for resource ARN: arn:aws:states:::aws-sdk:s3:listBuckets at /States/A/Resource"}},
		{"JSONata", calling("aws-sdk:dynamodb:getItem", `{"TableName": "{% $states.input.table %}", "Keys": "k"}`),
			[]string{unsupported("Keys") + inArguments, wanted("Key") + inArguments}},
		{"JSONata as a whole", calling("aws-sdk:dynamodb:getItem", `"{% $states.input %}"`), nil},
		{"JSONata for a structure", calling("aws-sdk:dynamodb:getItem", `{"TableName": "t", "Key": "{% $states.input.key %}"}`), nil},
		{"optimised, unknown", calling("ecs:runTask", `{"TaskDefinition": "d", "NetworkConfiguration": {"awsVpcConfiguration": {}}}`),
			[]string{unsupported("awsVpcConfiguration") + inParameters}},
		{"optimised, in a list", calling("batch:submitJob.sync",
			`{"JobName": "j", "JobQueue": "q", "JobDefinition": "d", "ContainerOverrides": {"Environment": [{"Name": "N", "Value": "v", "Comment": "c"}]}}`),
			[]string{unsupported("Comment") + inParameters}},
		{"optimised, missing", calling("states:startExecution.sync", `{"Input.$": "$"}`), []string{wanted("StateMachineArn") + inParameters}},
		{"optimised, two missing", calling("dynamodb:putItem", `{}`), []string{wanted("TableName") + inParameters, wanted("Item") + inParameters}},
		{"optimised, computed", calling("lambda:invoke", `{"FunctionName.$": "$.f"}`), nil},
		{"what a tool fills in", calling("aws-sdk:ecs:runTask", `{"TaskDefinition": "${Task}", "NetworkConfiguration": {"Fn::GetAtt": ["N", "C"]}, "Overrides": {"Ref": "O"}}`), nil},
	}.run(t, everything, definition.Error)
}

// TestNamesOfMembers: Step Functions calls members as AWS's SDK for Java does.
func TestNamesOfMembers(t *testing.T) {
	for integration, arguments := range map[string]string{
		"rds:stopDBInstance":                `{"DbInstanceIdentifier": "d"}`,
		"rds:copyDBSnapshot":                `{"SourceDbSnapshotIdentifier": "a", "TargetDBSnapshotIdentifier": "b", "SourceRegion": "eu-west-1"}`,
		"s3:putObject":                      `{"Bucket": "b", "Key": "k", "Body": {"any": "thing"}, "SsekmsKeyId": "x"}`,
		"s3:copyObject":                     `{"DestinationBucket": "b", "DestinationKey": "k", "SourceBucket": "c", "SourceKey": "l"}`,
		"dynamodb:putItem":                  `{"TableName": "t", "Item": {"a": {"Nul": true}, "b": {"Ss": ["x"]}, "c": {"BOOL": true}, "D.$": "$.d"}}`,
		"verifiedpermissions:createPolicy":  `{"PolicyStoreId": "s", "Definition": {"StaticValue": {"Statement": "permit"}}}`,
		"costexplorer:getCostAndUsage":      `{"TimePeriod": {"Start": "a", "End": "b"}, "Granularity": "DAILY", "Metrics": ["UsageQuantity"], "Filter": {"Not": {"Tags": {"Key": "k"}}}}`,
		"config:describeConfigRules":        `{}`,
		"configservice:describeConfigRules": `{}`,
		"qldb:createLedger":                 `{"Name": "n"}`,
		"bedrockruntime:converse":           `{"ModelId": "m", "Messages": [{"Role": "user", "Content": [{"Text": "t"}]}], "AdditionalModelRequestFields": {"top_k": 1}}`,
		"lambda:invoke.waitForTaskToken":    `{"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}`,
	} {
		t.Run(integration, func(t *testing.T) {
			mustParse(t, calling("aws-sdk:"+integration, arguments), definition.Options{})
		})
	}
}

// TestDoubtfulArguments: what AWS was not seen to refuse is a warning.
func TestDoubtfulArguments(t *testing.T) {
	const lambda = `"FunctionName": "f", `
	faults{
		{"computed", calling("aws-sdk:dynamodb:getItem", `{"TableName": "t", "Key": {}, "Keys.$": "$.keys"}`),
			[]string{"UNKNOWN_ARGUMENT: " + unsupported("Keys") + inParameters}},
		{"JSONata", calling("aws-sdk:dynamodb:getItem", `{"TableName": "t", "Key": {}, "Keys": "{% $states.input %}"}`),
			[]string{"UNKNOWN_ARGUMENT: " + unsupported("Keys") + inArguments}},
		{"optimised", calling("lambda:invoke", `{`+lambda+`"TaskToken": "t"}`), []string{"UNKNOWN_ARGUMENT: " + unsupported("TaskToken") + inParameters}},
		{"optimised, fine", calling("lambda:invoke", `{`+lambda+`"Payload": {"any": "thing"}}`), nil},
		{"other arguments than the API's", calling("elasticmapreduce:addStep", `{"ClusterId": "c", "Step": {}}`), nil},
		{"missing within", calling("aws-sdk:sqs:sendMessageBatch", `{"QueueUrl": "q", "Entries": [{"Id": "1"}]}`),
			[]string{"MISSING_ARGUMENTS: " + wanted("MessageBody") + inParameters}},
		{"missing within, again", calling("aws-sdk:sqs:sendMessageBatch", `{"QueueUrl": "q", "Entries": [{"Id": "1"}, {"Id": "2"}, {"MessageBody": "b"}]}`),
			[]string{"MISSING_ARGUMENTS: " + wanted("MessageBody") + inParameters, "MISSING_ARGUMENTS: " + wanted("Id") + inParameters}},
		{"no Parameters", task("arn:aws:states:::lambda:invoke"), []string{
			"MISSING_ARGUMENTS: Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/A/Resource"}},
		{"types", calling("aws-sdk:sqs:receiveMessage", `{"QueueUrl": {"a": 1}, "MaxNumberOfMessages": "1", "AttributeNames": "All"}`), nil},
	}.run(t, everything, definition.Warning)
}

// TestUnknownOperations: an operation that a service does not have is refused
// where nothing can run it, and a service that nobody knows is not.
func TestUnknownOperations(t *testing.T) {
	const arn = "arn:aws:states:::aws-sdk:s3:getObjects"
	const refusal = "The resource provided " + arn + " is not recognized. The value is not a valid resource ARN, " +
		"or the resource is not available in this region. at /States/A/Resource"
	unknown := faults{{"operation", calling("aws-sdk:s3:getObjects", `{"Bucket": "b"}`), []string{refusal}}}
	unknown.run(t, definition.Options{}, definition.Error)
	unknown[0].want = nil
	unknown.run(t, everything, definition.Error)
	faults{{"case", calling("aws-sdk:s3:getobject", `{"Bucket": "b", "Key": "k"}`), []string{strings.ReplaceAll(refusal, "getObjects", "getobject")}}}.
		run(t, definition.Options{}, definition.Error)
	faults{{"service", calling("aws-sdk:future:getThing", `{"Any": 1}`), []string{
		"UNKNOWN_SERVICE: There is no model of the service 'future' at /States/A/Resource",
		"NO_CONNECTOR: There is no connector for the service integration 'aws-sdk:future:getThing' at /States/A/Resource"}}}.
		run(t, definition.Options{}, definition.Warning)
}

// TestAcceptedArguments: what was accepted once is never refused for them.
func TestAcceptedArguments(t *testing.T) {
	for _, text := range []string{
		calling("aws-sdk:s3:getObjects", `{}`), calling("aws-sdk:sts:assumeRole", `{}`), calling("aws-sdk:s3:getObject", `{"bucket": "b"}`),
		task("arn:aws:states:::aws-sdk:s3:listBuckets"), calling("lambda:invoke", `{}`), calling("ecs:runTask", `{"Any": 1}`),
	} {
		_, given := definition.Parse([]byte(text), definition.Options{})
		m, kept := definition.Parse([]byte(text), definition.Options{Accepted: true})
		if m == nil || !definition.HasErrors(given) || len(kept) != len(given) {
			t.Errorf("%s: given anew:%s, kept:%s", text, describe(given), describe(kept))
		}
	}
}

// TestPointersOfArguments: the pointer of a finding leads to the member itself.
func TestPointersOfArguments(t *testing.T) {
	text := calling("aws-sdk:sqs:sendMessageBatch", `{"QueueUrl": "q", "Entries": [{"Id": "1", "MessageBody": "b", "a/b": 1}]}`)
	_, diagnostics := definition.Parse([]byte(text), everything)
	if len(diagnostics) != 1 || diagnostics[0].Pointer != "/States/A/Parameters/Entries/0/a~1b" || diagnostics[0].Column != strings.Index(text, `"a/b"`)+1 {
		t.Errorf("got%s", describe(diagnostics))
	}
}
