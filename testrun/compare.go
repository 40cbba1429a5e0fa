package testrun

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// comparison collects how a value differs from what was expected of it.
type comparison struct {
	// part: the value may have members that were not expected.
	part        bool
	differences []string
}

// maxDifferences are told of one value.
const maxDifferences = 10

// differs says how got differs from want, which has to be equal to it.
func differs(place string, want, got any) []string {
	c := comparison{}
	c.compare(place, want, got)
	return c.told()
}

// includes says what got lacks of want: of objects, the members that want has
// are looked at, and so on below; everything else has to be equal.
func includes(place string, want, got any) []string {
	c := comparison{part: true}
	c.compare(place, want, got)
	return c.told()
}

func (c *comparison) told() []string {
	if more := len(c.differences) - maxDifferences; more > 0 {
		return append(c.differences[:maxDifferences:maxDifferences], fmt.Sprintf("and %d more differences", more))
	}
	return c.differences
}

func (c *comparison) add(format string, args ...any) {
	c.differences = append(c.differences, fmt.Sprintf(format, args...))
}

func (c *comparison) compare(place string, want, got any) {
	switch want := want.(type) {
	case *value.Object:
		if got, ok := got.(*value.Object); ok {
			c.objects(place, want, got)
			return
		}
	case []any:
		if got, ok := got.([]any); ok {
			c.arrays(place, want, got)
			return
		}
	}
	if !value.Equal(want, got) {
		c.add("%s: got %s, want %s", place, brief(got), brief(want))
	}
}

func (c *comparison) objects(place string, want, got *value.Object) {
	for key, v := range want.All() {
		member, ok := got.Get(key)
		if !ok {
			c.add("%s: missing, want %s", join(place, key), brief(v))
			continue
		}
		c.compare(join(place, key), v, member)
	}
	for key, v := range got.All() {
		if _, ok := want.Get(key); !ok && !c.part {
			c.add("%s: got %s, but it is not expected", join(place, key), brief(v))
		}
	}
}

func (c *comparison) arrays(place string, want, got []any) {
	for i := range min(len(want), len(got)) {
		c.compare(place+"["+strconv.Itoa(i)+"]", want[i], got[i])
	}
	if len(want) != len(got) {
		c.add("%s: got %d items, want %d: %s", place, len(got), len(want), brief(got))
	}
}

// join names a member as JSONPath does.
func join(place, key string) string {
	plain := key != "" && !strings.ContainsFunc(key, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if plain {
		return place + "." + key
	}
	return place + "[" + strconv.Quote(key) + "]"
}

// brief is a value in a line.
func brief(v any) string { return short(value.Append(nil, v)) }

// followed says whether the states that were entered are those of a path.
func followed(path, entered []string) bool {
	// reached[i]: the first i parts of the path fit the states so far.
	reached := make([]bool, len(path)+1)
	reached[0] = true
	fill := func() {
		for i, part := range path {
			reached[i+1] = reached[i+1] || reached[i] && part == Gap
		}
	}
	fill()
	for _, state := range entered {
		next := make([]bool, len(reached))
		for i, part := range path {
			next[i+1] = reached[i] && part == state || reached[i+1] && part == Gap
		}
		reached = next
		fill()
	}
	return reached[len(path)]
}

// ShownPath is a path in a line: "A → B → …".
func ShownPath(path []string) string {
	if len(path) == 0 {
		return "(no state)"
	}
	const longest = 60
	shown := slices.Clone(path)
	if len(shown) > longest {
		half := longest / 2
		shown = slices.Concat(shown[:half], []string{fmt.Sprintf("(%d more)", len(path)-longest)}, shown[len(shown)-half:])
	}
	text := strings.Join(shown, " → ")
	return strings.ReplaceAll(text, Gap, "…")
}
