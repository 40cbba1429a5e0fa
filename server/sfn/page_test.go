package sfn

import (
	"maps"
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/internal/seen"
)

// TestPageHasEveryOperation: all 37 of the API.
func TestPageHasEveryOperation(t *testing.T) {
	all := slices.Sorted(maps.Keys(operations))
	if told := seen.Operations(t); len(all) != 37 || !slices.Equal(told, all) {
		t.Errorf("docs/api.md has lines for\n%v\nthere are\n%v", told, all)
	}
}
