package jsonpath_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestUnequal compares many items with what is long and not like them, which costs next to
// nothing: it is seen at once.
func TestUnequal(t *testing.T) {
	items := `{"l":[` + strings.Repeat(`{"list":[1,2],"text":"a","object":{"a":1}},`, 5_000) + `{"list":[1]}],`
	list := "[1" + strings.Repeat(",1", 5_000) + "]"
	for path, other := range map[string]string{
		"$.l[?(@.list == $.b)]":   list,
		"$.l[?(@.list != $.b)]":   list,
		"$.l[?(@.object == $.b)]": `{"a":` + list + `}`,
		"$.l[?(@.text == $.b)]":   `"` + strings.Repeat("a", 100_000) + `"`,
		"$.l[?(@.text < $.b)]":    `"` + strings.Repeat("b", 100_000) + `"`,
	} {
		root, err := value.Parse([]byte(items + `"b":` + other + "}"))
		if err != nil {
			t.Fatal(path, err)
		}
		p, err := jsonpath.Compile(path)
		if err != nil {
			t.Fatal(err)
		}
		var budget jsonpath.Budget
		for range 4 { // so that each may use a quarter of what there is
			if _, err := p.EvalWithin(scope{input: root}, &budget); err != nil {
				t.Errorf("%s: %v", path, err)
				break
			}
		}
	}
}

// TestGrowth looks for many things in many places: each of these paths would take minutes or
// hours if only what it finds were counted.
func TestGrowth(t *testing.T) {
	objects := "[" + strings.Repeat(`{"x":1},`, 50_000) + "1]"
	text := `"` + strings.Repeat("a", 200_000)
	var object strings.Builder
	object.WriteByte('{')
	for i := range 10_000 {
		fmt.Fprintf(&object, `"m%d":1,`, i)
	}
	array := "[" + strings.Repeat("1,", 100_000)
	for what, c := range map[string]struct{ path, root string }{
		"names":      {"$[*]['x'" + strings.Repeat(",'q'", 100_000) + "].y", objects},
		"picked":     {"$[?(@['x'" + strings.Repeat(",'q'", 100_000) + "] == 1)]", objects},
		"items":      {"$[*][9" + strings.Repeat(",9", 200_000) + "]", "[" + strings.Repeat("[1],", 50_000) + "1]"},
		"texts":      {"$.l[?(@.x == $.b" + strings.Repeat(" || @.x == $.b", 50_000) + ")]", `{"l":[{"x":` + text + `1"}],"b":` + text + `2"}`},
		"arrays":     {"$.l[?(@.x == $.b" + strings.Repeat(" || @.x == $.b", 50_000) + ")]", `{"l":[{"x":` + array + `1]}],"b":` + array + `2]}`},
		"objects":    {"$.l[?(@.x == $.b" + strings.Repeat(" || @.x == $.b", 50_000) + ")]", `{"l":[{"x":` + object.String() + `"z":1}}],"b":` + object.String() + `"z":2}}`},
		"numbers":    {"$.l[?(@.x < 1" + strings.Repeat(" || @.x < 1", 50_000) + ")]", `{"l":[{"x":` + strings.Repeat("1", 200_000) + `}]}`},
		"expression": {"$[?(@.x =~ /" + strings.Repeat("(a|b|aa)?", 5_000) + "c/)]", `[{"x":` + text + `"}]`},
	} {
		path, err := jsonpath.Compile(c.path)
		if err != nil {
			t.Fatalf("%s: %.100v", what, err)
		}
		root, err := value.Parse([]byte(c.root))
		if err != nil {
			t.Fatal(what, err)
		}
		var budget *jsonpath.BudgetError
		if _, err := path.Find(root); !errors.As(err, &budget) {
			t.Errorf("%s: %.100s, want the error of the budget", what, fmt.Sprint(err))
		}
	}
}

// TestSharedBudget: evaluations look at no more together than their budget, which is that of one
// where nothing else is said.
func TestSharedBudget(t *testing.T) {
	root, err := value.Parse([]byte("[1" + strings.Repeat(",1", 399_999) + "]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path   string
		budget jsonpath.Budget
		want   int
	}{
		{"$[*]", jsonpath.NewBudget(4 * jsonpath.MaxSteps), 9}, // each looks at 400,001 values
		{"$[*]", jsonpath.Budget{}, 2},
	} {
		path, err := jsonpath.Compile(c.path)
		if err != nil {
			t.Fatal(err)
		}
		done := 0
		for ; done < 100; done++ {
			if _, err := path.EvalWithin(scope{input: root}, &c.budget); err != nil {
				break
			}
		}
		if done != c.want {
			t.Errorf("%s is evaluated %d times, want %d", c.path, done, c.want)
		}
	}
}
