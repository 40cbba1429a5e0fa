package mapio

import (
	"context"
	"errors"
	"io"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// objects name objects one after the other.
type objects interface {
	// object is the next, or io.EOF.
	object() (place, error)
	// position is where the object begins that object would name.
	position() position
	verify() error
	Close() error
}

// flat is the items of several objects as one stream.
type flat struct {
	ctx    context.Context // as long as the stream lasts
	store  objectstore.Store
	form   source // of each object
	outer  objects
	object place
	inner  stream // nil between two objects
}

// openFlat goes on with the object that the position names, if it names one.
func openFlat(ctx context.Context, store objectstore.Store, form source, outer objects, at position) (*flat, error) {
	f := &flat{ctx: ctx, store: store, form: form, outer: outer}
	if at.Inner == nil {
		return f, nil
	}
	if err := f.enter(*at.Object, *at.Inner); err != nil {
		return nil, errors.Join(err, outer.Close())
	}
	return f, nil
}

func (f *flat) enter(object place, at position) (err error) {
	s := f.form
	s.Bucket, s.Key = object.Bucket, object.Key
	f.object = object
	f.inner, err = s.open(f.ctx, f.store, at)
	return f.named(err)
}

// named says in which object something is wrong.
func (f *flat) named(err error) error {
	var wrong fault
	if errors.As(err, &wrong) {
		return faultf("%s (Object %s of bucket %s)", wrong, f.object.Key, f.object.Bucket)
	}
	return err
}

func (f *flat) next(dst []byte) ([]byte, error) {
	for {
		if f.inner == nil {
			object, err := f.outer.object()
			if err == nil {
				err = f.enter(object, position{})
			}
			if err != nil {
				return dst, err
			}
		}
		out, err := f.inner.next(dst)
		if !errors.Is(err, io.EOF) {
			return out, f.named(err)
		}
		if err := f.leave(); err != nil {
			return dst, err
		}
	}
}

func (f *flat) leave() error {
	err := f.inner.verify()
	if failed := f.inner.Close(); err == nil {
		err = failed
	}
	f.inner = nil
	return err
}

func (f *flat) position() position {
	p := f.outer.position()
	if f.inner != nil {
		inner, object := f.inner.position(), f.object
		p.Inner, p.Object = &inner, &object
	}
	return p
}

func (f *flat) verify() error {
	if f.inner != nil {
		if err := f.inner.verify(); err != nil {
			return err
		}
	}
	return f.outer.verify()
}

// Close gives everything up.
func (f *flat) Close() error {
	err := f.outer.Close()
	if f.inner != nil {
		err = errors.Join(err, f.inner.Close())
	}
	return err
}
