package mapio

import (
	"context"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// source is an object with items in it, and how they are written there.
type source struct {
	objectstore.Ref
	format *itemFormat
	// zipped: the object may be compressed, which its name says.
	zipped bool
}

// pinned is the object with that content; with any if the tag is empty.
func (s *source) pinned(etag string) objectstore.Ref {
	ref := s.Ref
	ref.ETag = etag
	return ref
}

func (s *source) checkSize(size int64) error {
	if most := s.format.limits.ObjectBytes; most > 0 && size > most {
		return faultf("The object %s has %d bytes; at most %d are allowed.", s.Key, size, most)
	}
	return nil
}

// stream gives items one after the other.
type stream interface {
	// next appends the next item to dst, as compact JSON. The error is io.EOF after
	// the last item.
	next(dst []byte) ([]byte, error)
	// position is where the item begins that next would give.
	position() position
	// verify says whether the objects are still those that items were read from.
	verify() error
	Close() error
}

// open opens an object at a place. The context lasts as long as the stream.
func (s source) open(ctx context.Context, store objectstore.Store, at position) (stream, error) {
	switch s.format.inputType {
	case inputCSV:
		return openCSV(ctx, store, s, at)
	case inputJSONL:
		return openLines(ctx, store, s, at)
	case inputParquet:
		return openParquet(ctx, store, s, at)
	}
	return openArray(ctx, store, s, at)
}
