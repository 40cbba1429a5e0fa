package bench

import (
	"runtime/metrics"
	"slices"
	"sync"
	"time"
)

// Memory of this process over a time, in bytes: what is resident (0 where the system
// does not tell), and what was in use on the heap when it was last collected.
type Memory struct {
	MostRSS    uint64 `json:"most_rss_bytes"`
	MedianRSS  uint64 `json:"median_rss_bytes"`
	MostLive   uint64 `json:"most_live_bytes"`
	MedianLive uint64 `json:"median_live_bytes"`
}

// memoryInterval is how often the memory is looked at.
const memoryInterval = 50 * time.Millisecond

// memoryWatch looks at the memory until it is stopped.
type memoryWatch struct {
	rss, live []uint64 // owned by the goroutine until it has ended
	over      chan struct{}
	ended     sync.WaitGroup
}

func watchMemory() *memoryWatch {
	w := &memoryWatch{over: make(chan struct{})}
	w.ended.Go(w.run)
	return w
}

func (w *memoryWatch) run() {
	ticker := time.NewTicker(memoryInterval)
	defer ticker.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for {
		metrics.Read(live)
		w.live = append(w.live, live[0].Value.Uint64())
		w.rss = append(w.rss, procStatus("VmRSS:"))
		select {
		case <-ticker.C:
		case <-w.over:
			return
		}
	}
}

// stop ends the watch and tells what was seen.
func (w *memoryWatch) stop() Memory {
	close(w.over)
	w.ended.Wait()
	var m Memory
	m.MedianRSS, m.MostRSS = middle(w.rss)
	m.MedianLive, m.MostLive = middle(w.live)
	return m
}

// middle gives the median and the largest of some numbers.
func middle(of []uint64) (median, most uint64) {
	slices.Sort(of)
	return of[len(of)/2], of[len(of)-1]
}
