package mapio

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// Given reads the items out of an object whose content the caller has, as a
// ReaderConfig says: the text of a JSON array. What other objects hold, such as
// those that a manifest names, cannot be read.
func Given(ctx context.Context, config *value.Object, content []byte, limits Limits) ([]byte, error) {
	limits = limits.withDefaults()
	format, err := readFormat(config, false, &limits)
	if err != nil {
		return nil, err
	}
	r := &reading{ref: objectstore.Ref{Bucket: "given", Key: "content"}, format: format}
	s, err := r.open(ctx, handed(content))
	if err != nil {
		return nil, err
	}
	defer s.Close()
	out := []byte{'['}
	for n := 0; ; n++ {
		before := len(out)
		if n > 0 {
			out = append(out, ',')
		}
		out, err = s.next(out)
		if errors.Is(err, io.EOF) {
			return append(out[:before], ']'), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// handed is a place that holds one object.
type handed []byte

func (h handed) Open(_ context.Context, ref objectstore.Ref, at objectstore.Range) (*objectstore.Object, error) {
	if ref.Bucket != "given" {
		return nil, &objectstore.Error{Code: objectstore.Missing, Bucket: ref.Bucket, Key: ref.Key,
			Text: "The object " + ref.Key + " in bucket " + ref.Bucket + " is not there: only the content of one object is given."}
	}
	part := h[min(at.From, int64(len(h))):]
	if at.Length > 0 {
		part = part[:min(at.Length, int64(len(part)))]
	}
	return &objectstore.Object{ReadCloser: io.NopCloser(bytes.NewReader(part)), ETag: `"given"`, Size: int64(len(h))}, nil
}

func (h handed) List(_ context.Context, bucket, _, _ string) ([]objectstore.Entry, bool, error) {
	_, err := h.Open(context.Background(), objectstore.Ref{Bucket: bucket}, objectstore.Range{})
	return nil, false, err
}

func (h handed) Put(_ context.Context, bucket, key, _ string, _ []byte) error {
	return &objectstore.Error{Code: objectstore.Denied, Bucket: bucket, Key: key, Text: "Nothing is written to content that is given."}
}
