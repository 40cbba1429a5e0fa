package teststate

import (
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
)

// modelOf is the operation of the AWS API whose response a task's result is, empty
// where there is none: functions and activities give what they like, so does
// whoever has a task token, and http, apigateway and two of eks are no AWS APIs.
func modelOf(r *definition.Resource) (service, operation string) {
	switch {
	case r.Family != definition.FamilyTask, r.Pattern == definition.WaitForTaskToken:
		return "", ""
	case r.AWSSDK:
		return r.Service, capital(r.Action)
	case r.Pattern != definition.RequestResponse:
		return serviceOf(r.Service), polled[r.Service+":"+r.Action]
	case noModel[r.Service] || noModel[r.Service+":"+r.Action]:
		return "", ""
	}
	if operation := renamed[r.Service+":"+r.Action]; operation != "" {
		return serviceOf(r.Service), operation
	}
	return serviceOf(r.Service), capital(r.Action)
}

// noModel are integrations whose results are not held against a model: they are
// none of an API, or hold the answer of a model of bedrock, whatever it is.
var noModel = map[string]bool{
	"http": true, "apigateway": true, "eks:call": true, "eks:runJob": true, "bedrock:invokeModel": true,
}

// serviceOf is what the SDK calls the service of an optimised integration.
func serviceOf(service string) string {
	switch service {
	case "states":
		return "sfn"
	case "events":
		return "eventbridge"
	case "elasticmapreduce":
		return "emr"
	}
	return strings.ReplaceAll(service, "-", "")
}

// renamed are actions that the API calls otherwise.
var renamed = map[string]string{
	"elasticmapreduce:createCluster":                   "RunJobFlow",
	"elasticmapreduce:addStep":                         "AddJobFlowSteps",
	"elasticmapreduce:terminateCluster":                "TerminateJobFlows",
	"elasticmapreduce:cancelStep":                      "CancelSteps",
	"elasticmapreduce:setClusterTerminationProtection": "SetTerminationProtection",
	"elasticmapreduce:modifyInstanceFleetByName":       "ModifyInstanceFleet",
	"elasticmapreduce:modifyInstanceGroupByName":       "ModifyInstanceGroups",
}

// polled are the operations that tell of a job's end: a mock of a task that waits
// for one (.sync) is their response.
var polled = map[string]string{
	"states:startExecution":                   "DescribeExecution",
	"ecs:runTask":                             "DescribeTasks",
	"batch:submitJob":                         "DescribeJobs",
	"glue:startJobRun":                        "GetJobRun",
	"databrew:startJobRun":                    "DescribeJobRun",
	"sagemaker:createTrainingJob":             "DescribeTrainingJob",
	"sagemaker:createTransformJob":            "DescribeTransformJob",
	"sagemaker:createProcessingJob":           "DescribeProcessingJob",
	"sagemaker:createLabelingJob":             "DescribeLabelingJob",
	"sagemaker:createHyperParameterTuningJob": "DescribeHyperParameterTuningJob",
	"elasticmapreduce:createCluster":          "DescribeCluster",
	"elasticmapreduce:terminateCluster":       "DescribeCluster",
	"elasticmapreduce:addStep":                "DescribeStep",
	"emr-containers:createVirtualCluster":     "DescribeVirtualCluster",
	"emr-containers:deleteVirtualCluster":     "DescribeVirtualCluster",
	"emr-containers:startJobRun":              "DescribeJobRun",
	"emr-serverless:createApplication":        "GetApplication",
	"emr-serverless:startApplication":         "GetApplication",
	"emr-serverless:stopApplication":          "GetApplication",
	"emr-serverless:deleteApplication":        "GetApplication",
	"emr-serverless:startJobRun":              "GetJobRun",
	"emr-serverless:cancelJobRun":             "GetJobRun",
	"eks:createCluster":                       "DescribeCluster",
	"eks:deleteCluster":                       "DescribeCluster",
	"eks:createNodegroup":                     "DescribeNodegroup",
	"eks:deleteNodegroup":                     "DescribeNodegroup",
	"eks:createFargateProfile":                "DescribeFargateProfile",
	"eks:deleteFargateProfile":                "DescribeFargateProfile",
	"athena:startQueryExecution":              "GetQueryExecution",
	"codebuild:startBuild":                    "BatchGetBuilds",
	"codebuild:retryBuild":                    "BatchGetBuilds",
	"codebuild:startBuildBatch":               "BatchGetBuildBatches",
	"codebuild:retryBuildBatch":               "BatchGetBuildBatches",
	"bedrock:createModelCustomizationJob":     "GetModelCustomizationJob",
	"mediaconvert:createJob":                  "GetJob",
}

// capital is an action as the API writes it.
func capital(action string) string {
	if action == "" {
		return ""
	}
	return strings.ToUpper(action[:1]) + action[1:]
}
