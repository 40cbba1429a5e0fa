package definition

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestBeginning: a name is cut between two characters.
func TestBeginning(t *testing.T) {
	for _, name := range []string{strings.Repeat("ä", 200), "x" + strings.Repeat("ä", 200), strings.Repeat("𝄐", 100)} {
		if got := beginning(name); !utf8.ValidString(got) || !strings.HasPrefix(name, got) || len(got) < cutTold-3 || len(got) > cutTold {
			t.Errorf("%s begins with %q", name, got)
		}
	}
}
