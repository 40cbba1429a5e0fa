package throttle

import (
	"time"

	"golang.org/x/time/rate"
)

// Buckets are the token buckets of one server, as AWS has them for an account in
// a region. A nil *Buckets slows nothing down. Its methods are safe for concurrent
// use.
type Buckets struct {
	now                             func() time.Time
	calls                           map[string]*rate.Limiter
	startExpress                    *rate.Limiter
	transitions, httpTasks, mapRuns *Bucket
}

// New makes full buckets of those rates; now is their clock.
func New(r *Rates, now func() time.Time) *Buckets {
	b := &Buckets{now: now, calls: map[string]*rate.Limiter{}, startExpress: r.StartExpress.limiter()}
	for operation, rate := range r.Calls {
		b.calls[operation] = rate.limiter()
	}
	b.transitions, b.httpTasks, b.mapRuns = NewBucket(r.Transitions), NewBucket(r.HTTPTasks), NewBucket(r.MapRuns)
	return b
}

// limiter is nil for a rate of none.
func (r Rate) limiter() *rate.Limiter {
	if r.Size <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(r.PerSecond), r.Size)
}

// Call takes a token for a call of an operation, and says whether there was one.
func (b *Buckets) Call(operation string) bool { return b == nil || b.take(b.calls[operation]) }

// StartExpress is Call for StartExecution of an Express machine.
func (b *Buckets) StartExpress() bool { return b == nil || b.take(b.startExpress) }

func (b *Buckets) take(l *rate.Limiter) bool { return l == nil || l.AllowN(b.now(), 1) }

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

// Bucket is a token bucket whose tokens can be taken before they are there.
type Bucket struct{ limiter *rate.Limiter }

// NewBucket makes a full bucket, nil for a rate of none.
func NewBucket(r Rate) *Bucket {
	if r.Size <= 0 {
		return nil
	}
	return &Bucket{r.limiter()}
}

// Reserve takes n tokens and says when they are there: now, or later by what has to
// be waited for them.
func (b *Bucket) Reserve(now time.Time, n int) time.Time {
	at := now
	for n > 0 {
		some := min(n, b.limiter.Burst())
		at, n = now.Add(b.limiter.ReserveN(now, some).DelayFrom(now)), n-some
	}
	return at
}
