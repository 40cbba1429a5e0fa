package throttle

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Buckets are the token buckets of one server, as AWS has them for an account in
// a region. A nil *Buckets slows nothing down. Its methods are safe for concurrent
// use.
type Buckets struct {
	now                                           func() time.Time
	calls                                         map[string]*Bucket
	startExpress, transitions, httpTasks, mapRuns *Bucket
}

// New makes full buckets of those rates; now is their clock.
func New(r *Rates, now func() time.Time) *Buckets {
	b := &Buckets{now: now, calls: map[string]*Bucket{}, startExpress: NewBucket(r.StartExpress)}
	for operation, rate := range r.Calls {
		b.calls[operation] = NewBucket(rate)
	}
	b.transitions, b.httpTasks, b.mapRuns = NewBucket(r.Transitions), NewBucket(r.HTTPTasks), NewBucket(r.MapRuns)
	return b
}

// Call takes a token for a call of an operation, and says whether there was one.
func (b *Buckets) Call(operation string) bool { return b == nil || b.take(b.calls[operation]) }

// StartExpress is Call for StartExecution of an Express machine.
func (b *Buckets) StartExpress() bool { return b == nil || b.take(b.startExpress) }

func (b *Buckets) take(from *Bucket) bool { return from == nil || from.take(b.now()) }

// Transitions is the bucket of state transitions, nil for none.
func (b *Buckets) Transitions() *Bucket {
	if b == nil {
		return nil
	}
	return b.transitions
}

// HTTPTasks is the bucket of HTTP tasks, nil for none.
func (b *Buckets) HTTPTasks() *Bucket {
	if b == nil {
		return nil
	}
	return b.httpTasks
}

// MapRuns is the bucket of map runs that begin, nil for none.
func (b *Buckets) MapRuns() *Bucket {
	if b == nil {
		return nil
	}
	return b.mapRuns
}

// Bucket is a token bucket whose tokens can be taken before they are there. Its methods
// are safe for concurrent use. A time shortly before one that it was told already is
// taken for that one: the limiter would go back, and give what has passed since once more.
type Bucket struct {
	limiter *rate.Limiter

	mu     sync.Mutex // guards latest, and the order in which the limiter is told of times
	latest time.Time
}

// NewBucket makes a full bucket, nil for a rate of none.
func NewBucket(r Rate) *Bucket {
	if r.Size <= 0 {
		return nil
	}
	return &Bucket{limiter: rate.NewLimiter(rate.Limit(r.PerSecond), r.Size)}
}

// outOfOrder is how long those who share a bucket may take from their look at the clock
// to it. What is earlier is the time of another clock: nobody waits until it is as late.
const outOfOrder = time.Second

// read is the time that the limiter is told.
func (b *Bucket) read(now time.Time) time.Time {
	if now.After(b.latest) || b.latest.Sub(now) > outOfOrder {
		b.latest = now
	}
	return b.latest
}

// take takes a token if there is one.
func (b *Bucket) take(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.limiter.AllowN(b.read(now), 1)
}

// Reserve takes n tokens and says when they are there: now, or later by what has to
// be waited for them.
func (b *Bucket) Reserve(now time.Time, n int) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := now
	for present := b.read(now); n > 0; {
		some := min(n, b.limiter.Burst())
		at, n = present.Add(b.limiter.ReserveN(present, some).DelayFrom(present)), n-some
	}
	return at
}
