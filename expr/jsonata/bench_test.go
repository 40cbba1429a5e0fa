package jsonata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

const simple = `$states.input.order.total * 2`

// medium filters, builds objects, groups, sorts with a function and sums up.
const medium = `(
	$items := $states.input.items[quantity > 2];
	$lines := $items.{"id": id, "category": category, "total": price * quantity};
	{
		"sum": $sum($lines.total),
		"groups": $lines{category: $sum(total)},
		"sorted": $sort($lines, function($a, $b) { $a.total < $b.total }).id,
		"categories": $join($distinct($lines.category), ", ")
	}
)`

// benchmarkStates is what $states is bound to.
func benchmarkStates() any {
	var items []string
	for i := range 20 {
		items = append(items, fmt.Sprintf(`{"id":"item-%d","category":"c%d","price":%d.5,"quantity":%d}`, i, i%4, i*7%13+1, i%6+1))
	}
	states, err := value.Parse([]byte(`{"input":{"order":{"total":21.5},"items":[` + strings.Join(items, ",") + `]}}`))
	if err != nil {
		panic(err)
	}
	return states
}

func benchmarkInput() jsonata.Env {
	return jsonata.Env{Input: jsonata.Undefined{}, Variables: jsonata.Bindings{"states": benchmarkStates()}}
}

func BenchmarkSimple(b *testing.B) { benchmark(b, simple) }
func BenchmarkMedium(b *testing.B) { benchmark(b, medium) }
func BenchmarkCompileMedium(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonata.Compile(medium, jsonata.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmark(b *testing.B, text string) {
	expr, err := jsonata.Compile(text, jsonata.Options{})
	if err != nil {
		b.Fatal(err)
	}
	env := benchmarkInput()
	b.ReportAllocs()
	for b.Loop() {
		if _, defined, err := expr.Eval(env); err != nil || !defined {
			b.Fatal(defined, err)
		}
	}
}
