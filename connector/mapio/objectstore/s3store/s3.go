// Package s3store is an object store in Amazon S3, or wherever AWS_ENDPOINT_URL_S3
// or AWS_ENDPOINT_URL point to. Buckets at such an endpoint are addressed by path.
//
// Region, credentials and endpoint come from the standard AWS configuration
// (environment, shared files, instance roles), which is read when the first
// object is used: a project without readers and writers needs none.
package s3store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// Config of a Store. The zero value is the standard AWS configuration.
type Config struct {
	// Load reads the AWS configuration; nil for config.LoadDefaultConfig.
	Load func(ctx context.Context) (aws.Config, error)
}

// Store is an objectstore.Store.
type Store struct {
	config Config

	mu     sync.Mutex // guards client; never held during I/O
	client *sdk.Client
}

// New is a store. Nothing is read or connected yet.
func New(c Config) *Store {
	if c.Load == nil {
		c.Load = func(ctx context.Context) (aws.Config, error) { return config.LoadDefaultConfig(ctx) }
	}
	return &Store{config: c}
}

// connect is the SDK's client, made when it is first needed.
func (s *Store) connect(ctx context.Context) (*sdk.Client, error) {
	s.mu.Lock()
	client := s.client
	s.mu.Unlock()
	if client != nil {
		return client, nil
	}
	loaded, err := s.config.Load(ctx)
	if err != nil {
		return nil, unavailable(fmt.Errorf("the AWS configuration cannot be read: %w", err))
	}
	if loaded.Region == "" {
		return nil, unavailable(errors.New("no AWS region is configured: set AWS_REGION, or map the bucket to a folder"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client == nil {
		s.client = sdk.NewFromConfig(loaded, byPath)
	}
	return s.client, nil
}

// byPath has the buckets of a configured endpoint in the path: hardly any but
// AWS's own has a host name for each.
func byPath(o *sdk.Options) {
	o.UsePathStyle = o.UsePathStyle || o.BaseEndpoint != nil
	o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	o.DisableLogOutputChecksumValidationSkipped = true
}

// Open gets an object. A server that does not know ranges gives all of it; what
// was not asked for is skipped.
func (s *Store) Open(ctx context.Context, ref objectstore.Ref, at objectstore.Range) (*objectstore.Object, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	out, err := client.GetObject(ctx, getting(ref, at))
	if status(err) == http.StatusRequestedRangeNotSatisfiable {
		return s.openAtEnd(ctx, client, ref)
	}
	if err != nil {
		return nil, failure(ctx, ref.Bucket, ref.Key, err)
	}
	object, err := opened(out, at)
	if err == nil && ref.ETag != "" && object.ETag != ref.ETag {
		err = objectstore.ChangedError(ref.Bucket, ref.Key)
	}
	if err != nil {
		_ = out.Body.Close()
		return nil, err
	}
	return object, nil
}

func getting(ref objectstore.Ref, at objectstore.Range) *sdk.GetObjectInput {
	in := &sdk.GetObjectInput{Bucket: &ref.Bucket, Key: &ref.Key}
	if ref.Version != "" {
		in.VersionId = &ref.Version
	}
	if ref.ETag != "" {
		in.IfMatch = &ref.ETag
	}
	switch {
	case at.Length > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", at.From, at.From+at.Length-1))
	case at.From > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", at.From))
	}
	return in
}

// openAtEnd is the object when no byte is left to be read.
func (s *Store) openAtEnd(ctx context.Context, client *sdk.Client, ref objectstore.Ref) (*objectstore.Object, error) {
	out, err := client.GetObject(ctx, getting(ref, objectstore.Range{}))
	if err != nil {
		return nil, failure(ctx, ref.Bucket, ref.Key, err)
	}
	_ = out.Body.Close()
	return &objectstore.Object{ReadCloser: http.NoBody, ETag: aws.ToString(out.ETag), Size: aws.ToInt64(out.ContentLength)}, nil
}

func opened(out *sdk.GetObjectOutput, at objectstore.Range) (*objectstore.Object, error) {
	object := &objectstore.Object{ReadCloser: out.Body, ETag: aws.ToString(out.ETag), Size: size(out)}
	if out.ContentRange != nil || at == (objectstore.Range{}) {
		return object, nil
	}
	if _, err := io.CopyN(io.Discard, out.Body, at.From); err != nil && !errors.Is(err, io.EOF) {
		return nil, unavailable(err)
	}
	if at.Length > 0 {
		object.ReadCloser = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(out.Body, at.Length), out.Body}
	}
	return object, nil
}

// size of the whole object, from "bytes 0-9/100" or the length of the answer.
func size(out *sdk.GetObjectOutput) int64 {
	if out.ContentRange == nil {
		if out.ContentLength == nil {
			return -1
		}
		return *out.ContentLength
	}
	_, total, _ := strings.Cut(*out.ContentRange, "/")
	n, err := strconv.ParseInt(total, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// List lists a page of objects.
func (s *Store) List(ctx context.Context, bucket, prefix, after string) ([]objectstore.Entry, bool, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return nil, false, err
	}
	in := &sdk.ListObjectsV2Input{Bucket: &bucket}
	if prefix != "" {
		in.Prefix = &prefix
	}
	if after != "" {
		in.StartAfter = &after
	}
	out, err := client.ListObjectsV2(ctx, in)
	if err != nil {
		return nil, false, failure(ctx, bucket, "", err)
	}
	entries := make([]objectstore.Entry, 0, len(out.Contents))
	for _, o := range out.Contents {
		if aws.ToString(o.Key) <= after {
			continue // a server that does not know where to start
		}
		entries = append(entries, objectstore.Entry{
			Key: aws.ToString(o.Key), ETag: aws.ToString(o.ETag), LastModified: aws.ToTime(o.LastModified),
			Size: aws.ToInt64(o.Size), StorageClass: cmp.Or(string(o.StorageClass), "STANDARD"),
		})
	}
	return entries, aws.ToBool(out.IsTruncated) && len(entries) > 0, nil
}

// Put writes an object.
func (s *Store) Put(ctx context.Context, bucket, key, contentType string, body []byte) error {
	client, err := s.connect(ctx)
	if err != nil {
		return err
	}
	_, err = client.PutObject(ctx, &sdk.PutObjectInput{Bucket: &bucket, Key: &key, ContentType: &contentType, Body: bytes.NewReader(body)})
	if err != nil {
		return failure(ctx, bucket, key, err)
	}
	return nil
}

// status is the HTTP status of a failed call, or 0.
func status(err error) int {
	var response *awshttp.ResponseError
	if !errors.As(err, &response) {
		return 0
	}
	return response.HTTPStatusCode()
}
