package sfn

import (
	"strings"
	"testing"
)

// The operations that a busy server answers most, with real engines in memory.

func BenchmarkStartExecution(b *testing.B) {
	w := newWorld(b)
	body := `{"stateMachineArn":"` + w.machine("m", passes, "STANDARD") + `","input":"{\"customer\": 4711, \"items\": [1, 2, 3]}"}`
	b.ReportAllocs()
	for b.Loop() {
		if rec := post(w, targetPrefix+"StartExecution", contentType, strings.NewReader(body)); rec.Code != 200 {
			b.Fatal(rec.Body)
		}
	}
}

func BenchmarkDescribeExecution(b *testing.B) {
	w := newWorld(b)
	arn := w.machine("m", waits, "STANDARD")
	body := `{"executionArn":"` + w.must("StartExecution", map[string]any{"stateMachineArn": arn})["executionArn"].(string) + `"}`
	b.ReportAllocs()
	for b.Loop() {
		if rec := post(w, targetPrefix+"DescribeExecution", contentType, strings.NewReader(body)); rec.Code != 200 {
			b.Fatal(rec.Body)
		}
	}
}

// BenchmarkProtocol is a call that costs the engine nothing: what is left is the
// protocol's own.
func BenchmarkProtocol(b *testing.B) {
	w := newWorld(b)
	s := w.with(faulty{}, nil)
	body := `{"taskToken":"` + strings.Repeat("x", 100) + `","output":"{\"customer\": 4711, \"items\": [1, 2, 3]}"}`
	b.ReportAllocs()
	for b.Loop() {
		if rec := post(s, targetPrefix+"SendTaskSuccess", contentType, strings.NewReader(body)); rec.Code != 200 {
			b.Fatal(rec.Body)
		}
	}
}
