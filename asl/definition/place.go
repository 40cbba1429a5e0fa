package definition

import (
	"slices"
	"strconv"
	"strings"
)

// place is a position in the definition, or in what a state computes: the way to it. The
// texts of it are made only where they are told (see teller), as they can be long, and
// places many. Without anything above it is the whole, whose name goes before all others.
type place struct {
	above  *place
	name   string // of a member
	index  int    // of an item
	isItem bool
	silent bool // its location is that of what is above
}

// field is the place of a member.
func (p place) field(name string) place { return place{above: &p, name: name} }

// item is the place of an array's item.
func (p place) item(i int) place { return place{above: &p, index: i, isItem: true} }

// fieldOf is the place of a member that AWS locates at the object which has it.
func (p place) fieldOf(name string) place { return place{above: &p, name: name, silent: true} }

// itemOf is the place of an item that AWS locates at what has the array.
func (p place) itemOf(i int) place { return place{above: &p, index: i, isItem: true, silent: true} }

// way is the places from the whole to p.
func (p *place) way() []*place {
	var way []*place
	for ; p != nil; p = p.above {
		way = append(way, p)
	}
	slices.Reverse(way)
	return way
}

// location is the place as AWS writes it: "/States/C/Choices[0]", "" for the whole.
func (p place) location() string {
	var text strings.Builder
	for _, step := range p.way() {
		switch {
		case step.above == nil:
			text.WriteString(step.name)
		case step.silent:
		case step.isItem:
			text.WriteString("[" + strconv.Itoa(step.index) + "]")
		default:
			text.WriteString("/" + step.name)
		}
	}
	return text.String()
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// pointer is the place as a JSON pointer: "/States/C/Choices/0", "" for the whole.
func (p place) pointer() string {
	var text strings.Builder
	for _, step := range p.way()[1:] {
		token := step.name
		if step.isItem {
			token = strconv.Itoa(step.index)
		}
		text.WriteString("/" + pointerEscapes.Replace(token))
	}
	return text.String()
}

// The texts of places that are told in full for one definition, in bytes, and how much of a
// name is told beyond.
const (
	maxTold = 16 << 20
	cutTold = 256
)

// teller makes the texts of places. A definition of a megabyte can have a hundred thousand
// places below a name of half a megabyte, or below a thousand others.
type teller struct{ told int }

func (t *teller) location(p place) string { return t.tell(p.location, p) }

func (t *teller) pointer(p place) string { return t.tell(p.pointer, p) }

func (t *teller) tell(text func() string, p place) string {
	if t.told > maxTold {
		return p.short()
	}
	full := text()
	t.told += len(full)
	return full
}

// short is the beginning of the location of a place that is not told in full.
func (p place) short() string {
	for p.above != nil && p.above.above != nil && p.above.above.above != nil {
		p = *p.above // "/States/A" tells most
	}
	text := ""
	for ; p.above != nil; p = *p.above {
		text = "/" + beginning(p.name) + text
	}
	return beginning(p.name) + text + "…"
}

// beginning is what a place that is not told in full shows of a name.
func beginning(name string) string {
	if len(name) <= cutTold {
		return name
	}
	return strings.ToValidUTF8(name[:cutTold], "")
}
