package fermata_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/teststate"
)

const order = `
StartAt: TakePayment
States:
  TakePayment:
    Type: Task
    Resource: arn:aws:lambda:us-east-1:123456789012:function:payment
    Retry:
      - ErrorEquals: [Busy]
        IntervalSeconds: 1
    Catch:
      - ErrorEquals: [Declined]
        Next: Cancelled
    End: true
  Cancelled:
    Type: Pass
    Result: {state: cancelled}
    End: true
`

type payment struct {
	Amount int `json:"amount"`
}

type receipt struct {
	Paid int `json:"paid"`
}

// Declined is the error of a payment that was refused. Its type is the error name
// in the state machine.
type Declined struct{}

func (Declined) Error() string { return "the card was refused" }

// A state machine whose task is a Go function of this program.
func Example() {
	ctx := context.Background()
	f, err := fermata.Open(ctx, fermata.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	f.Handle("payment", fermata.Func(func(_ context.Context, p payment) (receipt, error) {
		if p.Amount > 100 {
			return receipt{}, Declined{}
		}
		return receipt{Paid: p.Amount}, nil
	}))
	if _, err := f.Deploy(ctx, "order", order); err != nil {
		fmt.Println(err)
		return
	}
	for _, amount := range []int{42, 1000} {
		output, err := f.Run(ctx, "order", payment{Amount: amount})
		fmt.Println(string(output), err)
	}
	// Output:
	// {"paid":42} <nil>
	// {"state":"cancelled"} <nil>
}

// Start returns when the start is durable; the result can be awaited then or
// after a restart.
func ExampleFermata_Start() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "fermata")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	f, err := fermata.Open(ctx, fermata.Config{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	if _, err := f.Deploy(ctx, "hello", `{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": "hello", "End": true}}}`); err != nil {
		fmt.Println(err)
		return
	}
	x, err := f.Start(ctx, "hello", nil, fermata.WithName("first"))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := x.Wait(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Status, string(r.Output))
	// Output: SUCCEEDED "hello"
}

// What one process has started the next one finds.
func ExampleFermata_Find() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "fermata")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	start := func(f *fermata.Fermata) error {
		if _, err := f.Deploy(ctx, "nap", `{"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 1, "End": true}}}`); err != nil {
			return err
		}
		_, err := f.Start(ctx, "nap", map[string]int{"order": 7}, fermata.WithName("order-7"))
		return err
	}
	end := func(f *fermata.Fermata) error {
		x, err := f.Find(ctx, "nap", "order-7")
		if err != nil {
			return err
		}
		r, err := x.Wait(ctx)
		if err == nil {
			fmt.Println(r.Status, string(r.Output))
		}
		return err
	}
	for _, process := range []func(*fermata.Fermata) error{start, end} {
		f, err := fermata.Open(ctx, fermata.Config{Dir: dir})
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := errors.Join(process(f), f.Close()); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output: SUCCEEDED {"order":7}
}

// An execution that waits can be stopped.
func ExampleExecution_Stop() {
	ctx := context.Background()
	f, err := fermata.Open(ctx, fermata.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	if _, err := f.Deploy(ctx, "hold", `{"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 31536000, "End": true}}}`); err != nil {
		fmt.Println(err)
		return
	}
	x, err := f.Start(ctx, "hold", map[string]string{"for": "a year"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := x.Stop(ctx, "Cancelled", "the customer changed her mind"); err != nil {
		fmt.Println(err)
		return
	}
	r, err := x.Wait(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var failed *fermata.FailedError
	fmt.Println(r.Status, errors.As(r.Err(), &failed), failed)
	// Output: ABORTED true execution ended as ABORTED: Cancelled: the customer changed her mind
}

// One state on its own, with the Go function that does its task.
func ExampleFermata_Tester() {
	ctx := context.Background()
	f, err := fermata.Open(ctx, fermata.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	f.Handle("payment", fermata.Func(func(context.Context, payment) (receipt, error) { return receipt{}, Declined{} }))
	answer, err := f.Tester().Test(ctx, &teststate.Request{
		Definition: `{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:payment","Next":"Shipped",
			"Retry":[{"ErrorEquals":["Busy"]}],"Catch":[{"ErrorEquals":["Declined"],"ResultPath":null,"Next":"Cancelled"}]}`,
		Input: value.Text([]byte(`{"amount":500}`)),
		Info:  interpreter.Info{RoleARN: "arn:aws:iam::123456789012:role/payments"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Status, *answer.Error, answer.NextState, string(answer.Output))
	// Output:
	// CAUGHT_ERROR Declined Cancelled {"amount":500}
}
