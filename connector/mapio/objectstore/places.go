package objectstore

import "context"

// Places is a Store of several: some buckets have a place of their own, all
// others are in one.
type Places struct {
	Named map[string]Store
	// Others has every bucket that is not named; nil if there are none.
	Others Store
}

// of is where a bucket is.
func (p *Places) of(bucket string) (Store, error) {
	if s := p.Named[bucket]; s != nil {
		return s, nil
	}
	if p.Others == nil {
		return nil, &Error{Code: Missing, Bucket: bucket, Text: "The bucket " + bucket + " is no configured folder, and S3 is not configured."}
	}
	return p.Others, nil
}

// Open opens an object where its bucket is.
func (p *Places) Open(ctx context.Context, ref Ref, at Range) (*Object, error) {
	s, err := p.of(ref.Bucket)
	if err != nil {
		return nil, err
	}
	return s.Open(ctx, ref, at)
}

// List lists objects where their bucket is.
func (p *Places) List(ctx context.Context, bucket, prefix, after string) ([]Entry, bool, error) {
	s, err := p.of(bucket)
	if err != nil {
		return nil, false, err
	}
	return s.List(ctx, bucket, prefix, after)
}

// Put writes an object where its bucket is.
func (p *Places) Put(ctx context.Context, bucket, key, contentType string, body []byte) error {
	s, err := p.of(bucket)
	if err != nil {
		return err
	}
	return s.Put(ctx, bucket, key, contentType, body)
}
