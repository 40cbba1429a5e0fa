package lambda_test

import (
	"context"
	"fmt"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/lambda"
)

type order struct{ Items []string }

// A handler that was written for AWS runs in this process.
func ExampleRegistry_Handle() {
	var functions lambda.Registry
	functions.Handle("count", awslambda.NewHandler(func(_ context.Context, o order) (int, error) {
		return len(o.Items), nil
	}).Invoke)

	router := &lambda.Router{Functions: &functions}
	defer router.Close()
	result, err := router.Invoke(context.Background(), &connector.Call{
		Resource: "arn:aws:lambda:us-east-1:123456789012:function:count",
		Action:   lambda.ActionFunction,
		Payload:  []byte(`{"Items": ["tea", "milk"]}`),
	})
	fmt.Println(string(result), err)
	// Output: 2 <nil>
}
