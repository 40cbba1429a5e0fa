package definition_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

const invoke = `"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"`

func TestStateRules(t *testing.T) {
	faults{
		{"no Type", end(`"Comment": "x"`), []string{"The field 'Type' is required at /States/A", "MISSING_END_STATE: Workflow has no terminal state at "}},
		{"Type", end(`"Type": "Loop"`), []string{
			"The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"}},
		{"neither Next nor End", machine(`"A": {"Type": "Pass"}`), []string{"This object should have only one of the following fields: [Next, End] at /States/A", "MISSING_END_STATE: Workflow has no terminal state at "}},
		{"both Next and End", end(`"Type": "Pass", "Next": "A"`),
			[]string{"There should only be one of the following fields: [Next, End] at /States/A"}},
		{"End false", machine(`"A": {"Type": "Pass", "End": false}`), []string{"This object should have only one of the following fields: [Next, End] at /States/A", "MISSING_END_STATE: Workflow has no terminal state at "}},
		{"Retry and TimeoutSeconds on Pass", end(`"Type": "Pass", "Retry": [], "TimeoutSeconds": 1`), []string{
			"Field 'Retry' is not supported at /States/A", "Field 'TimeoutSeconds' is not supported at /States/A"}},
		{"End on Succeed", end(`"Type": "Succeed"`), []string{"Field 'End' is not supported at /States/A"}},
		{"InputPath on Fail", machine(`"A": {"Type": "Fail", "InputPath": "$"}`), []string{"Field 'InputPath' is not supported at /States/A"}},
		{"Output in JSONPath", end(`"Type": "Pass", "Output": 1`), []string{
			"The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A"}},
		{"paths", end(`"Type": "Pass", "InputPath": "x", "OutputPath": 1, "ResultPath": "$.a[*]"`), []string{
			"Value must be a valid JSONPath. at /States/A/InputPath",
			"Value is not a Reference Path at /States/A/ResultPath",
			"Expected value of type String at /States/A/OutputPath"}},
		{"ResultPath elsewhere", machine(`"A": {"Type": "Pass", "ResultPath": "$$.x", "Next": "B"}, "B": {"Type": "Pass", "ResultPath": "$v", "End": true}`),
			[]string{"Value is not a Reference Path at /States/A/ResultPath", "Value is not a Reference Path at /States/B/ResultPath"}},
		{"ResultSelector", end(invoke + `, "ResultSelector": "$.x"`), []string{"Expected value of type Object at /States/A/ResultSelector"}},
		{"no path in a template", end(`"Type": "Pass", "Parameters": {"x": [{"y.$": "no"}], "z.$": 1}`), []string{
			"The value for the field 'y.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters/x[0]",
			"The value for the field 'z.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters"}},
		{"same name twice in a template", end(`"Type": "Pass", "Parameters": {"x": 1, "x.$": "$.a"}`), []string{
			"The fields 'x' and 'x.$' have the same name once '.$' is removed at /States/A/Parameters"}},
		{"a name that ends with .$ by itself", end(`"Type": "Pass", "Parameters": {"x.$": "$.a", "x.$.$": "$.b"}`), nil},
		{"variables", end(`"Type": "Pass", "Assign": {"states": 1, "a.b": 1, "1a": 1, "fine_1": 1, "über": 1}`), []string{
			"RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/A/Assign/states",
			"INVALID_VARIABLE_NAME: Invalid variable name 'a.b': the variable name contains invalid characters. at /States/A/Assign/a.b",
			"INVALID_VARIABLE_NAME: Invalid variable name '1a': the variable name contains invalid characters. at /States/A/Assign/1a"}},
		{"a long variable", end(`"Type": "Pass", "Assign": {"` + strings.Repeat("v", 81) + `.$": "$.a"}`), []string{
			"INVALID_VARIABLE_NAME: Invalid variable name '" + strings.Repeat("v", 81) +
				"': the variable name exceeds the 80-character limit. at /States/A/Assign/" + strings.Repeat("v", 81) + ".$"}},
		{"Assign type", end(`"Type": "Pass", "Assign": []`), []string{"Expected value of type Object at /States/A/Assign"}},
		{"JSONPath in JSONata", `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"QueryLanguage": "JSONPath", ` + pass + `}}}`,
			[]string{"'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A"}},
		{"nothing more of a state in JSONPath", `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"QueryLanguage": "JSONPath",
			"Type": "Wait", "Seconds": -1, "InputPath": "$", "Output": {}, "End": true}}}`, []string{
			"'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A",
			"Minimum value is 0 at /States/A/Seconds"}},
		{"no query language is JSONata", end(`"Type": "Pass", "QueryLanguage": "jsonpath", "InputPath": "$.a", "Output": {}`), []string{
			"The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
			"Value should be one of the following: [JSONPath, JSONata] at /States/A/QueryLanguage"}},
		{"QueryLanguage type", end(`"Type": "Pass", "QueryLanguage": 5, "Output": {}`),
			[]string{"Expected value of type [STRING] at /States/A/QueryLanguage"}},
	}.run(t, everything, definition.Error)
}

