package mapio

import (
	"context"
	"io"
	"strconv"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// listing is the objects of a bucket, in the order of their keys. What is
// written or removed while it is read may be in it or not.
type listing struct {
	ctx            context.Context // as long as the stream lasts
	store          objectstore.Store
	bucket, prefix string
	after          string // the last key that was given
	page           []objectstore.Entry
	last           bool // there is no page after this one
}

func openListing(ctx context.Context, store objectstore.Store, bucket, prefix string, at position) *listing {
	return &listing{ctx: ctx, store: store, bucket: bucket, prefix: prefix, after: at.Key}
}

// entry is the next object, or io.EOF.
func (l *listing) entry() (objectstore.Entry, error) {
	for len(l.page) == 0 {
		if l.last {
			return objectstore.Entry{}, io.EOF
		}
		page, more, err := l.store.List(l.ctx, l.bucket, l.prefix, l.after)
		if err != nil {
			return objectstore.Entry{}, err
		}
		l.page, l.last = page, !more
	}
	e := l.page[0]
	l.page, l.after = l.page[1:], e.Key
	return e, nil
}

// next appends an object as ListObjectsV2 describes it.
func (l *listing) next(dst []byte) ([]byte, error) {
	e, err := l.entry()
	if err != nil {
		return dst, err
	}
	dst = value.AppendString(append(dst, `{"Etag":`...), e.ETag)
	dst = append(dst, `,"LastModified":`...)
	dst = strconv.AppendFloat(dst, float64(e.LastModified.UnixMilli())/1000, 'f', -1, 64)
	if e.LastModified.UnixMilli()%1000 == 0 {
		dst = append(dst, ".0"...) // a floating number, whatever it is
	}
	dst = value.AppendString(append(dst, `,"Key":`...), e.Key)
	dst = strconv.AppendInt(append(dst, `,"Size":`...), e.Size, 10)
	dst = value.AppendString(append(dst, `,"StorageClass":`...), e.StorageClass)
	return append(dst, '}'), nil
}

// object is the next object with something in it: keys that end with a slash
// stand for folders.
func (l *listing) object() (place, error) {
	for {
		e, err := l.entry()
		if err != nil {
			return place{}, err
		}
		if e.Size > 0 {
			return place{Bucket: l.bucket, Key: e.Key}, nil
		}
	}
}

func (l *listing) position() position { return position{Key: l.after} }

// verify: a listing is never out of date.
func (l *listing) verify() error { return nil }

// Close has nothing to give up.
func (l *listing) Close() error { return nil }
