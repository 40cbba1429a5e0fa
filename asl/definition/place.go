package definition

import (
	"strconv"
	"strings"
)

// place is a position in the definition, in both notations of a Diagnostic.
type place struct {
	location string // "/States/C/Choices[0]", "" for the whole
	pointer  string // "/States/C/Choices/0", "" for the whole
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// field is the place of a member.
func (p place) field(name string) place {
	pointerName := name
	if strings.ContainsAny(name, "~/") {
		pointerName = pointerEscapes.Replace(name)
	}
	return place{location: p.location + "/" + name, pointer: p.pointer + "/" + pointerName}
}

// item is the place of an array's item.
func (p place) item(i int) place {
	n := strconv.Itoa(i)
	return place{location: p.location + "[" + n + "]", pointer: p.pointer + "/" + n}
}
