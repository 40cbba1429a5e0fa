package aws_test

import (
	"fmt"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonata/aws"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestOrdinaryWork evaluates what states do with large data. Whatever is charged for it, the
// budgets must leave room: none of these uses more than half of them.
func TestOrdinaryWork(t *testing.T) {
	orders := parsed(t, "["+many(5_000, func(i int) string {
		return fmt.Sprintf(`{"id":"o%d","customer":"c%d","total":%d.5,"lines":[{"sku":"s%d","quantity":%d,"price":9.75},{"sku":"x","quantity":1,"price":2}]},`,
			i, i%100, i%977, i%50, i%7)
	})+`{"id":"last","customer":"c1","total":1,"lines":[]}]`)
	numbers := parsed(t, "["+many(20_000, func(i int) string { return fmt.Sprintf("%d,", i*7919%20_000) })+"1]")
	for _, text := range []string{
		`$orders.{"id": id, "sum": $sum(lines.(quantity * price))}`,
		`$orders[total > 500 and customer = "c1"]^(>total, id).id`,
		`$orders{customer: {"count": $count($), "sum": $sum(total)}}`,
		`$orders{id: total}`,
		`$orders@$o.$o.lines.{"id": $o.id, "sku": sku}`,
		`$orders.lines.{"id": %.id, "sku": sku}`,
		`$orders#$i{"all": $count($i), "some": $count($[total > 5])}`,
		`$orders.lines#$i{sku: $count($i)}`,
		`$orders ~> |lines|{"price": price * 2}, "sku"|`,
		`$map($orders, function($o){ $merge([$o, {"lines": $count($o.lines)}]) })`,
		`($by := $merge($orders.{id: $}); $orders.id.($lookup($by, $).total))`,
		`$sort($orders, function($a, $b){ $a.total > $b.total })`,
		`$distinct($orders) ~> $count`,
		`$distinct($orders.lines) ~> $count`,
		`$string($orders) ~> $parse ~> $count`,
		`$orders.id ~> $join(",") ~> $split(",") ~> $count`,
		`$orders.id.$replace($, /o(\d+)/, "order-$1")`,
		`$orders.total.$formatNumber($, "#,##0.00")`,
		`$numbers.$fromMillis($, "[Y0001]-[M01]-[D01]")`,
		`$numbers.$toMillis("2024-01-" & $formatInteger(1 + $ % 28, "00"), "[Y0001]-[M01]-[D01]")`,
		`$sort($append($append($numbers, $numbers), $numbers))`,
		`$numbers{$string($ % 10): $sum($)}`,
		`$numbers#$i{$string($ % 10): $count($i)}`,
		`$reduce($numbers, function($sum, $n){ $sum + $n })`,
		`$reduce($numbers, function($list, $n){ $append($list, $n * 2) }, [])`,
		`$reduce($numbers, function($list, $n){ $append($list, [[$n]]) }, [])`,
		`$reduce($numbers, function($list, $n){ [$list, $n] }, [])`,
		`$reduce($numbers, function($text, $n){ $text & "," & $n })`,
		`($f := function($n, $list){ $n = 0 ? $list : $f($n - 1, $append($list, $n)) }; $f(10000, []))`,
	} {
		e, err := jsonata.Compile(text, aws.Options())
		if err != nil {
			t.Fatal(err)
		}
		budget := jsonata.Budget{Steps: aws.MaxSteps / 2, Memory: aws.MaxMemory / 2}
		_, defined, err := e.Eval(jsonata.Env{Budget: &budget, Variables: jsonata.Bindings{"orders": orders, "numbers": numbers}})
		if !defined || err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
