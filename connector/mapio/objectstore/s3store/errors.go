package s3store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// failure is what an error of the SDK means for an object. Answers of the
// service are told in the words of AWS's own clients.
func failure(ctx context.Context, bucket, key string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e := &objectstore.Error{Bucket: bucket, Key: key, Err: err}
	var api smithy.APIError
	if !errors.As(err, &api) {
		e.Text = "Unable to execute HTTP request: " + inner(err)
		return e
	}
	code := status(err)
	switch {
	case code == http.StatusPreconditionFailed:
		return objectstore.ChangedError(bucket, key)
	case code == http.StatusNotFound:
		e.Code = objectstore.Missing
	case code == http.StatusForbidden:
		e.Code = objectstore.Denied
	}
	e.Text = fmt.Sprintf("%s (Service: S3, Status Code: %d%s)", message(api), code, ids(err))
	return e
}

// words are what S3 says about errors whose message the SDK leaves out.
var words = map[string]string{
	"NoSuchKey":          "The specified key does not exist.",
	"NoSuchBucket":       "The specified bucket does not exist",
	"InvalidObjectState": "The operation is not valid for the object's storage class",
}

func message(api smithy.APIError) string {
	if m := api.ErrorMessage(); m != "" {
		return m
	}
	if m := words[api.ErrorCode()]; m != "" {
		return m
	}
	return api.ErrorCode()
}

// ids are the ids of the request, as far as the service gave them.
func ids(err error) string {
	var b strings.Builder
	var response *awshttp.ResponseError
	if errors.As(err, &response) && response.ServiceRequestID() != "" {
		b.WriteString(", Request ID: " + response.ServiceRequestID())
	}
	var host interface{ ServiceHostID() string }
	if errors.As(err, &host) && host.ServiceHostID() != "" {
		b.WriteString(", Extended Request ID: " + host.ServiceHostID())
	}
	return b.String()
}

func inner(err error) string {
	var op *smithy.OperationError
	if errors.As(err, &op) {
		err = op.Unwrap()
	}
	return err.Error()
}

func unavailable(err error) error {
	return &objectstore.Error{Code: objectstore.Unavailable, Text: "Unable to execute HTTP request: " + err.Error(), Err: err}
}
