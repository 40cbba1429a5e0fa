package value

import (
	"fmt"
	"testing"
)

// TestJavaOrder: keys go by their hashes, equal ones as they were added, and all anew
// in a larger table.
func TestJavaOrder(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want string
	}{
		{nil, "[]"},
		{[]string{"one"}, "[0]"},
		{[]string{"b", "a", "é", "c"}, "[1 0 3 2]"},
		{[]string{"BB", "A", "Aa"}, "[0 2 1]"},
		{[]string{"q", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}, "[0 1 2 3 4 5 6 7 8 9 10 11]"},
		{[]string{"q", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}, "[1 2 3 4 5 6 7 8 9 10 11 12 0]"},
	} {
		if got := fmt.Sprint(JavaOrder(c.keys)); got != c.want {
			t.Errorf("%q: %s, want %s", c.keys, got, c.want)
		}
	}
}
