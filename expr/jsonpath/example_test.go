package jsonpath_test

import (
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

func ExamplePath_Find() {
	order, _ := value.Parse([]byte(`{"items": [{"sku": "A", "price": 5}, {"sku": "B", "price": 50}]}`))
	for _, text := range []string{`$.items[0].sku`, `$.items[?(@.price > 10)].sku`, `$.customer.name`} {
		path, err := jsonpath.Compile(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		v, err := path.Find(order)
		var missing *jsonpath.NotFoundError
		if errors.As(err, &missing) {
			fmt.Println(missing.InvalidPath())
			continue
		}
		fmt.Printf("%s\n", value.Append(nil, v))
	}
	// Output:
	// "A"
	// ["B"]
	// Invalid path '$.customer.name' : Missing property in path $['customer']
}

func ExamplePath_Assign() {
	state, _ := value.Parse([]byte(`{"id": 7}`))
	path, err := jsonpath.CompileReference(`$.result.total`)
	if err != nil {
		fmt.Println(err)
		return
	}
	changed, err := path.Assign(state, value.IntNumber(55))
	fmt.Printf("%s %v\n", value.Append(nil, changed), err)
	// Output: {"id":7,"result":{"total":55}} <nil>
}

func ExampleCompile() {
	_, err := jsonpath.Compile(`$.items[?(@.price > )]`)
	fmt.Println(err)
	// Output: path "$.items[?(@.price > )]": a path that begins with '@' or '$', or a value should stand here, not ')' at column 21
}
