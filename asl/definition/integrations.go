package definition

// patterns is a set of Pattern.
type patterns uint8

const (
	rr    patterns = 1 << RequestResponse
	sync  patterns = 1 << Sync
	sync2 patterns = 1 << Sync2
	token patterns = 1 << WaitForTaskToken
)

func (p patterns) has(one Pattern) bool { return p&(1<<one) != 0 }

// actions gives several actions the same patterns.
func (p patterns) actions(names ...string) map[string]patterns {
	m := make(map[string]patterns, len(names))
	for _, name := range names {
		m[name] = p
	}
	return m
}

// with merges the actions of a service.
func with(groups ...map[string]patterns) map[string]patterns {
	all := map[string]patterns{}
	for _, group := range groups {
		for name, p := range group {
			all[name] = p
		}
	}
	return all
}

// integrations are the optimised service integrations: the patterns of each
// action of each service.
var integrations = map[string]map[string]patterns{
	"lambda":     (rr | token).actions("invoke"),
	"sqs":        (rr | token).actions("sendMessage"),
	"sns":        (rr | token).actions("publish"),
	"dynamodb":   rr.actions("getItem", "putItem", "updateItem", "deleteItem"),
	"ecs":        (rr | sync | token).actions("runTask"),
	"batch":      (rr | sync).actions("submitJob"),
	"glue":       (rr | sync).actions("startJobRun"),
	"databrew":   (rr | sync).actions("startJobRun"),
	"states":     (rr | sync | sync2 | token).actions("startExecution"),
	"events":     (rr | token).actions("putEvents"),
	"apigateway": (rr | token).actions("invoke"),
	"http":       rr.actions("invoke"),
	"s3":         rr.actions("getObject", "listObjectsV2", "putObject"),
	"sagemaker": with(
		(rr|sync).actions("createTrainingJob", "createTransformJob", "createProcessingJob",
			"createLabelingJob", "createHyperParameterTuningJob"),
		rr.actions("createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint")),
	"elasticmapreduce": with(
		(rr|sync).actions("createCluster", "addStep", "terminateCluster"),
		rr.actions("cancelStep", "setClusterTerminationProtection", "modifyInstanceFleetByName",
			"modifyInstanceGroupByName")),
	"emr-containers": (rr | sync).actions("createVirtualCluster", "deleteVirtualCluster", "startJobRun"),
	"emr-serverless": (rr | sync).actions("createApplication", "startApplication", "stopApplication",
		"deleteApplication", "startJobRun", "cancelJobRun"),
	"eks": with(
		rr.actions("call"),
		(rr | sync | token).actions("runJob"),
		(rr|sync).actions("createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup",
			"createFargateProfile", "deleteFargateProfile")),
	"athena": with(
		(rr | sync).actions("startQueryExecution"),
		rr.actions("stopQueryExecution", "getQueryExecution", "getQueryResults")),
	"codebuild": with(
		(rr|sync).actions("startBuild", "startBuildBatch", "retryBuild", "retryBuildBatch"),
		rr.actions("stopBuild", "stopBuildBatch", "deleteBuildBatch", "batchDeleteBuilds",
			"batchGetReports", "batchGetBuilds")),
	"bedrock": with(
		(rr | token).actions("invokeModel"),
		(rr | sync).actions("createModelCustomizationJob")),
	"mediaconvert":     (rr | sync).actions("createJob"),
	"bedrockagentcore": rr.actions("invokeHarness"),
}
