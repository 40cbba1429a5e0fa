package local

import (
	"container/list"
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/connector/lambda"
	"github.com/fermata-dev/fermata/connector/lambda/runtimeapi"
)

// pool is the processes of one function and the invocations that wait for one.
//
// A worker is a goroutine that owns one process. It is hired when an invocation
// finds nobody idle and the limit allows; it leaves when it is idle for too long
// or its process has ended. Work goes to the worker that was idle last, so that
// a falling load lets the others go.
type pool struct {
	function Function
	config   Config
	files    *bootstraps
	arn      string
	ctx      context.Context // ends when the pool is closed
	cancel   context.CancelFunc
	workers  sync.WaitGroup
	events   sync.WaitGroup

	mu        sync.Mutex // guards the fields below
	idle      []*worker  // the last one to be idle is last
	queue     list.List  // of *job, the oldest in front
	live      int        // workers that were hired and have not left
	starting  int        // those of them whose process is not ready yet
	returning int        // those whose process has answered and will soon be ready
	begun     int        // events that have not ended
	failures  int        // starts that failed since the last that did not
	retryAt   time.Time  // no start before
	closed    bool
}

func newPool(f Function, c Config, files *bootstraps) *pool {
	name := lambda.Name{Region: c.Region, Account: c.Account, Function: f.Name}
	p := &pool{function: f, config: c, files: files, arn: name.ARN()}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// Invoke runs the function once.
func (p *pool) Invoke(ctx context.Context, r *lambda.Request) (*lambda.Response, error) {
	j := newJob(r)
	switch r.Type {
	case lambda.DryRun:
		return &lambda.Response{Status: http.StatusNoContent, ExecutedVersion: "$LATEST", RequestID: j.id}, nil
	case lambda.Event:
		return p.event(j)
	}
	if !p.submit(j) {
		return nil, context.Canceled
	}
	select {
	case <-j.done:
		return j.response()
	case <-ctx.Done():
		p.withdraw(j)
		j.leave(context.Cause(ctx))
		return nil, ctx.Err()
	}
}

// event queues an invocation that nobody waits for.
func (p *pool) event(j *job) (*lambda.Response, error) {
	call := *j.request.Call
	call.Settled = nil // what is settled is that the event was taken
	request := *j.request
	request.Call = &call
	request.Payload = slices.Clone(request.Payload)
	j.request = &request
	if !p.begin() {
		return nil, lambda.TooManyEvents(j.id)
	}
	if !p.submit(j) {
		p.end()
		return nil, context.Canceled
	}
	go func() {
		defer p.end()
		<-j.done
		why := string(j.answer.Payload)
		if j.err != nil {
			why = errStopped.Error()
		}
		if j.err != nil || j.answer.Failed {
			p.config.Logger.Warn("lambda event failed", "function", p.function.Name, "request", j.id,
				"execution", call.Execution, "error", why)
		}
	}()
	return &lambda.Response{Status: http.StatusAccepted, RequestID: j.id}, nil
}

// begin counts an event in, if there may be one more; end counts it out.
func (p *pool) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun >= lambda.MostEvents {
		return false
	}
	p.begun++
	p.events.Add(1)
	return true
}

func (p *pool) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun--
	p.events.Done()
}

// submit gives j to an idle worker, or queues it and sees that there is one to
// come. False if the pool is closed.
func (p *pool) submit(j *job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		w.jobs <- j // holds one, and is empty while the worker is idle
		return true
	}
	j.place = p.queue.PushBack(j)
	p.hire()
	return true
}

// withdraw takes j out of the queue if it is there; a job that has begun runs on.
func (p *pool) withdraw(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j.place != nil {
		p.queue.Remove(j.place)
		j.place = nil
	}
}

// hire starts as many workers as the queue can use. While starts fail there is
// one attempt at a time. Called with the mutex held.
func (p *pool) hire() {
	for !p.closed && p.live < p.function.Concurrency && p.starting+p.returning < p.queue.Len() &&
		(p.failures == 0 || p.starting == 0) {
		p.live++
		p.starting++
		w := &worker{pool: p, jobs: make(chan *job, 1)}
		p.workers.Go(w.run)
	}
}

// take is the next job for w; nil if there is none, then w is idle.
func (p *pool) take(w *worker) *job {
	p.mu.Lock()
	defer p.mu.Unlock()
	if front := p.queue.Front(); front != nil {
		j := p.queue.Remove(front).(*job)
		j.place = nil
		return j
	}
	if !p.closed {
		p.idle = append(p.idle, w)
	}
	return nil
}

// unidle takes w off the idle ones. False if it has just been given a job.
func (p *pool) unidle(w *worker) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.idle, w); i >= 0 {
		p.idle = slices.Delete(p.idle, i, i+1)
		return true
	}
	return len(w.jobs) == 0
}

// started notes that a process is ready; its worker goes on with returned.
func (p *pool) started() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting--
	p.returning++
	p.failures = 0
	p.hire()
}

// startFailed notes that a process could not be made ready. If no other one is
// running the failure goes to the one who waits longest, and if none is about to
// be ready either, to everybody who waits.
func (p *pool) startFailed(why runtimeapi.Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live--
	p.starting--
	p.failures++
	p.retryAt = time.Now().Add(backoff(p.failures))
	for p.live == p.starting && p.queue.Len() > 0 {
		j := p.queue.Remove(p.queue.Front()).(*job)
		j.place = nil
		j.finish(why)
		if p.starting > 0 {
			break
		}
	}
	p.hire()
}

// answered notes that a worker has answered and will take a job in a moment, so
// that nobody is hired for it.
func (p *pool) answered() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.returning++
}

// returned ends answered and started: the worker is about to take a job.
func (p *pool) returned() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.returning--
}

// delayed ends answered: the worker is not coming for now.
func (p *pool) delayed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.returning--
	p.hire()
}

// left notes that a worker is gone. j, if not nil, was given to it in vain.
func (p *pool) left(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live--
	switch {
	case j == nil:
	case p.closed || j.isLeft():
		j.drop(context.Canceled)
	default:
		j.place = p.queue.PushFront(j)
	}
	p.hire()
}

// pause is how long the next start has to wait.
func (p *pool) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failures == 0 {
		return 0
	}
	return time.Until(p.retryAt)
}

// backoff is the pause after so many failed starts in a row: 100 ms, doubled
// each time, at most 10 s.
func backoff(failures int) time.Duration {
	return min(100*time.Millisecond<<min(failures-1, 10), 10*time.Second)
}

// close ends the processes and waits for everything that the pool started.
func (p *pool) close() {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		p.workers.Wait()
		return
	}
	p.closed = true
	for p.queue.Len() > 0 {
		p.queue.Remove(p.queue.Front()).(*job).drop(context.Canceled)
	}
	p.cancel()
	p.mu.Unlock()
	p.workers.Wait()
	p.events.Wait()
}
