package fermata_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/store/memstore"
)

const echoTask = `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work"`

// BenchmarkSeq is five tasks in a row, in memory: what the engine itself costs.
func BenchmarkSeq(b *testing.B) {
	var states strings.Builder
	for i := range 4 {
		fmt.Fprintf(&states, `"S%d":{%s,"Next":"S%d"},`, i, echoTask, i+1)
	}
	benchmarkRun(b, 16, `{"StartAt":"S0","States":{`+states.String()+`"S4":{`+echoTask+`,"End":true}}}`,
		json.RawMessage(`{"order":"`+strings.Repeat("x", 86)+`"}`))
}

// BenchmarkFanout is an inline Map over 1,000 items with a task each.
func BenchmarkFanout(b *testing.B) {
	items := strings.Repeat(`{"order":"`+strings.Repeat("x", 86)+`"},`, 1000)
	benchmarkRun(b, 1, `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
		"ItemProcessor":{"StartAt":"T","States":{"T":{`+echoTask+`,"End":true}}}}}}`,
		json.RawMessage(`{"items":[`+strings.TrimSuffix(items, ",")+`]}`))
}

// benchmarkRun runs a machine, so many executions at a time.
func benchmarkRun(b *testing.B, parallel int, definition string, input json.RawMessage) {
	f, err := fermata.Open(b.Context(), fermata.Config{Store: memstore.New(memstore.Options{})})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	f.Handle("work", func(_ context.Context, event []byte) ([]byte, error) { return event, nil })
	if _, err := f.Deploy(b.Context(), "bench", definition); err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(parallel)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := f.Run(b.Context(), "bench", input); err != nil {
				b.Error(err)
			}
		}
	})
}
