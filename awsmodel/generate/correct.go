package main

import "github.com/fermata-dev/fermata/awsmodel"

// correct changes what Step Functions was seen to have otherwise than the model:
// it takes up changes of a model late.
func correct(service string, s *awsmodel.Service) {
	if service == "lambda" {
		// 10241 was refused in December 2025, when functions could have no more.
		most := 10240.0
		configuration := s.Shapes[s.Shapes[s.Operations["GetFunction"]].Members["Configuration"]]
		s.Shapes[configuration.Members["MemorySize"]].Max = &most
	}
}

// change is what a shape of requests has beside its model.
type change struct {
	members  []string
	optional bool // nothing is required: new members stand for old ones
}

// changes are by service and shape: Step Functions calls APIs with AWS's SDK for
// Java, which has other names for a few members.
var changes = map[string]change{
	"dynamodb:AttributeValue": {members: []string{"Nul"}},
	"s3:CopyObjectRequest": {optional: true, members: []string{
		"DestinationBucket", "DestinationKey", "SourceBucket", "SourceKey", "SourceVersionId"}},
	"s3:UploadPartCopyRequest": {optional: true, members: []string{
		"DestinationBucket", "DestinationKey", "SourceBucket", "SourceKey", "SourceVersionId"}},
}
