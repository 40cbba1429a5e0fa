package definition

import (
	"slices"
	"strings"
)

// withheld are the operations of the AWS SDK that Step Functions is documented not
// to support, as far as there are models of them: those that stream, give
// credentials or were superseded.
var withheld = map[string][]string{
	"applicationdiscovery": {"DescribeExportConfigurations", "ExportConfigurations"},
	"bedrockagentruntime":  {"InvokeAgent", "InvokeFlow", "InvokeInlineAgent", "OptimizePrompt", "RetrieveAndGenerateStream"},
	"bedrockruntime":       {"ConverseStream", "InvokeModelWithResponseStream"},
	"cloudwatchlogs":       {"StartLiveTail"},
	"codedeploy":           {"BatchGetDeploymentInstances", "GetDeploymentInstance", "ListDeploymentInstances", "SkipWaitTimeForInstanceTermination"},
	"comprehendmedical":    {"DetectEntities"},
	"dataexchange":         {"SendApiAsset"},
	"directconnect":        {"AllocateConnectionOnInterconnect", "DescribeConnectionLoa", "DescribeConnectionsOnInterconnect", "DescribeInterconnectLoa"},
	"efs":                  {"CreateTags"},
	"emr":                  {"DescribeJobFlows"},
	"iot":                  {"AttachPrincipalPolicy", "DetachPrincipalPolicy", "ListPolicyPrincipals", "ListPrincipalPolicies"},
	"iotsitewise":          {"InvokeAssistant"},
	"kinesis":              {"SubscribeToShard"},
	"lambda":               {"InvokeAsync", "InvokeWithResponseStream"},
	"lexruntimev2":         {"StartConversation"},
	"mediapackage":         {"RotateChannelCredentials"},
	"qbusiness":            {"Chat"},
	"rdsdata":              {"ExecuteSql"},
	"s3":                   {"SelectObjectContent"},
	"sagemakerruntime":     {"InvokeEndpointWithResponseStream"},
	"shield":               {"DeleteSubscription"},
	"sts":                  {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"},
}

// isWithheld says whether Step Functions leaves out the operation.
func (r Resource) isWithheld() bool {
	return slices.ContainsFunc(withheld[r.Service], func(name string) bool { return strings.EqualFold(name, r.Action) })
}
