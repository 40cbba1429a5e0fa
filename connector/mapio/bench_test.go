package mapio

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// benchmarkRows reads a file of rows in blocks, as a map run does.
func benchmarkRows(b *testing.B, config, body string, rows int) {
	w := newWorld(b)
	w.put(b, files, "x", body)
	c := w.connector(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		a := getting(files, "x", config)
		a.BlockItems = 1000
		seen := 0
		for {
			answer, err := invoke(c, ActionRead, a)
			if err != nil {
				b.Fatal(err)
			}
			seen += strings.Count(string(answer), `"id":`)
			var tail struct {
				Cursor string
				Done   bool
			}
			if err := json.Unmarshal(append([]byte{'{'}, answer[strings.LastIndex(string(answer), `"Cursor":`):]...), &tail); err != nil {
				b.Fatal(err)
			}
			if tail.Done {
				break
			}
			a.Cursor = tail.Cursor
		}
		if seen != rows {
			b.Fatalf("%d rows, not %d", seen, rows)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCSV(b *testing.B) {
	for _, rows := range []int{10_000, 100_000} {
		var text strings.Builder
		text.WriteString("id,name,city,amount\n")
		for i := range rows {
			fmt.Fprintf(&text, "%d,customer %d,\"Town, %d\",%d.50\n", i, i, i%100, i%1000)
		}
		b.Run(fmt.Sprint(rows), func(b *testing.B) { benchmarkRows(b, firstRow, text.String(), rows) })
	}
}

func BenchmarkJSONLines(b *testing.B) {
	const rows = 100_000
	var text strings.Builder
	for i := range rows {
		fmt.Fprintf(&text, "{\"id\":%d,\"name\":\"customer %d\",\"city\":\"Town, %d\",\"amount\":%d.50}\n", i, i, i%100, i%1000)
	}
	benchmarkRows(b, `{"InputType":"JSONL"}`, text.String(), rows)
}

func BenchmarkJSONArray(b *testing.B) {
	const rows = 100_000
	var text strings.Builder
	text.WriteString("[0")
	for i := range rows {
		fmt.Fprintf(&text, ",{\"id\":%d,\"name\":\"customer %d\",\"city\":\"Town, %d\",\"amount\":%d.50}", i, i, i%100, i%1000)
	}
	text.WriteString("]")
	benchmarkRows(b, `{"InputType":"JSON"}`, text.String(), rows)
}

func BenchmarkParquet(b *testing.B) {
	type row struct {
		ID     int64   `parquet:"id"`
		Name   string  `parquet:"name"`
		City   string  `parquet:"city,dict"`
		Amount float64 `parquet:"amount"`
	}
	rows := make([]row, 100_000)
	for i := range rows {
		rows[i] = row{int64(i), fmt.Sprintf("customer %d", i), fmt.Sprintf("Town, %d", i%100), float64(i%1000) + 0.5}
	}
	benchmarkRows(b, `{"InputType":"PARQUET"}`, parquetOf(b, rows, 50_000), len(rows))
}
