package remote

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/lambda"
)

// Invoke invokes a function at the endpoint.
func (c *Client) Invoke(ctx context.Context, r *lambda.Request) (*lambda.Response, error) {
	client, err := c.client(ctx, r.Call.RoleARN)
	if err != nil {
		return nil, clientFailure(ctx, err)
	}
	out, err := client.Invoke(ctx, input(r), traced(r.Call.TraceHeader)...)
	if err != nil {
		return nil, failure(ctx, err)
	}
	resp := &lambda.Response{
		Status:          int(out.StatusCode),
		Payload:         out.Payload,
		Failed:          aws.ToString(out.FunctionError) != "",
		ExecutedVersion: aws.ToString(out.ExecutedVersion),
		LogResult:       aws.ToString(out.LogResult),
	}
	resp.RequestID, _ = awsmiddleware.GetRequestIDMetadata(out.ResultMetadata)
	if raw, ok := awsmiddleware.GetRawResponse(out.ResultMetadata).(*smithyhttp.Response); ok {
		resp.Header = raw.Header
		if resp.Status == 0 {
			resp.Status = raw.StatusCode
		}
	}
	return resp, nil
}

func input(r *lambda.Request) *sdk.InvokeInput {
	in := &sdk.InvokeInput{FunctionName: &r.Function, Payload: r.Payload}
	if r.Name.Qualifier != "" && r.Name.Qualifier != lambda.ParseName(r.Function).Qualifier {
		in.Qualifier = &r.Name.Qualifier
	}
	if r.ClientContext != "" {
		in.ClientContext = &r.ClientContext
	}
	if r.Type != lambda.Wait {
		in.InvocationType = types.InvocationType(r.Type)
	}
	if r.LogTail {
		in.LogType = types.LogTypeTail
	}
	return in
}

// traced makes the call part of the execution's trace.
func traced(header string) []func(*sdk.Options) {
	if header == "" {
		return nil
	}
	return []func(*sdk.Options){func(o *sdk.Options) {
		o.APIOptions = append(o.APIOptions, smithyhttp.SetHeaderValue("X-Amzn-Trace-Id", header))
	}}
}

// failure is the task's failure for an error of the SDK.
func failure(ctx context.Context, err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return clientFailure(ctx, err)
	}
	status, id := http.StatusInternalServerError, ""
	var response interface {
		HTTPStatusCode() int
		ServiceRequestID() string
	}
	if errors.As(err, &response) {
		status, id = response.HTTPStatusCode(), response.ServiceRequestID()
	}
	name := api.ErrorCode()
	var unmodelled *smithy.GenericAPIError
	if errors.As(err, &unmodelled) {
		name = "AWSLambdaException"
	}
	return lambda.ServiceError(name, api.ErrorMessage(), api.ErrorCode(), status, id)
}

// clientFailure is the failure of a call that got no answer of the service.
func clientFailure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // nobody waits any longer
	}
	cause := err.Error()
	var op *smithy.OperationError
	if errors.As(err, &op) {
		cause = op.Unwrap().Error()
	}
	return &connector.Error{Name: "Lambda.SdkClientException", Cause: "Unable to execute HTTP request: " + cause}
}