func TestTypeRules(t *testing.T) {
	const timestamp = "String does not match RFC3339 timestamp at /States/A/Timestamp"
	faults{
		{"wait for nothing", end(`"Type": "Wait"`),
			[]string{"This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A"}},
		{"wait for two things", end(`"Type": "Wait", "Seconds": 1, "TimestampPath": "$.t"`),
			[]string{"There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A"}},
		{"wait too long", end(`"Type": "Wait", "Seconds": 10000000000000000`), []string{"Maximum value is 99999999 at /States/A/Seconds"}},
		{"wait for a text", end(`"Type": "Wait", "Seconds": "1"`), []string{"Expected value of type Integer at /States/A/Seconds"}},
		{"no T", end(`"Type": "Wait", "Timestamp": "2016-12-05 21:29:29Z"`), []string{timestamp}},
		{"no zone", end(`"Type": "Wait", "Timestamp": "2016-12-05T21:29:29"`), []string{timestamp}},
		{"month 13", end(`"Type": "Wait", "Timestamp": "2016-13-05T21:29:29Z"`), []string{timestamp}},
		{"short hour", end(`"Type": "Wait", "Timestamp": "2016-12-05T1:29:29Z"`), []string{timestamp}},
		{"comma", end(`"Type": "Wait", "Timestamp": "2016-12-05T21:29:29,5Z"`), []string{timestamp}},
		{"lower case", end(`"Type": "Wait", "Timestamp": "2016-12-05t21:29:29z"`), []string{timestamp}},
		{"fraction and offset", end(`"Type": "Wait", "Timestamp": "2016-12-05T21:29:29.123456789+05:30"`), nil},
		{"JSONata in JSONPath", end(`"Type": "Wait", "Timestamp": "{% '2016-03-14T01:59:00Z' %}"`), []string{timestamp}},
		{"SecondsPath", end(`"Type": "Wait", "SecondsPath": "$..x"`), []string{"Value is not a Reference Path at /States/A/SecondsPath"}},
		{"Error twice", machine(`"A": {"Type": "Fail", "Error": "E", "ErrorPath": "$.e", "Cause": 1}`), []string{
			"There should only be one of the following fields: [Error, ErrorPath] at /States/A",
			"Expected value of type String at /States/A/Cause"}},
		{"no Resource", end(`"Type": "Task"`), []string{"These fields are required: [Resource] at /States/A"}},
		{"timeout twice", end(invoke + `, "TimeoutSeconds": 1, "TimeoutSecondsPath": "$.t"`),
			[]string{"There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/A"}},
		{"timeout zero", end(invoke + `, "TimeoutSeconds": 0`), []string{"Minimum value is 1 at /States/A/TimeoutSeconds"}},
		{"heartbeat too long", end(invoke + `, "TimeoutSeconds": 5, "HeartbeatSeconds": 5`),
			[]string{"The value of 'HeartbeatSeconds' must be smaller than 'TimeoutSeconds' at /States/A/HeartbeatSeconds"}},
		{"Credentials empty", end(invoke + `, "Credentials": {}`),
			[]string{"The field 'RoleArn' is required but was missing at /States/A/Credentials"}},
		{"Credentials without role", end(invoke + `, "Credentials": {"Role.$": "$.r"}`),
			[]string{"The field 'RoleArn' is required but was missing at /States/A/Credentials"}},
		{"RoleArn", end(invoke + `, "Credentials": {"RoleArn": {"arn.$": "$.r"}}`), []string{"Expected value of type String at /States/A/Credentials/RoleArn"}},
		{"Credentials of a worker", end(`"Type": "Task", "Resource": "arn:aws:states:r:1:activity:a", "Credentials": {"RoleArn": "r"}`),
			[]string{"The field 'Credentials' is not supported for activities at /States/A/Credentials"}},
		{"Credentials null", end(invoke + `, "Credentials": null`), []string{"Expected value of type Object at /States/A/Credentials"}},
		{"no branch", end(`"Type": "Parallel", "Branches": []`), []string{"Value cannot be empty at /States/A/Branches"}},
		{"no Branches", end(`"Type": "Parallel"`), []string{"These fields are required: [Branches] at /States/A"}},
		{"branch type", end(`"Type": "Parallel", "Branches": ["B"]`), []string{"Expected value of type Object at /States/A/Branches[0]"}},
		{"branch field", end(`"Type": "Parallel", "Branches": [{"QueryLanguage": "JSONPath", "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]`),
			[]string{"Field 'QueryLanguage' is not supported at /States/A/Branches[0]"}},
	}.run(t, everything, definition.Error)
}

