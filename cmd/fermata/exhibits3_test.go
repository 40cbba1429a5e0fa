package main

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// TestExhibitObjectsOfS3 is over objects of a bucket in S3, as a listing gives them,
// and over the rows and lines of one; the results are in S3, too.
func TestExhibitObjectsOfS3(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a server; run without -short")
	}
	binary := builtServer(t)
	const get, list = "arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"
	for _, c := range []struct{ name, resource, place, config, member, row, header string }{
		{"listing", list, `"Prefix":"in/"`, `{}`, "Key", "", ""},
		{"CSV", get, `"Key":"items"`, `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`, "id", "%s\n", "id\n"},
		{"JSON Lines", get, `"Key":"items"`, `{"InputType":"JSONL"}`, "id", "{\"id\":%q}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &exhibit{crash: mapCrash(t, binary, "STANDARD"), n: *exhibitObjects}
			s3 := e.fakeS3()
			e.name = e.item
			if c.row == "" {
				e.name = func(i int) string { return "in/" + e.item(i) }
				for i := range e.n {
					put(t, s3, e.name(i), "x")
				}
			} else {
				text := []byte(c.header)
				for i := range e.n {
					text = fmt.Appendf(text, c.row, e.item(i))
				}
				put(t, s3, "items", string(text))
			}
			reader := fmt.Sprintf(`{"Resource":%q,"Arguments":{"Bucket":"data",%s},"ReaderConfig":%s}`, c.resource, c.place, c.config)
			tolerance := fmt.Sprintf(`"ToleratedFailurePercentage":%g`, 100*(float64(e.tolerated())+0.5)/float64(e.n))
			e.machine(tolerance, c.member, reader)
			e.show()
		})
	}
}

// fakeS3 is an S3 with the bucket "data", in which the results are looked for. The
// servers find it by their environment.
func (e *exhibit) fakeS3() *s3mem.Backend {
	e.t.Helper()
	s3 := s3mem.New()
	if err := s3.CreateBucket("data"); err != nil {
		e.t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(s3, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	e.t.Cleanup(server.Close)
	e.flags = nil
	for name, v := range map[string]string{
		"AWS_ENDPOINT_URL_S3": server.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret",
	} {
		e.t.Setenv(name, v)
	}
	e.read = func(key string) ([]byte, error) {
		o, err := s3.GetObject("data", key, nil)
		if err != nil {
			return nil, err
		}
		defer o.Contents.Close()
		return io.ReadAll(o.Contents)
	}
	return s3
}

func put(t *testing.T, s3 *s3mem.Backend, key, text string) {
	t.Helper()
	if _, err := s3.PutObject("data", key, nil, strings.NewReader(text), int64(len(text)), nil); err != nil {
		t.Fatal(err)
	}
}
