package value

// Equal says whether a and b are the same JSON value: numbers by what they
// are worth (1 is 1.0), objects whatever the order of their members.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	case Number:
		b, ok := b.(Number)
		return ok && equalNumbers(a, b)
	case string:
		b, ok := b.(string)
		return ok && a == b
	case []any:
		b, ok := b.([]any)
		return ok && equalArrays(a, b)
	case *Object:
		b, ok := b.(*Object)
		return ok && equalObjects(a, b)
	}
	panic(foreign(a))
}

func equalNumbers(a, b Number) bool {
	if a == b {
		return true
	}
	x, okX := decimalOf(string(a))
	y, okY := decimalOf(string(b))
	return okX && okY && x.equal(&y)
}

func equalArrays(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalObjects(a, b *Object) bool {
	if a == b {
		return true
	}
	if a.Len() != b.Len() {
		return false
	}
	for i := range a.members {
		other, ok := b.Get(a.members[i].key)
		if !ok || !Equal(a.members[i].value, other) {
			return false
		}
	}
	return true
}
