package awsmodel_test

import (
	"fmt"

	"github.com/fermata-dev/fermata/awsmodel"
	"github.com/fermata-dev/fermata/expr/value"
)

func ExampleResponse() {
	response, err := awsmodel.Response("sqs", "SendMessage")
	if err != nil {
		panic(err)
	}
	fmt.Println(response.Check(value.NewObject(0), true))
	wrong := value.NewObject(1)
	wrong.Set("MessageId", value.Number("1"))
	fmt.Println(response.Check(wrong, true))
	// Output:
	//
	// Field 'MessageId' must be a string
}
