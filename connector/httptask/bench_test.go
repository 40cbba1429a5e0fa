package httptask

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func local(b *testing.B) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"order":1,"state":"done"}`)
	}))
	b.Cleanup(s.Close)
	return s.URL
}

const body = `{"order":1,"items":["a","b"]}`

func BenchmarkInvoke(b *testing.B) {
	t := task(b, open)
	c := call(`{"ApiEndpoint":"` + local(b) + `/orders","Method":"POST","Headers":{"X-A":"b"},"RequestBody":` + body + `}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Invoke(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNetHTTP is the same exchange by net/http alone.
func BenchmarkNetHTTP(b *testing.B) {
	t := task(b, open)
	url := local(b) + "/orders"
	b.ReportAllocs()
	for b.Loop() {
		r, _ := http.NewRequest("POST", url, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		resp, err := t.transport.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
}

func BenchmarkInvokeParallel(b *testing.B) {
	t := task(b, open)
	c := call(`{"ApiEndpoint":"` + local(b) + `/orders","Method":"POST","RequestBody":` + body + `}`)
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := t.Invoke(context.Background(), c); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkOurs is what we add to an exchange: reading the parameters, making
// the request and the result.
func BenchmarkOurs(b *testing.B) {
	t := task(b, open)
	c := call(`{"ApiEndpoint":"https://api.example.com/orders","Method":"POST","Headers":{"X-A":"b"},"RequestBody":` + body + `}`)
	resp := &http.Response{StatusCode: 200, Status: "200 OK", Header: http.Header{
		"Content-Type": {"application/json"}, "Content-Length": {"26"}, "Date": {"Mon, 02 Jan 2006 15:04:05 GMT"}}}
	b.ReportAllocs()
	for b.Loop() {
		p, err := t.read(c)
		if err != nil {
			b.Fatal(err)
		}
		t.request(context.Background(), p, c)
		if _, err := result(resp, []byte(`{"order":1,"state":"done"}`)); err != nil {
			b.Fatal(err)
		}
	}
}
