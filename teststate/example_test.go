package teststate_test

import (
	"context"
	"fmt"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/teststate"
)

func ExampleTester_Test() {
	mocked := `{"MessageId":"m-1"}`
	answer, err := new(teststate.Tester).Test(context.Background(), &teststate.Request{
		Definition: `{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage",
			"Parameters":{"QueueUrl":"q","MessageBody.$":"$.order"},"ResultPath":"$.sent","Next":"Done"}`,
		Input: value.Text([]byte(`{"order":7}`)),
		Level: teststate.Debug,
		Mock:  &teststate.Mock{Result: &mocked},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.Status, string(answer.Output), answer.NextState)
	fmt.Println(string(answer.Inspection.AfterParameters))
	// Output:
	// SUCCEEDED {"order":7,"sent":{"MessageId":"m-1"}} Done
	// {"QueueUrl":"q","MessageBody":7}
}
