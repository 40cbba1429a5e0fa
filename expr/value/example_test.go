package value_test

import (
	"fmt"

	"github.com/fermata-dev/fermata/expr/value"
)

func ExampleParse() {
	v, err := value.Parse([]byte(`{"total": 0.0, "items": [1, "two"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	order := v.(*value.Object).Clone()
	order.Set("paid", true)
	fmt.Printf("%s\n", value.Append(nil, order))

	_, err = value.Parse([]byte("{\n  'a': 1}"))
	fmt.Println(err)
	// Output:
	// {"total":0.0,"items":[1,"two"],"paid":true}
	// unexpected '\'' where a member name in double quotes should be at line 2, column 3
}

func ExampleDocument() {
	d := value.Text([]byte(`{"a": [1, 2]}`))
	fmt.Println(d.Size(), d.Parsed())
	fmt.Printf("%s %s\n", d.Text(), d.Compact())
	fmt.Println(value.TypeName(d.Value()), d.Parsed())
	// Output:
	// 13 false
	// {"a": [1, 2]} {"a":[1,2]}
	// object true
}

func ExampleEqual() {
	fmt.Println(value.Equal(value.Number("1"), value.Number("1.0")))
	// Output: true
}
