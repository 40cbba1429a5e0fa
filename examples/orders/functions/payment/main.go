// Command payment is the Lambda function that takes the payment of an order.
// The card says how it goes: "flaky" fails twice and then works, "declined" is
// declined, every other works.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/fermata-dev/fermata/examples/orders/ledger"
)

type event struct {
	Order struct {
		ID     string  `json:"orderId"`
		Amount float64 `json:"amount"`
		Card   string  `json:"card"`
	} `json:"order"`
	Execution string `json:"execution"`
}

type result struct {
	PaymentID string `json:"paymentId"`
	Attempts  int    `json:"attempts"`
}

// PaymentUnavailable is a failure that passes: the workflow tries again.
type PaymentUnavailable struct{ Attempt int }

func (e PaymentUnavailable) Error() string {
	return fmt.Sprintf("the payment service does not answer (attempt %d)", e.Attempt)
}

// PaymentDeclined is final: the workflow tells the customer.
type PaymentDeclined struct{ Order string }

func (e PaymentDeclined) Error() string { return "the card for order " + e.Order + " was declined" }

func handle(_ context.Context, e event) (result, error) {
	attempt, err := ledger.Call("take-payment", e.Execution)
	if err != nil {
		return result{}, err
	}
	log.Printf("order %s: taking %.2f, attempt %d", e.Order.ID, e.Order.Amount, attempt)
	switch {
	case e.Order.Card == "declined":
		return result{}, PaymentDeclined{Order: e.Order.ID}
	case e.Order.Card == "flaky" && attempt <= 2:
		return result{}, PaymentUnavailable{Attempt: attempt}
	}
	return result{PaymentID: "pay-" + e.Order.ID, Attempts: attempt}, nil
}

func main() { lambda.Start(handle) }
