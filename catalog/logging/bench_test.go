package logging_test

import (
	"sync"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/logging"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// counter counts records and throws them away. For each execution it takes
// something out of a channel, so that no more are under way than that has room for.
type counter struct {
	n, bytes int
	underWay chan struct{}
}

func (c *counter) Write(_ string, record []byte) error {
	c.n++
	c.bytes += len(record)
	if c.n%twoTasksEvents == 0 {
		<-c.underWay
	}
	return nil
}

func (*counter) Flush() error { return nil }
func (*counter) Sync() error  { return nil }
func (*counter) Close() error { return nil }

// BenchmarkFollower logs executions of 12 events that were committed by an engine:
// everything but the commit and the writing.
func BenchmarkFollower(b *testing.B) {
	var mu sync.Mutex
	var told []engine.Committed
	w := open(b, memstore.New(memstore.Options{}))
	w.create("m", catalog.Standard, executionlog.All)
	follow := func(c engine.Committed) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, c)
	}
	w.must(w.standard.Close())
	w.standard = w.engine(w.store, follow)
	w.end(2, w.start("m", "x"))
	w.close()

	sink := &counter{underWay: make(chan struct{}, 1000)}
	f, err := logging.New(b.Context(), logging.Config{Sink: sink, Catalog: w.catalog, Store: w.store})
	w.must(err)
	f.Start(w.standard, w.express)
	run := store.RunID(1000)
	b.ReportAllocs()
	for b.Loop() {
		run++
		sink.underWay <- struct{}{}
		for _, c := range told {
			c.Run = run
			f.Standard(c)
		}
	}
	w.must(f.Close()) // it has written everything by now
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(sink.n), "ns/event")
	b.ReportMetric(float64(sink.bytes)/float64(sink.n), "bytes/event")
}
