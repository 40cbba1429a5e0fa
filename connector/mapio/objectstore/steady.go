package objectstore

import (
	"context"
	"errors"
	"io"
)

// attempts is how often in a row reading may fail without a byte in between.
const attempts = 4

// Steady reads an object to its end, whatever becomes of connections: when
// reading fails, it goes on with the next byte of the same content.
type Steady struct {
	store   Store
	ctx     context.Context // that of the open object, as Open has it
	ref     Ref
	next    int64
	size    int64
	object  *Object
	failure int // in a row
}

// OpenSteady opens an object from a byte on. The context lasts as long as the
// object is open.
func OpenSteady(ctx context.Context, store Store, ref Ref, from int64) (*Steady, error) {
	o, err := store.Open(ctx, ref, Range{From: from})
	if err != nil {
		return nil, err
	}
	ref.ETag = o.ETag
	return &Steady{store: store, ctx: ctx, ref: ref, next: from, size: o.Size, object: o}, nil
}

// ETag is that of the content that is read.
func (s *Steady) ETag() string { return s.ref.ETag }

// Size is that of the whole object, or -1.
func (s *Steady) Size() int64 { return s.size }

// Verify says whether the object is still the one that was opened.
func (s *Steady) Verify() error {
	if s.object == nil || s.object.Verify == nil {
		return nil
	}
	return s.object.Verify()
}

// Close closes the object.
func (s *Steady) Close() error {
	if s.object == nil {
		return nil
	}
	o := s.object
	s.object = nil
	return o.Close()
}

// Read reads on.
func (s *Steady) Read(p []byte) (int, error) {
	for {
		if s.object == nil {
			if err := s.reopen(); err != nil {
				return 0, err
			}
		}
		n, err := s.object.Read(p)
		s.next += int64(n)
		if n > 0 {
			s.failure = 0
		}
		if err == nil || errors.Is(err, io.EOF) && (s.size < 0 || s.next >= s.size) {
			return n, err
		}
		if err := s.failed(err); err != nil || n > 0 {
			return n, err
		}
	}
}

// failed drops a connection that broke; its error is for the caller if it breaks
// again and again.
func (s *Steady) failed(err error) error {
	_ = s.Close()
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	if s.failure++; s.failure < attempts {
		return nil
	}
	return &Error{Code: Unavailable, Bucket: s.ref.Bucket, Key: s.ref.Key, Text: "Reading the object " + s.ref.Key + " broke off: " + err.Error(), Err: err}
}

func (s *Steady) reopen() (err error) {
	s.object, err = s.store.Open(s.ctx, s.ref, Range{From: s.next})
	return err
}
