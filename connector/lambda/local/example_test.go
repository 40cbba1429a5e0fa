package local_test

import (
	"fmt"

	"github.com/fermata-dev/fermata/connector/lambda"
	"github.com/fermata-dev/fermata/connector/lambda/local"
)

// A project with one program and one Node handler; nothing runs until it is
// called.
func ExampleNew() {
	functions, err := local.New(local.Config{Functions: []local.Function{
		{Name: "charge", Command: []string{"./charge"}, Dir: "functions/charge", Concurrency: 4},
		{Name: "mail", Runtime: "nodejs", Handler: "index.handler", Dir: "functions/mail"},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	router := &lambda.Router{Local: functions}
	fmt.Println(router.Close())
	// Output: <nil>
}
