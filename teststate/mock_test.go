package teststate

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/awsmodel"
)

// TestModels: which response a mocked result is held against.
func TestModels(t *testing.T) {
	for _, tc := range []struct{ resource, result, fault string }{
		{"arn:aws:states:::states:startExecution", `{}`, "Required field 'ExecutionArn' is missing"},
		{"arn:aws:states:::states:startExecution.sync:2", `{"ExecutionArn":"a","StateMachineArn":"m","StartDate":"d"}`, "Required field 'Status' is missing"},
		{"arn:aws:states:::states:startExecution.waitForTaskToken", `{}`, ""},
		{"arn:aws:states:::lambda:invoke", `{"StatusCode":"200"}`, "Field 'StatusCode' must be a number"},
		{"arn:aws:states:::lambda:invoke", `{"Payload":{"any":"thing"},"SdkHttpMetadata":{}}`, "Field 'Payload' must be a string"},
		{"arn:aws:states:::lambda:invoke", `{"Payload":"[1]","SdkHttpMetadata":{}}`, ""},
		{"arn:aws:states:::aws-sdk:lambda:invoke", `{"Payload":{"any":"thing"}}`, "Field 'Payload' must be a string"},
		{"arn:aws:states:::aws-sdk:cloudwatchlogs:describeLogGroups", `{"LogGroups":1}`, "Field 'LogGroups' must be an array"},
		{"arn:aws:states:::events:putEvents", `{"Entries":1}`, "Field 'Entries' must be an array"},
		{"arn:aws:states:::elasticmapreduce:createCluster", `{"JobFlowId":1}`, "Field 'JobFlowId' must be a string"},
		{"arn:aws:states:::batch:submitJob", `{"JobName":"j"}`, "Required field 'JobId' is missing"},
		{"arn:aws:states:::glue:startJobRun.sync", `{"JobRun":1}`, "Field 'JobRun' must be an object"},
		{"arn:aws:states:::ecs:runTask.sync", `{"Failures":{}}`, "Field 'Failures' must be an array"},
		{"arn:aws:states:::apigateway:invoke", `1`, ""},
		{"arn:aws:states:::http:invoke", `{"StatusCode":"x"}`, ""},
		{"arn:aws:states:::bedrock:invokeModel", `{"Body":{}}`, ""},
		{"arn:aws:states:us-east-1:123456789012:activity:a", `1`, ""},
		{"arn:aws:lambda:us-east-1:123456789012:function:f", `"anything"`, ""},
	} {
		state := `{"Type":"Task","Resource":"` + tc.resource + `","End":true`
		switch {
		case strings.HasSuffix(tc.resource, "lambda:invoke"):
			state += `,"Parameters":{"FunctionName":"f"}`
		case strings.Contains(tc.resource, "aws-sdk"):
			state += `,"Parameters":{}`
		}
		r := request(state+`}`, `{}`).mock(tc.result)
		want := "SUCCEEDED " + tc.result
		if tc.fault != "" {
			want = "ValidationException: Mock result schema validation error: " + tc.fault
		}
		if got := told(t, r); got != want {
			t.Errorf("%s %s:\n got %s\nwant %s", tc.resource, tc.result, got, want)
		}
		r.Mock.Validation = None
		if got := told(t, r); got != "SUCCEEDED "+tc.result {
			t.Errorf("%s without validation: %s", tc.resource, got)
		}
	}
}

// TestPresent: members that are required may be missing, and nothing else.
func TestPresent(t *testing.T) {
	for result, want := range map[string]string{
		`{}`:                  "SUCCEEDED {}",
		`{"StartDate":false}`: "ValidationException: Mock result schema validation error: Field 'StartDate' must be a string",
	} {
		r := request(`{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","End":true}`, `{}`).mock(result)
		r.Mock.Validation = Present
		if got := told(t, r); got != want {
			t.Errorf("%s: got %s, want %s", result, got, want)
		}
	}
}

// TestPolledOperations: every operation of the tables is in the models.
func TestPolledOperations(t *testing.T) {
	for _, table := range []map[string]string{polled, renamed} {
		for key := range table {
			service, action, _ := strings.Cut(key, ":")
			r := &definition.Resource{Service: service, Action: action, Pattern: definition.Sync}
			if table[key] == renamed[key] {
				r.Pattern = definition.RequestResponse
			}
			api, operation := modelOf(r)
			shape, err := awsmodel.Response(api, operation)
			switch {
			case err != nil:
				t.Error(err)
			case shape == nil && !withoutResponse[key]:
				t.Errorf("%s: there is no response of %s:%s", key, api, operation)
			}
		}
	}
}

// withoutResponse are those whose operation answers with nothing.
var withoutResponse = map[string]bool{
	"elasticmapreduce:terminateCluster":                true,
	"elasticmapreduce:setClusterTerminationProtection": true,
	"elasticmapreduce:modifyInstanceFleetByName":       true,
	"elasticmapreduce:modifyInstanceGroupByName":       true,
}

// TestReaderData: what a reader would read is given as it lies there.
func TestReaderData(t *testing.T) {
	for _, tc := range []struct{ config, data, result, items string }{
		{`{}`, `[1,{"a":2}]`, `[0,0]`, "afterItemsPath [1, {\"a\":2}]"},
		{`{"InputType":"JSON"}`, `[1,{"a":2}]`, `[0,0]`, "afterItemsPath [1, {\"a\":2}]"},
		{`{"InputType":"JSON","ItemsPointer":"/a/b~1c"}`, `{"a":{"b/c":[1,2]}}`, `[0,0]`, "afterItemsPointer [1,2]"},
		{`{"InputType":"JSONL"}`, "{\"a\":1}\n{\"a\":2}\n", `[0,0]`, "afterItemsPath [{\"a\":1}, {\"a\":2}]"},
		{`{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`, "a\n1\n", `[0]`, "afterItemsPath [{\"a\":\"1\"}]"},
		{`{"InputType":"JSON","MaxItems":1}`, `[1,2]`, `[0]`, "afterItemsPath [1]"},
		{`{"InputType":"JSON"}`, `{`, `[0]`, "ValidationException: Invalid MapItemReaderData: "},
		{`{"InputType":"PARQUET"}`, `{}`, `[0]`, "ValidationException: Invalid MapItemReaderData: "},
	} {
		r := request(`{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":`+tc.config+`,"Parameters":{"Bucket":"b","Key":"k"}},`+
			distributed+`,"End":true}`, `{}`).mock(tc.result).debug()
		r.Configuration.MapItemReaderData = &tc.data
		if strings.HasPrefix(tc.items, "V") {
			if got := told(t, r); !strings.HasPrefix(got, tc.items) {
				t.Errorf("%s: %s", tc.data, got)
			}
			continue
		}
		if got := stages(t, r); !strings.Contains(got, tc.items+"\n") {
			t.Errorf("%s: %s", tc.data, got)
		}
	}
}
