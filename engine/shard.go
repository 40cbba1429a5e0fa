package engine

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

// shard owns one core and the goroutine that drives it. Inputs are functions
// that are given the core; whatever came since the last turn is noted together,
// decided together and committed together.
type shard struct {
	e    *Engine
	core *core.Core
	out  core.Output

	mu     sync.Mutex // guards inbox and closed
	inbox  []func(*core.Core)
	closed bool
	wake   chan struct{} // capacity 1
	spare  []func(*core.Core)

	committer committer
	loading   gate                     // bytes of logs and inboxes that were read for the core
	mail      gate                     // bytes of messages that were sent to it
	calls     map[callKey]*call        // owned by the shard's goroutine
	begins    map[string]*paced[*call] // calls that wait for their time, by connector; owned by it, too
	waiting   atomic.Int64             // callers of the API that wait for an answer
	timers    atomic.Int64             // wake-ups in memory
	weight    atomic.Int64             // of the runs in memory, where Config.MaxBytes is set
	done      chan struct{}
}

func newShard(e *Engine, cfg core.Config) *shard {
	s := &shard{e: e, core: core.New(cfg), wake: make(chan struct{}, 1), calls: map[callKey]*call{}, done: make(chan struct{})}
	s.committer.init(s)
	s.loading.init(loadingBytes)
	s.mail.init(e.mailBytes())
	return s
}

const (
	// turnBytes is how large the batches of one turn may be: with the next turn it is
	// known what became of those before.
	turnBytes = 4 << 20
	// loadingBytes is how much may have been read for a shard and not been noted.
	loadingBytes = 8 << 20
	// loadedMail is how much of its inbox is read with a run.
	loadedMail = 256 << 10
)

// post gives the shard an input. It reports whether the shard still runs.
func (s *shard) post(input func(*core.Core)) bool {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return false
	}
	s.inbox = append(s.inbox, input)
	first := len(s.inbox) == 1
	s.mu.Unlock()
	if first {
		signal(s.wake)
	}
	return true
}

// give is post, and returns when the input is noted, or the shard has ended.
func (s *shard) give(input func(*core.Core)) {
	noted := make(chan struct{})
	if !s.post(func(c *core.Core) { input(c); close(noted) }) {
		return
	}
	select {
	case <-noted:
	case <-s.done:
	}
}

