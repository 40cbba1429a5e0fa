package value_test

import (
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

func TestCompareStrings(t *testing.T) {
	// in the order of their code units
	ordered := []string{"", "A", "a", "aa", "a\u00e9", "b", "\u00e9", "\ud7ff", "\U00010000", "\U0001f600", "\U0001f600\ue000", "\U0001f601",
		"\U0010ffff", "\ue000", "\ue000\U0001f600", "\ue000\uffff", "\uffff"}
	for i, a := range ordered {
		for j, b := range ordered {
			if got, want := value.CompareStrings(a, b), min(max(i-j, -1), 1); got != want {
				t.Errorf("CompareStrings(%+q, %+q) is %d, want %d", a, b, got, want)
			}
		}
	}
}
