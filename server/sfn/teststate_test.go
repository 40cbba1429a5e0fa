package sfn

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// sdkTestState tests states, with everything that the client can say.
func sdkTestState(t *testing.T, c *sdk) {
	machine := `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody.$":"$.text"},` +
		`"ResultPath":"$.sent","Assign":{"id.$":"$.MessageId"},"Next":"S"},"S":{"Type":"Succeed"}}}`
	out, err := c.TestState(t.Context(), &sfn.TestStateInput{
		Definition: aws.String(machine), StateName: aws.String("T"), Input: aws.String(`{"text":"hi"}`), InspectionLevel: types.InspectionLevelTrace,
		Variables: aws.String(`{"v":1}`), Context: aws.String(`{"Execution":{"Name":"n"}}`),
		Mock:               &types.MockInput{Result: aws.String(`{"MessageId":"1"}`), FieldValidationMode: types.MockResponseValidationModePresent},
		StateConfiguration: &types.TestStateConfiguration{RetrierRetryCount: aws.Int32(1)},
	})
	no(t, err)
	d := out.InspectionData
	if out.Status != types.TestExecutionStatusSucceeded || *out.Output != `{"text":"hi","sent":{"MessageId":"1"}}` || *out.NextState != "S" ||
		*d.AfterParameters != `{"QueueUrl":"q","MessageBody":"hi"}` || *d.Result != `{"MessageId":"1"}` || *d.Variables != `{"id":"1","v":1}` {
		t.Errorf("got %+v with %+v", out, d)
	}
	if host := c.hosts[len(c.hosts)-1]; host != "sync-fermata.test:8083" {
		t.Errorf("the client asked for the host %q", host)
	}
	out, err = c.TestState(t.Context(), &sfn.TestStateInput{
		Definition: aws.String(`{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Succeed"}}},"ToleratedFailurePercentage":25,` +
			`"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":3}],"End":true}`),
		Input: aws.String(`[1,2]`), InspectionLevel: types.InspectionLevelDebug,
		Mock:               &types.MockInput{Result: aws.String(`[1,2]`)},
		StateConfiguration: &types.TestStateConfiguration{MapIterationFailureCount: aws.Int32(1)},
	})
	no(t, err)
	d = out.InspectionData
	if out.Status != types.TestExecutionStatusRetriable || *out.Error != "States.ExceedToleratedFailureThreshold" || *d.ErrorDetails.RetryIndex != 0 ||
		*d.ErrorDetails.RetryBackoffIntervalSeconds != 3 || *d.ToleratedFailurePercentage != 25 || *d.MaxConcurrency != 0 || *d.AfterItemsPath != "[1, 2]" {
		t.Errorf("got %+v with %+v", out, d)
	}
}

// TestTestState: the form of answers, and of refusals.
func TestTestState(t *testing.T) {
	w := newWorld(t)
	for _, tc := range []struct{ in, want string }{
		{`{"definition":"{\"Type\":\"Succeed\"}"}`, `{"output":"{}","status":"SUCCEEDED"}`},
		{`{"definition":"{\"Type\":\"Fail\",\"Error\":\"E\"}"}`, `{"error":"E","status":"FAILED"}`},
		{`{"definition":"{\"Type\":\"Pass\",\"Next\":\"N\"}","input":"[1, 2]","inspectionLevel":"INFO"}`, `{"output":"[1, 2]","nextState":"N","status":"SUCCEEDED"}`},
		{`{"definition":"{\"Type\":\"Succeed\"}","inspectionLevel":"DEBUG"}`,
			`{"output":"{}","inspectionData":{"input":"{}","afterInputPath":"{}"},"status":"SUCCEEDED"}`},
	} {
		var in, want map[string]any
		if err := json.Unmarshal([]byte(tc.in), &in); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(tc.want), &want); err != nil {
			t.Fatal(err)
		}
		if got := w.must("TestState", in); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v", tc.in, got)
		}
	}
	state := `{"Type":"Succeed"}`
	w.fails("TestState", map[string]any{"definition": state, "roleArn": "nonsense"}, "InvalidArn: Invalid Role Arn: 'nonsense'")
	w.fails("TestState", map[string]any{"definition": state, "input": "{"}, "InvalidExecutionInput")
	w.fails("TestState", map[string]any{"definition": "{}"}, "InvalidDefinition")
	w.fails("TestState", map[string]any{"definition": state, "context": "{}"}, "ValidationException: TestState does not support Context when a mock is not specified.")
	w.fails("TestState", map[string]any{"definition": state, "inspectionLevel": "ALL", "stateConfiguration": map[string]any{"retrierRetryCount": -1}},
		"ValidationException: 2 validation errors detected: "+
			"Value '-1' at 'stateConfiguration.retrierRetryCount' failed to satisfy constraint: Member must have value greater than or equal to 0; "+
			"Value 'ALL' at 'inspectionLevel' failed to satisfy constraint: Member must satisfy enum value set: [TRACE, INFO, DEBUG]")
}

// TestHeaderList: headers as AWS shows them.
func TestHeaderList(t *testing.T) {
	if got := headerList(map[string][]string{"B": {"1", "2"}, "A": {"x"}}); got != "[A: x, B: 1, B: 2]" {
		t.Error(got)
	}
}
