package s3store

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// at is a store whose endpoint is a handler.
func at(t *testing.T, h http.HandlerFunc) *Store {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	for key, v := range map[string]string{
		"AWS_ENDPOINT_URL": s.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PROFILE": "", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(key, v)
	}
	return New(Config{})
}

func read(t *testing.T, s *Store, ref objectstore.Ref, part objectstore.Range) (string, *objectstore.Object) {
	t.Helper()
	o, err := s.Open(context.Background(), ref, part)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(o)
	if err := errors.Join(err, o.Close()); err != nil {
		t.Fatal(err)
	}
	return string(b), o
}

// TestPartsOfAnObject: by a server that knows ranges, and by one that does not.
func TestPartsOfAnObject(t *testing.T) {
	const content = "0123456789"
	for name, ranges := range map[string]bool{"ranges": true, "no ranges": false} {
		var path string
		s := at(t, func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.Path
			w.Header().Set("ETag", `"1"`)
			if ranges {
				http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
				return
			}
			_, _ = io.WriteString(w, content)
		})
		for _, c := range []struct {
			part objectstore.Range
			want string
		}{
			{objectstore.Range{}, content},
			{objectstore.Range{From: 3}, "3456789"},
			{objectstore.Range{From: 3, Length: 2}, "34"},
			{objectstore.Range{Length: 4}, "0123"},
			{objectstore.Range{From: 8, Length: 9}, "89"},
			{objectstore.Range{From: 10}, ""},
		} {
			got, o := read(t, s, objectstore.Ref{Bucket: "b", Key: "a/k"}, c.part)
			if got != c.want || o.Size != 10 || o.ETag != `"1"` {
				t.Errorf("%s, %v: got %q of %d with %s", name, c.part, got, o.Size, o.ETag)
			}
		}
		if path != "/b/a/k" {
			t.Errorf("asked for %s: at an endpoint of its own, the bucket is in the path", path)
		}
	}
}

func TestAnObjectWithAnotherTag(t *testing.T) {
	for _, refuses := range []bool{true, false} {
		s := at(t, func(w http.ResponseWriter, r *http.Request) {
			if refuses && r.Header.Get("If-Match") != `"2"` {
				w.WriteHeader(http.StatusPreconditionFailed)
				return
			}
			w.Header().Set("ETag", `"2"`)
		})
		if _, err := s.Open(context.Background(), objectstore.Ref{Bucket: "b", Key: "k", ETag: `"1"`}, objectstore.Range{}); !objectstore.HasCode(err, objectstore.Changed) {
			t.Errorf("got %v", err)
		}
	}
}

func TestErrorsOfTheService(t *testing.T) {
	for _, c := range []struct {
		status     int
		code, text string
		want       string
		kind       objectstore.Code
	}{
		{404, "NoSuchKey", "", "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: REQ, Extended Request ID: HOST)", objectstore.Missing},
		{404, "NoSuchBucket", "The specified bucket does not exist", "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: REQ, Extended Request ID: HOST)", objectstore.Missing},
		{403, "AccessDenied", "Access Denied", "Access Denied (Service: S3, Status Code: 403, Request ID: REQ, Extended Request ID: HOST)", objectstore.Denied},
		{500, "InternalError", "We are sorry", "We are sorry (Service: S3, Status Code: 500, Request ID: REQ, Extended Request ID: HOST)", objectstore.Unavailable},
	} {
		s := at(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amz-Request-Id", "REQ")
			w.Header().Set("X-Amz-Id-2", "HOST")
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, "<Error><Code>"+c.code+"</Code><Message>"+c.text+"</Message></Error>")
		})
		_, err := s.Open(context.Background(), objectstore.Ref{Bucket: "b", Key: "k"}, objectstore.Range{})
		if err == nil || err.Error() != c.want || !objectstore.HasCode(err, c.kind) {
			t.Errorf("%s: got %v", c.code, err)
		}
	}
}

func TestWithoutARegionOrAServer(t *testing.T) {
	s := at(t, func(http.ResponseWriter, *http.Request) {})
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	if _, _, err := s.List(context.Background(), "b", "", ""); !objectstore.HasCode(err, objectstore.Unavailable) || !strings.HasPrefix(err.Error(), "Unable to execute HTTP request: ") {
		t.Errorf("got %v", err)
	}
	t.Setenv("AWS_REGION", "")
	if err := New(Config{}).Put(context.Background(), "b", "k", "", nil); err == nil || !strings.Contains(err.Error(), "AWS_REGION") {
		t.Errorf("got %v", err)
	}
	failing := New(Config{Load: func(context.Context) (aws.Config, error) { return aws.Config{}, errors.New("no file") }})
	if err := failing.Put(context.Background(), "b", "k", "", nil); err == nil || !strings.Contains(err.Error(), "no file") {
		t.Errorf("got %v", err)
	}
}
