package jsonata_test

import (
	"fmt"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

func Example() {
	order, _ := value.Parse([]byte(`{"items": [{"price": 2.5, "quantity": 4}, {"price": 1, "quantity": 3}]}`))
	expr, err := jsonata.Compile(`{"total": $sum(items.(price * quantity)), "first": items[0]}`, jsonata.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, _, err := expr.Eval(jsonata.Env{Input: order})
	fmt.Println(string(value.Append(nil, result)), err)
	// Output: {"total":13,"first":{"price":2.5,"quantity":4}} <nil>
}

func ExampleError() {
	_, err := jsonata.Compile(`1 + 2 * `, jsonata.Options{})
	fmt.Println(err)
	// Output: S0207: Unexpected end of expression
}
