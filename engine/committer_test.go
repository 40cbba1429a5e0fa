package engine

import (
	"testing"

	"github.com/fermata-dev/fermata/store"
)

// TestCommitterLetsGo: while others wait, what a commit has taken is held by it alone.
func TestCommitterLetsGo(t *testing.T) {
	entry := make([]byte, commitBytes/2)
	c := committer{pending: []store.Batch{{Run: 1, Entry: entry}, {Run: 2, Entry: entry}, {Run: 3, Entry: entry}}}
	all := c.pending
	group := c.take()
	if len(group) != 2 || group[0].Run != 1 || group[1].Run != 2 || len(c.pending) != 1 || c.pending[0].Run != 3 {
		t.Fatalf("it took %d and left %d", len(group), len(c.pending))
	}
	if all[0].Entry != nil || all[1].Entry != nil {
		t.Error("the list of what waits holds what was taken")
	}
	if group = c.take(); len(group) != 1 || len(c.pending) != 0 {
		t.Errorf("it took %d and left %d", len(group), len(c.pending))
	}
}
