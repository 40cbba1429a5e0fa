package mapio

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"go.uber.org/goleak"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapio/objectstore/s3store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is the places that tests read from and write to: the bucket "files" is a
// folder, the bucket "objects" is in S3.
type world struct {
	dir    string
	s3     *s3mem.Backend
	config Config
}

const (
	files = "files"
	inS3  = "objects"
)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), s3: s3mem.New()}
	server := httptest.NewServer(gofakes3.New(w.s3, gofakes3.WithLogger(gofakes3.StdLog(log.New(io.Discard, "", 0)))).Server())
	t.Cleanup(server.Close)
	transport := server.Client()
	w.config = Config{
		Roots: map[string]string{files: w.dir},
		S3: &s3store.Config{Load: func(context.Context) (aws.Config, error) {
			return aws.Config{
				Region: "us-east-1", BaseEndpoint: &server.URL, HTTPClient: transport,
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
				}),
			}, nil
		}},
	}
	if err := w.s3.CreateBucket(inS3); err != nil {
		t.Fatal(err)
	}
	return w
}

// put writes an object into a bucket, without the code under test.
func (w *world) put(t testing.TB, bucket, key, body string) {
	t.Helper()
	if bucket == inS3 {
		if _, err := w.s3.PutObject(inS3, key, nil, strings.NewReader(body), int64(len(body)), nil); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(w.dir, filepath.FromSlash(key))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(body), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// get is what lies in a bucket, read without the code under test.
func (w *world) get(t testing.TB, bucket, key string) string {
	t.Helper()
	if bucket == inS3 {
		o, err := w.s3.GetObject(inS3, key, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Contents.Close()
		b, err := io.ReadAll(o.Contents)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	b, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(key)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (w *world) connector(t testing.TB) *Connector {
	t.Helper()
	c, err := New(w.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// ask is the payload of a read, in the order in which it is written down.
type ask struct {
	Resource     string
	ReaderConfig json.RawMessage `json:",omitempty"`
	Parameters   map[string]string
	Cursor       string
	MaxItems     int
	BlockItems   int
	BlockBytes   int
}

func getting(bucket, key, config string) ask {
	return ask{Resource: "arn:aws:states:::s3:getObject", ReaderConfig: json.RawMessage(config), Parameters: map[string]string{"Bucket": bucket, "Key": key}}
}

func listingOf(bucket, prefix, config string) ask {
	a := ask{Resource: "arn:aws:states:::s3:listObjectsV2", ReaderConfig: json.RawMessage(config), Parameters: map[string]string{"Bucket": bucket}}
	if prefix != "" {
		a.Parameters["Prefix"] = prefix
	}
	return a
}

// answer is what a read gives.
type answer struct {
	Items   []json.RawMessage
	Cursor  string
	Done    bool
	Sources json.RawMessage
}

func invoke(c *Connector, action string, payload any) ([]byte, error) {
	text, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	return c.Invoke(context.Background(), &connector.Call{Action: action, Payload: text})
}

func (a ask) of(c *Connector) (answer, error) {
	b, err := invoke(c, ActionRead, a)
	if err != nil {
		return answer{}, err
	}
	var out answer
	return out, json.Unmarshal(b, &out)
}

// all reads block by block, from a connector each.
func (a ask) all(from func() *Connector) ([]string, error) {
	items, left := []string{}, a.MaxItems
	for {
		b, err := a.of(from())
		if err != nil {
			return items, err
		}
		for _, i := range b.Items {
			items = append(items, string(i))
		}
		if b.Done {
			return items, nil
		}
		a.Cursor = b.Cursor
		if left > 0 {
			a.MaxItems = left - len(items)
		}
	}
}

// failed checks that an error is that of a workflow, with that cause.
func failed(t *testing.T, err error, name, cause string) {
	t.Helper()
	var e *connector.Error
	if !errors.As(err, &e) || e.Name != name || e.Cause != cause {
		t.Errorf("got %v\nwant %s: %s", err, name, cause)
	}
}
