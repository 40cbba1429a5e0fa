package jsonpath

import "github.com/fermata-dev/fermata/expr/value"

// comparedBytes is how much of a text is compared as one value.
const comparedBytes = 256

// compare counts what a comparison of two scalars looks at.
func (e *evaluation) compare(a, b any) error {
	size := 0
	switch a := a.(type) {
	case string:
		b, _ := b.(string)
		size = min(len(a), len(b))
	case value.Number:
		b, _ := b.(value.Number)
		size = len(a) + len(b)
	}
	return e.spend(size / comparedBytes)
}

// equal is value.Equal, and counts what is looked at until the answer is known.
func (e *evaluation) equal(a, b any) (bool, error) {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false, e.spend(1)
		}
		return e.equalArrays(a, b)
	case *value.Object:
		b, ok := b.(*value.Object)
		if !ok || a.Len() != b.Len() {
			return false, e.spend(1)
		}
		return e.equalObjects(a, b)
	}
	if err := e.compare(a, b); err != nil {
		return false, err
	}
	return value.Equal(a, b), nil
}

// equalArrays compares arrays of the same length.
func (e *evaluation) equalArrays(a, b []any) (bool, error) {
	for i := range a {
		if i%lookups == 0 {
			if err := e.spend(1); err != nil {
				return false, err
			}
		}
		if same, err := e.equal(a[i], b[i]); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

// equalObjects compares objects of the same size.
func (e *evaluation) equalObjects(a, b *value.Object) (bool, error) {
	for key, v := range a.All() {
		if err := e.spend(1); err != nil {
			return false, err
		}
		other, ok := b.Get(key)
		if !ok {
			return false, nil
		}
		if same, err := e.equal(v, other); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}
