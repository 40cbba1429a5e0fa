package definition

import "github.com/fermata-dev/fermata/awsmodel"

// likeAPI are the optimised service integrations whose arguments are those of an
// operation that has the name of the action, by service, with what awsmodel calls
// that service.
var likeAPI = map[string]string{
	"athena": "athena", "batch": "batch", "codebuild": "codebuild", "databrew": "databrew", "dynamodb": "dynamodb",
	"ecs": "ecs", "events": "eventbridge", "glue": "glue", "lambda": "lambda", "mediaconvert": "mediaconvert",
	"sagemaker": "sagemaker", "sns": "sns", "sqs": "sqs", "states": "sfn",
}

// heldToAPI are those of them of which AWS was seen to refuse a member that the
// operation does not have. lambda:invoke fails when the task runs.
var heldToAPI = map[string]bool{"batch": true, "ecs": true, "sagemaker": true}

// api are the operations of the service that an integration calls, nil if they are
// not known.
func (r Resource) api() *awsmodel.API {
	service := r.Service
	if !r.AWSSDK {
		service = likeAPI[service]
	}
	api, err := awsmodel.Requests(service)
	if err != nil {
		panic("definition: " + err.Error()) // the program itself is damaged
	}
	return api
}

// input is what the operation that an integration calls takes, false if that is
// not known.
func (r Resource) input() (awsmodel.Input, bool) {
	api := r.api()
	if api == nil {
		return awsmodel.Input{}, false
	}
	return api.Input(r.Action)
}

// knownAPI reports an integration of the AWS SDK with an operation that its
// service does not have or Step Functions leaves out, and warns of one whose service
// is not known here. What there is a connector for is as good as known.
func (f fields) knownAPI(r Resource, at place) {
	if !r.AWSSDK || f.opts.serves(r) {
		return
	}
	api := r.api()
	if api == nil {
		f.warn(UnknownService, at, "There is no model of the service '"+r.Service+"'",
			"write the name of the service in the SDKs (sfn, eventbridge, cloudwatchlogs), unless it is newer than this version")
		return
	}
	if _, ok := api.Input(r.Action); !ok || r.isWithheld() {
		f.refuseLater(at, notRecognised(r.ARN), "name an operation of the service as its API writes it, but with a small first letter")
	}
}
