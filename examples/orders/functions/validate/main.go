// Command validate is the Lambda function that checks an order.
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/fermata-dev/fermata/examples/orders/ledger"
)

type event struct {
	Order struct {
		ID       string  `json:"orderId"`
		Item     string  `json:"item"`
		Quantity int     `json:"quantity"`
		Amount   float64 `json:"amount"`
	} `json:"order"`
	Execution string `json:"execution"`
}

type result struct {
	Valid bool `json:"valid"`
}

// InvalidOrder is the error of an order that cannot be carried out. Its name is
// what the workflow sees.
type InvalidOrder struct{ Problem string }

func (e InvalidOrder) Error() string { return e.Problem }

func handle(_ context.Context, e event) (result, error) {
	if _, err := ledger.Call("validate-order", e.Execution); err != nil {
		return result{}, err
	}
	switch {
	case e.Order.ID == "":
		return result{}, InvalidOrder{"the order has no orderId"}
	case e.Order.Quantity < 1:
		return result{}, InvalidOrder{fmt.Sprintf("the quantity is %d, it must be 1 or more", e.Order.Quantity)}
	case e.Order.Amount <= 0:
		return result{}, InvalidOrder{fmt.Sprintf("the amount is %g, it must be more than 0", e.Order.Amount)}
	}
	return result{Valid: true}, nil
}

func main() { lambda.Start(handle) }
