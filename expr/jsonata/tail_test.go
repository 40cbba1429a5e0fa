package jsonata_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestGrownTwice: of what has grown, each value stays what it was, also where another one
// has grown out of the same one.
func TestGrownTwice(t *testing.T) {
	long := `$pad("", 600, "ab")`
	for text, want := range map[string]string{
		`($a := $append([1, 2], 3); $b := $append($a, 4); $c := $append($a, 5); $d := $append($b, 6); [[$a], [$b], [$c], [$d]])`: `[[1,2,3],[1,2,3,4],[1,2,3,5],[1,2,3,4,6]]`,
		`($a := [1, 2]; $b := [$a, 3]; $c := [$b, 4]; $d := [$b, 5]; [[$a], [$b], [$c], [$d]])`:                                  `[[1,2],[1,2,3],[1,2,3,4],[1,2,3,5]]`,
		`($a := [[1, 2], [3]]; [[$a, [4]], [$a], [$a, $a]])`:                                                                     `[[[1,2],[3],[4]],[[1,2],[3]],[[1,2],[3],[1,2],[3]]]`,
		`($a := $append([1], [2]); $b := $append($a, $a); $append($b, $b))`:                                                      `[1,2,1,2,1,2,1,2]`,
		`($a := $map([1..3], function($x){$x}); $b := $append($a, 4); $c := $append($a, 5); [$count($a), $b, $c])`:               `[3,1,2,3,4,1,2,3,5]`,
		`($a := ` + long + ` & "1"; $b := $a & "2"; $c := $a & "3"; $d := $b & "4"; [$a, $b, $c, $d].$substringAfter($, "1"))`:   `["","2","3","24"]`,
		`($a := ` + long + ` & "1"; $b := $a & $a; $length($b & $b) & $substring($b, -4))`:                                       `"2404bab1"`,
		`($a := ` + long + ` & "\ud83d"; $b := $a & "\ude00"; $c := $a & "-"; [$length($a), $length($b), $length($c)])`:          `[601,601,602]`,
		`($a := [$parseInteger("x", "0"), 1]; [[$a] = $a, $append($a, []) = $a, $append([], $a) = $a, $a = $a])`:                 `[false,false,false,true]`,
	} {
		v, _, err := evaluate(text, jsonata.Options{}, jsonata.Env{})
		if got := string(value.Append(nil, v)); got != want || err != nil {
			t.Errorf("%s: %s, %v; want %s", strings.TrimSpace(text), got, err, want)
		}
	}
}