func TestRetryAndCatchRules(t *testing.T) {
	retry := func(fields string) string { return end(invoke + `, "Retry": [{` + fields + `}]`) }
	const all = "States.ALL must appear alone and at end of list at "
	faults{
		{"no ErrorEquals", retry(``), []string{"These fields are required: [ErrorEquals] at /States/A/Retry[0]"}},
		{"ErrorEquals empty", retry(`"ErrorEquals": []`), []string{"Value cannot be empty at /States/A/Retry[0]/ErrorEquals"}},
		{"ErrorEquals type", retry(`"ErrorEquals": [1]`), []string{"Expected value of type String at /States/A/Retry[0]/ErrorEquals[0]"}},
		{"numbers", retry(`"ErrorEquals": ["E"], "IntervalSeconds": -1, "MaxAttempts": -1, "BackoffRate": 0.5, "MaxDelaySeconds": 31622401`), []string{
			"Minimum value is 0 at /States/A/Retry[0]/IntervalSeconds",
			"Minimum value is 0 at /States/A/Retry[0]/MaxAttempts",
			"Maximum value is 31622400 at /States/A/Retry[0]/MaxDelaySeconds",
			"Minimum value is 1.0 at /States/A/Retry[0]/BackoffRate"}},
		{"MaxDelaySeconds", retry(`"ErrorEquals": ["E"], "IntervalSeconds": 2, "MaxDelaySeconds": 2`),
			[]string{"The value of 'MaxDelaySeconds' must be greater than 'IntervalSeconds' at /States/A/Retry[0]/MaxDelaySeconds"}},
		{"JitterStrategy", retry(`"ErrorEquals": ["E"], "JitterStrategy": "SOME"`),
			[]string{"Value should be one of the following: [NONE, FULL] at /States/A/Retry[0]/JitterStrategy"}},
		{"ALL not alone", retry(`"ErrorEquals": ["E", "States.ALL"]`), []string{all + "/States/A/Retry[0]/ErrorEquals"}},
		{"ALL not last", end(invoke + `, "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]`),
			[]string{all + "/States/A/Retry[0]/ErrorEquals"}},
		{"no Next", end(invoke + `, "Catch": [{"ErrorEquals": ["E"]}]`), []string{"These fields are required: [Next] at /States/A/Catch[0]"}},
		{"field", end(invoke + `, "Catch": [{"ErrorEquals": ["E"], "Next": "A", "Output": 1, "MaxAttempts": 1}]`), []string{
			"The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A/Catch[0]",
			"Field 'MaxAttempts' is not supported at /States/A/Catch[0]"}},
		{"type", end(invoke + `, "Catch": {}, "Retry": [1]`),
			[]string{"Expected value of type Object at /States/A/Retry[0]", "Expected value of type Array at /States/A/Catch"}},
	}.run(t, everything, definition.Error)
}

