package definition_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// TestWhatUsersWrite: definitions of the kinds that editors export, tools
// generate and documents show are accepted, and give no warning that would
// puzzle anybody.
func TestWhatUsersWrite(t *testing.T) {
	files, err := filepath.Glob("testdata/valid/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no definitions: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, diagnostics := definition.Parse(text, everything)
		for _, d := range definition.ForTemplates(diagnostics) {
			if d.Code != definition.Placeholder {
				t.Errorf("%s:%d:%d: %s %s: %s at %s", file, d.Line, d.Column, d.Severity, d.Code, d.Message, d.Location)
			}
		}
	}
}

// TestIntegrationsOfAWS: each pattern that AWS offers is recognised, and others
// of the same action are not.
func TestIntegrationsOfAWS(t *testing.T) {
	const (
		sync  = ".sync"
		sync2 = ".sync:2"
		token = ".waitForTaskToken"
	)
	for action, patterns := range map[string][]string{
		"lambda:invoke":                       {"", token},
		"sqs:sendMessage":                     {"", token},
		"sns:publish":                         {"", token},
		"dynamodb:getItem":                    {""},
		"dynamodb:putItem":                    {""},
		"dynamodb:updateItem":                 {""},
		"dynamodb:deleteItem":                 {""},
		"ecs:runTask":                         {"", sync, token},
		"batch:submitJob":                     {"", sync},
		"glue:startJobRun":                    {"", sync},
		"databrew:startJobRun":                {"", sync},
		"states:startExecution":               {"", sync, sync2, token},
		"events:putEvents":                    {"", token},
		"apigateway:invoke":                   {"", token},
		"http:invoke":                         {""},
		"athena:getQueryResults":              {""},
		"athena:startQueryExecution":          {"", sync},
		"codebuild:startBuild":                {"", sync},
		"codebuild:batchGetReports":           {""},
		"eks:call":                            {""},
		"eks:runJob":                          {"", sync, token},
		"eks:createCluster":                   {"", sync},
		"elasticmapreduce:addStep":            {"", sync},
		"elasticmapreduce:cancelStep":         {""},
		"emr-containers:startJobRun":          {"", sync},
		"emr-serverless:startJobRun":          {"", sync},
		"sagemaker:createTrainingJob":         {"", sync},
		"sagemaker:createEndpoint":            {""},
		"bedrock:invokeModel":                 {"", token},
		"bedrock:createModelCustomizationJob": {"", sync},
		"mediaconvert:createJob":              {"", sync},
		"bedrockagentcore:invokeHarness":      {""},
		"aws-sdk:s3:getObject":                {"", token},
		"aws-sdk:sesv2:sendEmail":             {"", token},
	} {
		offered := map[string]bool{}
		for _, p := range patterns {
			offered[p] = true
		}
		for _, p := range []string{"", sync, sync2, token} {
			m, diagnostics := definition.Parse([]byte(computed("arn:aws:states:::"+action+p)), everything)
			if (m != nil) != offered[p] {
				t.Errorf("%s%s: offered %v%s", action, p, offered[p], describe(diagnostics))
			}
		}
	}
}