// signal wakes the goroutine that listens on a channel of capacity 1.
func signal(wake chan struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

// take returns the inputs that came.
func (s *shard) take() []func(*core.Core) {
	s.mu.Lock()
	inputs := s.inbox
	s.inbox = s.spare[:0]
	s.mu.Unlock()
	s.spare = inputs
	return inputs
}

// run drives the core until the shard is closed.
func (s *shard) run() {
	defer close(s.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for s.turn(timer) {
		select {
		case <-s.wake:
		case <-timer.C:
		}
	}
}

// turn notes what came, decides it and carries out what follows.
func (s *shard) turn(timer *time.Timer) bool {
	inputs := s.take()
	s.core.SetTime(s.e.now())
	for i, input := range inputs {
		input(s.core)
		inputs[i] = nil
	}
	s.core.Tick()
	s.core.Take(&s.out)
	s.weight.Store(s.core.Weight()) // before anybody is answered
	s.carryOut(&s.out)
	s.out.Reset()
	if s.core.Behind() {
		signal(s.wake)
	}
	if next := earlier(s.core.NextWake(), s.keepPaces()); next.IsZero() {
		timer.Reset(time.Hour)
	} else {
		timer.Reset(next.Sub(s.e.now()))
	}
	s.timers.Store(int64(s.core.Timers()))
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closed
}

// carryOut does what the core asks for. Answers come last, so that whoever gets
// one finds everything done that comes before it.
func (s *shard) carryOut(o *core.Output) {
	if len(o.Commits) > 0 {
		if s.e.cfg.Transitions == nil {
			s.committer.add(o.Commits)
		} else {
			s.committer.addPaced(o, s.e.now())
		}
	}
	for i := range o.Followed {
		s.e.follow(&o.Followed[i])
	}
	for _, run := range o.Loads {
		s.e.loads.do(func() { s.load(run) })
	}
	for _, f := range o.Fetches {
		s.e.loads.do(func() { s.fetch(f) })
	}
	for i := range o.Effects {
		s.effect(&o.Effects[i])
	}
	for _, m := range o.Mail {
		s.e.shardOf(m.To).deliver(m)
	}
	for _, run := range o.Discards {
		s.e.loads.do(func() { s.e.discard(run) })
	}
	for _, i := range o.Incidents {
		s.e.incident(i)
	}
	for _, q := range o.Queues {
		s.e.queues.notify(q)
	}
	for _, machine := range o.Opened {
		s.e.cfg.Counter.Opened(machine)
	}
	for i := range o.Closed {
		s.e.runClosed(&o.Closed[i])
	}
	for i := range o.Answers {
		s.answer(&o.Answers[i])
	}
}

// deliver brings a message that lies in an inbox to its receiver, or only tells of it
// while many are on their way.
func (s *shard) deliver(m store.Message) {
	size := m.Size()
	if !s.mail.try(size) {
		s.post(func(c *core.Core) { c.Mail(m.To) })
		return
	}
	s.post(func(c *core.Core) {
		s.mail.leave(size)
		c.Deliver(m)
	})
}

func (s *shard) answer(a *core.Answer) {
	switch t := a.Ticket.(type) {
	case *call:
		if !errors.Is(a.Err, ErrStopped) { // else nothing is known to be durable
			s.settled(t)
		}
	case *caller:
		s.waiting.Add(-1)
		t.answer(*a)
	}
}

// load reads a run for its core. It tries again until the store answers or is
// gone for good.
func (s *shard) load(run store.RunID) {
	l := &core.Loaded{Run: run}
	err := s.e.retry(func() error {
		log, err := s.e.cfg.Store.Load(s.e.ctx, run, min(loadedMail, s.e.mailBytes()))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		l.Log = log
		return err
	})
	switch {
	case errors.Is(err, store.ErrCorrupt):
		err = s.unreadable(l, err)
	case err != nil:
		return // the engine stops
	case l.Log != nil:
		err = s.program(l)
	}
	if err != nil && s.e.stops(err) {
		return
	}
	s.read(sizeOfLog(l.Log), func(c *core.Core) { c.Loaded(l) })
}

// read gives the shard what was read for it, once there is room.
func (s *shard) read(bytes int, input func(*core.Core)) {
	s.loading.enter(bytes)
	s.post(func(c *core.Core) {
		s.loading.leave(bytes)
		input(c)
	})
}

func sizeOfLog(log *store.Log) int {
	if log == nil {
		return 0
	}
	n := len(log.Snapshot) + sizeOfInbox(&log.Inbox)
	for _, entry := range log.Entries {
		n += len(entry)
	}
	return n
}

func sizeOfInbox(in *store.Inbox) (n int) {
	for i := range in.Messages {
		n += in.Messages[i].Size()
	}
	return n
}

// fetch reads the beginning of an inbox. What makes it unreadable is told by the
// reading of the whole run.
func (s *shard) fetch(f core.Fetch) {
	var in store.Inbox
	err := s.e.retry(func() (err error) {
		in, err = s.e.cfg.Store.Inbox(s.e.ctx, f.Run, f.Bytes)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrCorrupt) {
		return // the engine stops
	}
	s.read(sizeOfInbox(&in), func(c *core.Core) {
		c.Fetched(f.Run, in)
		if err != nil {
			c.Check(f.Run)
		}
	})
}

// unreadable notes why a run cannot be read, with its head if that can be.
func (s *shard) unreadable(l *core.Loaded, why error) error {
	head, err := s.e.cfg.Store.Head(s.e.ctx, l.Run)
	if err == nil {
		l.Log = &store.Log{Head: head}
		err = s.program(l) // for what it is called
	}
	l.Program, l.Reason = nil, "its log cannot be read: "+why.Error()
	return err
}

// program finds the program of a run that was read, or notes why there is none, which
// it returns too.
func (s *shard) program(l *core.Loaded) error {
	def, err := s.e.cfg.Catalog.Definition(s.e.ctx, l.Log.Head.Definition)
	if err != nil {
		l.Reason = "its definition cannot be had: " + err.Error()
		return err
	}
	l.Program = def.Program
	name := l.Log.Head.Name
	if name == "" {
		name = s.e.names.of(l.Run)
	}
	l.Info = s.e.info(def, l.Log.Head, name)
	return nil
}

// stop ends the shard's goroutine.
func (s *shard) stop() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.loading.close()
	signal(s.wake)
	<-s.done
}

// flush returns when the shard has decided and committed what it had at the
// moment of the call.
func (s *shard) flush() {
	s.committer.stopPacing(s.e.now())
	for round := 0; round < 3; { // what came, what followed of it, and its results
		behind, ch := false, make(chan struct{})
		if !s.post(func(c *core.Core) { behind = c.Behind(); close(ch) }) {
			return
		}
		select {
		case <-ch:
		case <-s.done:
			return
		}
		s.committer.flush()
		if !behind {
			round++
		}
	}
}
