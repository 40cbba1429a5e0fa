package value_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

// TestHeld holds what a document says against what the memory grows by when its
// value is made.
func TestHeld(t *testing.T) {
	for name, text := range map[string]string{
		"a long string": `"` + strings.Repeat("x", 3000) + `"`,
		"numbers":       `[` + strings.Repeat(`12.5,`, 500) + `1]`,
		"objects":       `[` + strings.Repeat(`{"name":"abc","price":12,"new":true},`, 50) + `null]`,
		"a wide object": `{` + strings.Join(keys(200), ",") + `}`,
		"nested":        strings.Repeat(`{"a":[`, 100) + `0` + strings.Repeat(`]}`, 100),
	} {
		t.Run(name, func(t *testing.T) {
			documents := make([]*value.Document, 300)
			for i := range documents {
				documents[i] = value.Text([]byte(text))
			}
			if held := documents[0].Held(); held != 0 {
				t.Errorf("a document without a value holds %d bytes beside its text", held)
			}
			before, said := heapInUse(), 0
			for _, d := range documents {
				d.Value()
				said += d.Held()
			}
			ratio := float64(said) / float64(heapInUse()-before)
			if ratio < 0.75 || ratio > 1.25 {
				t.Errorf("Held says %d bytes each, %.2f of what the heap grew by", said/len(documents), ratio)
			}
			runtime.KeepAlive(documents)
		})
	}
}

func keys(n int) []string {
	members := make([]string, n)
	for i := range members {
		members[i] = `"key-` + strings.Repeat("k", i%10) + string(value.IntNumber(int64(i))) + `":"v"`
	}
	return members
}

// heapInUse is the memory of what can be reached.
func heapInUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
