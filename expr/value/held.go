package value

// Held estimates the memory that the document holds beyond its text: that of its
// value, once it was made, and of a compact text that is another one. A document
// that came as a value shares most parts with those that it was made of: half of
// it is counted. It is cheap: a value is looked at once.
func (d *Document) Held() int {
	held := 0
	if d.compact != nil && len(d.compact) != len(d.text) {
		held = len(d.compact)
	}
	if d.text == nil || !d.parsed {
		return held
	}
	switch {
	case d.held > 0:
	case d.made:
		d.held = 1 + footprint(d.value)/2
	default:
		d.held = len(d.text) + footprint(d.value) // strings are parts of a copy of the text
	}
	return held + d.held
}

// The memory of the parts of a value, in bytes.
const (
	boxBytes    = 16 // a string or number behind its interface
	sliceBytes  = 24 // the same of a slice
	objectBytes = 32
	memberBytes = 32
	indexBytes  = 40 // a member in the index of an object that has one
)

// footprint estimates the memory of a value without the bytes of its strings.
func footprint(v any) int {
	size := 0
	switch v := v.(type) {
	case string, Number:
		size = boxBytes
	case []any:
		size = sliceBytes + boxBytes*cap(v)
		for _, item := range v {
			size += footprint(item)
		}
	case *Object:
		size = objectBytes + memberBytes*cap(v.members) + indexBytes*len(v.index)
		for i := range v.members {
			size += footprint(v.members[i].value)
		}
	}
	return size
}
