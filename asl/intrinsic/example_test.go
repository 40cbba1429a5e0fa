package intrinsic_test

import (
	"fmt"

	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/value"
)

func ExampleExpr_Eval() {
	order, _ := value.Parse([]byte(`{"name": "Ann", "items": ["a", "b"]}`))
	for _, text := range []string{
		`States.Format('{} has {} items', $.name, States.ArrayLength($.items))`,
		`States.ArrayGetItem($.items, 7)`,
	} {
		e, err := intrinsic.Compile(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		v, err := e.Eval(scope{order}, random(0))
		fmt.Println(v, err)
	}
	// Output:
	// Ann has 2 items <nil>
	// <nil> States.Runtime: There was an error while evaluating the intrinsic function: States.ArrayGetItem($.items, 7). Invalid arguments in States.ArrayGetItem
}