func TestWarnings(t *testing.T) {
	faults{
		{"no .$", end(`"Type": "Pass", "Parameters": {"x": "$.a", "y": ["$.a"], "z": "States.UUID()"}`), []string{
			"NO_DOLLAR: The value of 'x' looks like a JSONPath. Instead of 'x', use 'x.$' to evaluate it as a JSONPath at runtime. at /States/A/Parameters",
			"NO_DOLLAR: The value of 'z' looks like an intrinsic function. Instead of 'z', use 'z.$' to evaluate it as an intrinsic function at runtime. at /States/A/Parameters"}},
		{"no Path", machine(`"A": {"Type": "Fail", "Cause": "$.cause"}`), []string{
			"NO_PATH: The value looks like a path, but the field name does not end with 'Path' at /States/A/Cause"}},
		{"Result", end(`"Type": "Pass", "Result": {"x.$": "$.a"}`),
			[]string{"PASS_RESULT_IS_STATIC: The Result of a Pass state is not computed at /States/A/Result"}},
		{"error name", end(invoke + `, "Retry": [{"ErrorEquals": ["States.Timeuot", "States.Http.StatusCode.404"]}]`), []string{
			"UNKNOWN_ERROR_NAME: The error name 'States.Timeuot' is not one of the States Language at /States/A/Retry[0]/ErrorEquals[0]"}},
		{"no Parameters", task("arn:aws:states:::lambda:invoke"), []string{
			"MISSING_ARGUMENTS: Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/A/Resource"}},
		{"a variable of the scope around, on another way", machine(`"A": {"Type": "Choice", "Default": "P", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}]},
			"B": {"Type": "Pass", "Assign": {"a": 1}, "End": true}, "P": {"Type": "Pass", "Next": "Q"},
			"Q": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "C", "States": {"C": {"Type": "Pass", "Assign": {"a": 2}, "End": true}}}]}`), nil},
	}.run(t, definition.Options{}, definition.Warning)
}

// TestVariablesOfTheScopeAround: a branch must not set what a state before it
// has set, and may set what one behind it sets, or the Parallel itself.
func TestVariablesOfTheScopeAround(t *testing.T) {
	faults{
		{"before", machine(`"A": {"Type": "Pass", "Assign": {"a": 1, "b": 1}, "Next": "P"},
			"P": {"Type": "Parallel", "Assign": {"c": 1}, "Next": "Z", "Branches": [{"StartAt": "B", "States": {
				"B": {"Type": "Pass", "Assign": {"a.$": "$.x", "c": 2, "d": 2}, "End": true}}}]},
			"Z": {"Type": "Pass", "Assign": {"d": 1}, "End": true}`), []string{
			"DUPLICATE_VARIABLE_NAME: The variable name 'a' was already defined in a parent scope. at /States/P/Branches[0]/States/B/Assign/a.$"}},
		{"two scopes around", machine(`"A": {"Type": "Pass", "Assign": {"a": 1}, "Next": "P"},
			"P": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Q", "States": {"Q": {"Type": "Parallel", "End": true, "Branches": [
				{"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"a": 2}, "End": true}}}]}}}}`), []string{
			"DUPLICATE_VARIABLE_NAME: The variable name 'a' was already defined in a parent scope. at /States/P/ItemProcessor/States/Q/Branches[0]/States/B/Assign/a"}},
		{"out of sight of the children", machine(`"A": {"Type": "Pass", "Assign": {"a": 1}, "Next": "P"},
			"P": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
				"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"a": 2}, "End": true}}}}`), []string{
			"DUPLICATE_VARIABLE_NAME: The variable name 'a' was already defined in a parent scope. at /States/P/ItemProcessor/States/B/Assign/a"}},
	}.run(t, everything, definition.Error)
}
