package mapio

import (
	"context"
	"errors"
	"io"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// array is the items of a JSON file: the elements of the array that the file is,
// or that a pointer selects in it.
type array struct {
	*document
	limit int
	item  []byte // the element as it is written
	begun bool   // there were elements before
	whole bool   // the array is the whole file
}

func openArray(ctx context.Context, store objectstore.Store, s source, at position) (stream, error) {
	t, err := openText(ctx, store, s, at)
	if err != nil {
		return nil, err
	}
	a := &array{document: &document{t}, limit: s.format.limits.ItemBytes, begun: at.Offset > 0, whole: len(s.format.pointer) == 0}
	if !a.begun {
		err = a.enter(s.format)
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return a, nil
}

// enter goes to the first element.
func (a *array) enter(f *itemFormat) error {
	if err := a.find(f.pointer, a.limit); err != nil {
		return err
	}
	b, err := a.peek()
	if err != nil {
		return err
	}
	if b != '[' {
		return fault("Attempting to map over non-iterable node.")
	}
	a.skip()
	return nil
}

func (a *array) next(dst []byte) ([]byte, error) {
	b, err := a.peek()
	if err != nil {
		return dst, err
	}
	if b == ']' {
		return dst, a.end()
	}
	if a.begun {
		if b != ',' {
			return dst, a.unexpected(b, "a comma or the end of the array")
		}
		a.skip()
		if _, err := a.peek(); err != nil {
			return dst, err
		}
	}
	start := a.offset
	if a.item, err = a.value(a.item[:0], a.limit); err != nil {
		return dst, err
	}
	if err := value.Valid(a.item); err != nil {
		return dst, elementFault(err, start)
	}
	a.begun = true
	a.line++
	return value.AppendCompact(dst, a.item), nil
}

// end is io.EOF, if nothing follows that does not belong there.
func (a *array) end() error {
	if !a.whole {
		return io.EOF
	}
	a.skip()
	b, err := a.first()
	if err == nil {
		return a.unexpected(b, "the end of the file")
	}
	return err
}

func elementFault(err error, start int64) error {
	var syntax *value.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	return faultf("The object is not valid JSON: %s, at byte %d.", syntax.Msg, start+int64(syntax.Offset))
}
