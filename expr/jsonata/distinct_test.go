package jsonata_test

import (
	"fmt"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
)

// TestDistinct tells objects and arrays from each other by what is in them.
func TestDistinct(t *testing.T) {
	deep := func(leaf string) string {
		return fmt.Sprintf(`{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[%s]}]}]}]}]}]}`, leaf)
	}
	for text, want := range map[string]string{
		`$string($distinct([{"a":1,"b":2},{"b":2,"a":1},{"a":2,"b":1}]))`:                                      `[{"a":1,"b":2},{"a":2,"b":1}]`,
		`$string($distinct([{"a":[1,2]},{"a":[2,1]},{"a":[1.0,2e0]}]))`:                                        `[{"a":[1,2]},{"a":[2,1]}]`,
		`$string($distinct([[],{},[],{},[[]],[{}],[[]],0,-0,"0",false,null]))`:                                 `[[],{},[[]],[{}],0,"0",false,null]`,
		`$string($distinct([{"a":"x"},{"b":"x"},{"a":"y"},{"a":"x"}]))`:                                        `[{"a":"x"},{"b":"x"},{"a":"y"}]`,
		`$count($distinct([` + deep("1") + `,` + deep("2") + `,` + deep("1") + `]))`:                           "2",
		`$count($distinct([$sum, $count, $sum, {"f": $sum}, {"f": $sum}]))`:                                    "3",
		`($nan := $parseInteger("x", "0"); $count($distinct([[$nan], [$nan]])))`:                               "2",
		`($nan := [$parseInteger("x", "0"), 1]; $count($distinct([$nan, $nan, 1])))`:                           "3",
		`$count($distinct($map([1..20000], function($i){{"id": $i % 10000, "of": {"order": [$i % 10000]}}})))`: "10000",
		`$count($distinct($map([1..20000], function($i){[$i % 10000, 1]})))`:                                   "10000",
	} {
		e, err := jsonata.Compile(text, jsonata.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := e.Eval(jsonata.Env{}); fmt.Sprint(got) != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
}
