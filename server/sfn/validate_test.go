package sfn

import (
	"slices"
	"strings"
	"testing"
)

func check(t *testing.T, operation, body string) string {
	t.Helper()
	in, err := parseInput([]byte(body))
	if err == nil {
		err = operations[operation].input.validate(in, &Limits{PayloadBytes: 10})
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestValidation(t *testing.T) {
	long := strings.Repeat("x", 81)
	const one = "ValidationException: 1 validation error detected: "
	for _, tc := range []struct{ operation, body, want string }{
		{"CreateActivity", `{"name":"a"}`, ""},
		{"CreateActivity", `{"name":"a","unknown":1,"tags":null}`, ""},
		{"CreateActivity", `{}`, one + "Value null at 'name' failed to satisfy constraint: Member must not be null"},
		{"CreateActivity", `{"name":null}`, one + "Value null at 'name' failed to satisfy constraint: Member must not be null"},
		{"CreateActivity", `{"name":""}`, one + "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"CreateActivity", `{"name":"` + long + `"}`, one + "Value '" + long + "' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80"},
		{"CreateActivity", `{"name":"` + strings.Repeat("ä", 80) + `"}`, ""},
		{"ListExecutions", `{"maxResults":1001}`, one + "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"},
		{"ListExecutions", `{"maxResults":-1}`, one + "Value '-1' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0"},
		{"ListExecutions", `{"statusFilter":"succeeded"}`, one + "Value 'succeeded' at 'statusFilter' failed to satisfy constraint: " +
			"Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"},
		{"StartExecution", `{"stateMachineArn":"a","traceHeader":"ü"}`, one + `Value 'ü' at 'traceHeader' failed to satisfy constraint: Member must satisfy regular expression pattern: \p{ASCII}*`},
		{"SendTaskFailure", `{"error":"` + strings.Repeat("x", 257) + `"}`, "ValidationException: 2 validation errors detected: " +
			"Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256; " +
			"Value null at 'taskToken' failed to satisfy constraint: Member must not be null"},
		{"TagResource", `{"resourceArn":"a","tags":[{"key":"k"},{"key":""}]}`, one + "Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"TagResource", `{"resourceArn":"a","tags":[{"value":"v"}]}`, one + "Value null at 'tags.1.member.key' failed to satisfy constraint: Member must not be null"},
		{"TagResource", `{"resourceArn":"a","tags":[null]}`, one + "Value null at 'tags.1.member' failed to satisfy constraint: Member must not be null"},
		{"CreateActivity", `{"name":"a","encryptionConfiguration":{"kmsDataKeyReusePeriodSeconds":1}}`, "ValidationException: 2 validation errors detected: " +
			"Value '1' at 'encryptionConfiguration.kmsDataKeyReusePeriodSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60; " +
			"Value null at 'encryptionConfiguration.type' failed to satisfy constraint: Member must not be null"},
		{"UpdateMapRun", `{"mapRunArn":"a","toleratedFailurePercentage":100,"toleratedFailureCount":3000000000}`, ""},
		{"UpdateMapRun", `{"mapRunArn":"a","toleratedFailurePercentage":101}`, one + "Value '101.0' at 'toleratedFailurePercentage' failed to satisfy constraint: Member must have value less than or equal to 100"},
		{"UpdateMapRun", `{"mapRunArn":"a","toleratedFailurePercentage":-0.5}`, one + "Value '-0.5' at 'toleratedFailurePercentage' failed to satisfy constraint: Member must have value greater than or equal to 0"},
		{"UpdateMapRun", `{"mapRunArn":"a","toleratedFailureCount":-1}`, one + "Value '-1' at 'toleratedFailureCount' failed to satisfy constraint: Member must have value greater than or equal to 0"},
		{"UpdateMapRun", `{"mapRunArn":"a","toleratedFailureCount":1e19}`, "SerializationException: NUMBER_VALUE can not be converted to a Long"},
		{"UpdateMapRun", `{"mapRunArn":"a","toleratedFailureCount":"1"}`, "SerializationException: STRING_VALUE can not be converted to a Long"},
		{"UpdateMapRun", `{"mapRunArn":"a","toleratedFailurePercentage":"1"}`, "SerializationException: STRING_VALUE can not be converted to a Float"},
		{"PublishStateMachineVersion", `{"stateMachineArn":"a","revisionId":"` + strings.Repeat("x", 300) + `"}`, ""},
		{"StartExecution", `{"stateMachineArn":"a","input":"1234567890"}`, ""},
		{"StartExecution", `{"stateMachineArn":"a","input":"123456789ä"}`, one + "Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 10"},
		{"CreateActivity", `{"name":1}`, "SerializationException: NUMBER_VALUE can not be converted to a String"},
		{"CreateActivity", `{"name":true}`, "SerializationException: TRUE_VALUE can not be converted to a String"},
		{"CreateActivity", `{"name":{}}`, "SerializationException: Start of structure or map found where not expected."},
		{"CreateActivity", `{"name":[]}`, "SerializationException: Start of list found where not expected"},
		{"ListExecutions", `{"maxResults":"1"}`, "SerializationException: STRING_VALUE can not be converted to an Integer"},
		{"ListExecutions", `{"maxResults":1.5}`, "SerializationException: NUMBER_VALUE can not be converted to an Integer"},
		{"ListExecutions", `{"maxResults":1e99}`, "SerializationException: NUMBER_VALUE can not be converted to an Integer"},
		{"GetExecutionHistory", `{"executionArn":"a","reverseOrder":"x"}`, "SerializationException: STRING_VALUE can not be converted to a Boolean"},
		{"TagResource", `{"resourceArn":"a","tags":{}}`, "SerializationException: Unexpected field type"},
		{"TagResource", `{"resourceArn":"a","tags":[1]}`, "SerializationException: Unexpected field type"},
		{"CreateStateMachineAlias", `{"name":"a","routingConfiguration":[{},{},{"weight":[{}]}]}`, "SerializationException: Start of list found where not expected"},
		{"CreateStateMachineAlias", `{"name":"a","routingConfiguration":[{},{},{"weight":{}}]}`, "SerializationException: Start of structure or map found where not expected."},
	} {
		if got := check(t, tc.operation, tc.body); got != tc.want {
			t.Errorf("%s %.80s:\ngot  %s\nwant %s", tc.operation, tc.body, got, tc.want)
		}
	}
}

// TestOrder: values and members are named in the order of their places.
func TestOrder(t *testing.T) {
	if got := oneOf("OFF", "ERROR", "FATAL", "ALL").enum; !slices.Equal(got, []string{"ALL", "FATAL", "ERROR", "OFF"}) {
		t.Errorf("the values are %v", got)
	}
	for _, names := range []string{ // as other services of AWS were seen to name them
		"execution domain", "steps jobFlowId", "confirmationCode password username", "aWSAccountId label actionName",
		"writeCapacityUnits readCapacityUnits", "attributeType attributeName", "indexName keySchema projection",
	} {
		var given []member
		for _, name := range strings.Fields(names) {
			given = append(given, optional(name, aFlag))
		}
		slices.Reverse(given)
		var got []string
		for _, m := range asChecked(given) {
			got = append(got, m.name)
		}
		if strings.Join(got, " ") != names {
			t.Errorf("got %v, want %s", got, names)
		}
	}
}

func TestWritten(t *testing.T) {
	in, err := parseInput([]byte(`{"tags":[{"key":"k","value":"v"},{"value":null}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := written(tags, in.get("tags")), "[Tag(key=k, value=v), Tag(value=null)]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
