// Package objectstore says what a place of objects is for the readers and
// writers of distributed Maps: buckets with objects under keys, read from any
// byte on, listed in the order of their keys, and written whole.
package objectstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Store is a place of objects. It may be used by any number of goroutines.
// Errors that say something about an object are of type *Error.
type Store interface {
	// Open gives the bytes of an object from a position on. The context lasts as
	// long as the object is open.
	Open(ctx context.Context, ref Ref, at Range) (*Object, error)
	// List gives objects whose keys begin with the prefix and come after a key, in
	// the order of their bytes, and says whether there are more.
	List(ctx context.Context, bucket, prefix, after string) (page []Entry, more bool, err error)
	// Put writes an object whole: whoever reads sees all of it or none of it.
	Put(ctx context.Context, bucket, key, contentType string, body []byte) error
}

// Ref names an object.
type Ref struct {
	Bucket, Key string
	// Version is the id of a version, or empty for the newest.
	Version string
	// ETag, if not empty, is that of the content that is meant. If the object has
	// another by now, Open fails with Changed.
	ETag string
}

// Range is a part of an object.
type Range struct {
	From int64
	// Length is how many bytes are wanted; all that follow if zero. There may be
	// fewer.
	Length int64
}

// Object is an open object.
type Object struct {
	io.ReadCloser
	ETag string
	// Size is that of the whole object, or -1 if it is not known.
	Size int64
	// Verify says whether what was read is still the content of the object. Nil if
	// an open object cannot change.
	Verify func() error
}

// Entry is an object of a listing.
type Entry struct {
	Key          string
	ETag         string // with its quotes
	LastModified time.Time
	Size         int64
	StorageClass string
}

// Code says what is wrong with an object.
type Code int

// The codes.
const (
	// Unavailable: the place did not answer, or not in a way that can be used.
	Unavailable Code = iota
	// Missing: there is no such bucket or object.
	Missing
	// Denied: it may not be read or written.
	Denied
	// Changed: the object is not the one that was begun with.
	Changed
	// Invalid: the bucket or key cannot name an object there.
	Invalid
)

// Error is a failure that concerns one object or bucket.
type Error struct {
	Code        Code
	Bucket, Key string
	// Text is what a user is told; it needs neither bucket nor key to be
	// understood, but for the codes Changed and Invalid.
	Text string
	Err  error // the cause, or nil
}

func (e *Error) Error() string { return e.Text }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// HasCode says whether err is an *Error of that code.
func HasCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// ChangedError is the error of an object that is no longer what it was.
func ChangedError(bucket, key string) *Error {
	return &Error{Code: Changed, Bucket: bucket, Key: key, Text: fmt.Sprintf("The object %s in bucket %s was changed while it was being read.", key, bucket)}
}
