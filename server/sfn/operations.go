package sfn

import "context"

// operation is one operation of the API: the shape of its input and who
// carries it out. A handler gets an input that was validated and returns the
// body of the answer, nil for the empty object.
type operation struct {
	input  *shape
	handle func(s *Server, ctx context.Context, in input) ([]byte, error)
}

// operations by name.
var operations = map[string]*operation{
	"CreateStateMachine": {members(required("name", aName), required("definition", aDefinition), required("roleArn", anARN),
		optional("type", aType), optional("loggingConfiguration", logging), optional("tags", tags),
		optional("tracingConfiguration", tracing), optional("publish", aFlag), optional("versionDescription", aDescription),
		optional("encryptionConfiguration", encryption)), (*Server).createStateMachine},
	"UpdateStateMachine": {members(required("stateMachineArn", anARN), optional("definition", aDefinition), optional("roleArn", anARN),
		optional("loggingConfiguration", logging), optional("tracingConfiguration", tracing), optional("publish", aFlag),
		optional("versionDescription", aDescription), optional("encryptionConfiguration", encryption)), (*Server).updateStateMachine},
	"DescribeStateMachine": {members(required("stateMachineArn", anARN), optional("includedData", anIncludedData)), (*Server).describeStateMachine},
	"DescribeStateMachineForExecution": {members(required("executionArn", anARN), optional("includedData", anIncludedData)),
		(*Server).describeStateMachineForExecution},
	"DeleteStateMachine": {members(required("stateMachineArn", anARN)), (*Server).deleteStateMachine},
	"ListStateMachines":  {members(optional("maxResults", aPageSize), optional("nextToken", aPageToken)), (*Server).listStateMachines},
	"ValidateStateMachineDefinition": {members(required("definition", aDefinition), optional("type", aType), optional("severity", aSeverity),
		optional("maxResults", aSmallPage)), (*Server).validateDefinition},
	"TestState": {members(required("definition", aDefinition), optional("roleArn", anARN), optional("input", aDocument),
		optional("inspectionLevel", anInspectionLevel), optional("revealSecrets", aFlag), optional("variables", aDocument),
		optional("stateName", aStateName), optional("mock", aMock), optional("context", aDocument),
		optional("stateConfiguration", aStateConfiguration)), (*Server).testState},

	"PublishStateMachineVersion": {members(required("stateMachineArn", anARN), optional("revisionId", aRevision),
		optional("description", aDescription)), (*Server).publishVersion},
	"DeleteStateMachineVersion": {members(required("stateMachineVersionArn", aLongARN)), (*Server).deleteVersion},
	"ListStateMachineVersions": {members(required("stateMachineArn", anARN), optional("nextToken", aPageToken),
		optional("maxResults", aPageSize)), (*Server).listVersions},
	"CreateStateMachineAlias": {members(optional("description", aDescription), required("name", anAliasName),
		required("routingConfiguration", routing)), (*Server).createAlias},
	"UpdateStateMachineAlias": {members(required("stateMachineAliasArn", anARN), optional("description", aDescription),
		optional("routingConfiguration", routing)), (*Server).updateAlias},
	"DescribeStateMachineAlias": {members(required("stateMachineAliasArn", anARN)), (*Server).describeAlias},
	"DeleteStateMachineAlias":   {members(required("stateMachineAliasArn", anARN)), (*Server).deleteAlias},
	"ListStateMachineAliases": {members(required("stateMachineArn", anARN), optional("nextToken", aPageToken),
		optional("maxResults", aPageSize)), (*Server).listAliases},

	"StartExecution": {members(required("stateMachineArn", anARN), optional("name", aName), optional("input", aDocument),
		optional("traceHeader", aTrace)), (*Server).startExecution},
	"StartSyncExecution": {members(required("stateMachineArn", anARN), optional("name", aName), optional("input", aDocument),
		optional("traceHeader", aTrace), optional("includedData", anIncludedData)), (*Server).startSyncExecution},
	"DescribeExecution": {members(required("executionArn", anARN), optional("includedData", anIncludedData)), (*Server).describeExecution},
	"StopExecution": {members(required("executionArn", anARN), optional("error", anErrorName), optional("cause", aCause)),
		(*Server).stopExecution},
	"RedriveExecution": {members(required("executionArn", anARN), optional("clientToken", aClientToken)), (*Server).redriveExecution},
	"ListExecutions": {members(optional("stateMachineArn", anARN), optional("statusFilter", aStatus), optional("maxResults", aPageSize),
		optional("nextToken", aLongToken), optional("mapRunArn", aLongARN), optional("redriveFilter", aRedriveFilter)), (*Server).listExecutions},
	"DescribeMapRun": {members(required("mapRunArn", aLongARN)), (*Server).describeMapRun},
	"UpdateMapRun": {members(required("mapRunArn", aLongARN), optional("maxConcurrency", aCount), optional("toleratedFailureCount", aLongCount),
		optional("toleratedFailurePercentage", aShare)), (*Server).updateMapRun},
	"ListMapRuns": {members(required("executionArn", anARN), optional("maxResults", aPageSize), optional("nextToken", aPageToken)),
		(*Server).listMapRuns},
	"GetExecutionHistory": {members(required("executionArn", anARN), optional("maxResults", aPageSize), optional("reverseOrder", aFlag),
		optional("nextToken", aPageToken), optional("includeExecutionData", aFlag)), (*Server).getExecutionHistory},

	"CreateActivity": {members(required("name", aName), optional("tags", tags), optional("encryptionConfiguration", encryption)),
		(*Server).createActivity},
	"DescribeActivity":  {members(required("activityArn", anARN)), (*Server).describeActivity},
	"DeleteActivity":    {members(required("activityArn", anARN)), (*Server).deleteActivity},
	"ListActivities":    {members(optional("maxResults", aPageSize), optional("nextToken", aPageToken)), (*Server).listActivities},
	"GetActivityTask":   {members(required("activityArn", anARN), optional("workerName", aName)), (*Server).getActivityTask},
	"SendTaskSuccess":   {members(required("taskToken", aToken), required("output", aDocument)), (*Server).sendTaskSuccess},
	"SendTaskHeartbeat": {members(required("taskToken", aToken)), (*Server).sendTaskHeartbeat},
	"SendTaskFailure": {members(required("taskToken", aToken), optional("error", anErrorName), optional("cause", aCause)),
		(*Server).sendTaskFailure},

	"TagResource":         {members(required("resourceArn", anARN), required("tags", tags)), (*Server).tagResource},
	"UntagResource":       {members(required("resourceArn", anARN), required("tagKeys", tagKeys)), (*Server).untagResource},
	"ListTagsForResource": {members(required("resourceArn", anARN)), (*Server).listTags},
}
