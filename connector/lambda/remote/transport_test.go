package remote

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

type sees func(*http.Request)

func (s sees) RoundTrip(req *http.Request) (*http.Response, error) {
	s(req)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// writer is a body that fails to be written once it is closed, as the SDK's do.
type writer struct{ io.ReadCloser }

func (writer) WriteTo(io.Writer) (int64, error) { return 0, io.EOF }

func TestBodiesCanOnlyBeRead(t *testing.T) {
	for _, tt := range []struct {
		name string
		body io.ReadCloser
		want string
	}{
		{"no body", nil, ""},
		{"an empty one", http.NoBody, ""},
		{"one that can be written", writer{io.NopCloser(strings.NewReader("{}"))}, "{}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sent := &http.Request{Body: tt.body}
			_, err := plainBodies{sees(func(req *http.Request) {
				if req.Body == nil {
					if tt.body != nil {
						t.Error("the body is gone")
					}
					return
				}
				if _, ok := req.Body.(writer); ok {
					t.Error("the body can be written")
				}
				if got, err := io.ReadAll(req.Body); err != nil || string(got) != tt.want {
					t.Errorf("the body reads %q, %v; want %q", got, err, tt.want)
				}
			})}.RoundTrip(sent)
			if err != nil || sent.Body != tt.body {
				t.Errorf("%v; the request itself has to stay as it was", err)
			}
		})
	}
}
