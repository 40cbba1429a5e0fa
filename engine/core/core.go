// Package core is the step machine of the engine: what to commit, load, do and answer,
// decided without goroutines, clock or I/O. See Core.
package core

import (
	"math/rand/v2"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Core is the step machine: the engine without goroutines, clock, channels or
// I/O. It is driven from outside, as etcd-raft's RawNode is. Inputs go in by its
// methods (commands, loaded logs, results of commits, the time); they are only
// noted. Take then decides everything that can be decided and gives what has to
// be done: batches to commit, runs to load, effects to start, answers to give,
// the next time to be woken. Whoever drives it, the production shell or the
// simulation, carries that out and brings the results back.
//
// # Mailboxes
//
// A run that has something to do has a mailbox, which owns its folded state. A
// mailbox is absent (known by its queue only), loading, ready, or committing. Only
// a ready mailbox decides: all commands that wait are decided together and make
// one batch. While it commits, commands wait. So at most one commit of a run is
// under way, and what is decided builds on what is durable.
//
// # Refusals
//
// If a commit is refused the state is dropped, the commands go back to the head
// of the queue and the log is read and folded again. An entry in that log that
// carries the commit's own id means that it had been committed after all (the
// answer had been lost): then its commands are done and are not decided again.
// Everything else relies on commands being idempotent.
//
// # Effects
//
// Effects leave only with the success of the commit that justifies them. After
// folding a log anew (adoption, refusal) the outstanding tasks are read off the
// state and given out again; the shell drops those that it has under way.
//
// The same inputs in the same order give the same outputs, bytes included: the
// only randomness is the seed in Config.
type Core struct {
	cfg    Config
	limits interpreter.Limits
	now    time.Time
	rand   *rand.PCG

	boxes   map[store.RunID]*mailbox
	dirty   []*mailbox
	cache   cache
	weight  int64 // of all mailboxes, where Config.Weigh
	timers  timers
	beats   map[store.RunID]map[uint64]time.Time // last heartbeats, by run and task
	stops   map[store.RunID]bool                 // runs that cannot go on until they are resumed
	horizon time.Time
	mail    mail
	decided int  // bytes of the batches of this Take
	behind  bool // the last Take has left something undone

	// What is kept to be used again.
	free      spare[*mailbox]
	proposals spare[*proposal]
	queues    spare[[]item]

	env      interpreter.Env
	current  *mailbox
	decision interpreter.Decision
	out      *Output
	// pending is what inputs gave before the next Take; early are answers of
	// those that a failed store left without one.
	pending Output
	early   []Answer
}

// Config of a Core. All functions must be pure, or at least give the same answers
// in a replay of the same inputs.
type Config struct {
	Node store.NodeID
	// Shared: other nodes work on the same runs. What a run refuses, and a wake-up
	// that finds nothing due, is then believed only of a log that was read after
	// the input had come.
	Shared bool
	Limits interpreter.Limits
	// CacheBytes bounds the memory of ready mailboxes with nothing to do.
	CacheBytes int64
	// MailBytes bounds the messages in memory, 0 for no bound: the others wait in the
	// inboxes.
	MailBytes int
	// Weigh: Core.Weight is asked for.
	Weigh bool
	// TellOpened: Output has Opened.
	TellOpened bool
	// TurnBytes is how large the batches of one Take may become before it leaves the
	// rest to the next one, 0 for any size.
	TurnBytes int
	// Since is when this node began to look after tasks.
	Since time.Time
	Seed  uint64
	// Token makes the task token of a task.
	Token func(run store.RunID, task uint64) string
	// QueueExists reports whether a queue of Pull tasks exists.
	QueueExists func(resource string) bool
	// Farewell gives the messages that a run owes others when it closes. May be
	// nil.
	Farewell func(run store.RunID, head *store.Head, info interpreter.Info, result interpreter.Result) []store.Message
	// Mail turns a message of another run into a command.
	Mail func(store.Message) (interpreter.Command, error)
}

// Ticket is whatever the shell wants to see again with the answer to an input.
// Nil asks for no answer.
type Ticket any

// Creation asks for a new run.
type Creation struct {
	Run     store.RunID
	Program interpreter.Program
	Info    interpreter.Info
	// Head gives Machine, Definition, Name and Attributes; the rest is the core's.
	Head  store.Head
	Start interpreter.Start
}

// Loaded is a run's log as the store gave it. Log is nil if there is no such run.
// Program may be nil with a reason why the definition or the log cannot be had; then
// Log has the head only, or is nil if that cannot be had either.
type Loaded struct {
	Run     store.RunID
	Log     *store.Log
	Program interpreter.Program
	Info    interpreter.Info
	Reason  string
}

// Output is what has to be done. The shell owns the slices until it gives the
// Output to Take again.
type Output struct {
	Commits []store.Batch
	// Transitions is for each of the Commits how many steps of the workflow it begins.
	Transitions []int
	Loads       []store.RunID
	Fetches     []Fetch
	Effects     []Effect
	Answers     []Answer
	Closed      []Closed
	// Opened are the machines of runs that were created or opened again, if that is
	// wanted.
	Opened []uint64
	// Followed are the entries that became durable of runs that somebody follows,
	// in the order of their positions.
	Followed []Followed
	// Queues have new rows.
	Queues []string
	// Mail was put into inboxes: tell the cores of the receivers.
	Mail []store.Message
	// Discards are runs that do not exist (any more) but have messages.
	Discards []store.RunID
	// Incidents that were found.
	Incidents []Incident
}

// Effect is a task to start or to cancel.
type Effect struct {
	Run    store.RunID
	Task   *interpreter.Task
	Cancel bool
	Info   *interpreter.Info
	// TraceHeader of the run, or empty.
	TraceHeader string
}

// Answer is what became of an input.
type Answer struct {
	Ticket  Ticket
	Outcome interpreter.Outcome
	At      time.Time
	Err     error
	// Task is the task that a TaskStarted handed out.
	Task *interpreter.Task
}

// Closed is a run that has ended, durably.
type Closed struct {
	Run    store.RunID
	Head   store.Head
	Result interpreter.Result
}

// Followed is an entry of a run that somebody follows. The entry is nil where
// the core learned of its commit from the log: it and those before it are there.
type Followed struct {
	Run      store.RunID
	Head     store.Head
	Position uint64
	Entry    []byte
}

// Incident is a fault of the engine's own that stopped one run.
type Incident struct {
	Run       store.RunID
	Execution string // its ARN, or empty where that is not known
	What      string
}

// New returns a Core that knows of no run.
func New(cfg Config) *Core {
	c := &Core{
		cfg:    cfg,
		limits: cfg.Limits,
		rand:   rand.NewPCG(cfg.Seed, 0x9e3779b97f4a7c15),
		boxes:  map[store.RunID]*mailbox{},
		beats:  map[store.RunID]map[uint64]time.Time{},
		stops:  map[store.RunID]bool{},
	}
	c.timers.init()
	c.cache.limit = cfg.CacheBytes
	c.mail.limit = cfg.MailBytes
	c.env = interpreter.Env{
		Random:      c.rand,
		Token:       func(task uint64) string { return cfg.Token(c.current.id, task) },
		QueueExists: cfg.QueueExists,
		LastBeat:    func(task uint64) time.Time { return c.beats[c.current.id][task] },
		Since:       cfg.Since,
	}
	return c
}

// SetTime tells the time, in UTC. It never runs backwards for the core.
func (c *Core) SetTime(now time.Time) {
	now = now.Truncate(time.Millisecond)
	if now.After(c.now) {
		c.now = now
	}
}

// Create notes a new run. Its answer comes when it is durable, or with
// *NameTaken.
func (c *Core) Create(t Ticket, cr *Creation) {
	b := c.newBox(cr.Run)
	b.phase = ready
	b.creating = true
	b.head = cr.Head
	b.info = cr.Info
	b.info.Limits = &c.limits
	b.run = cr.Program.New(b.info)
	c.enqueue(b, item{kind: command, cmd: cr.Start, ticket: t})
}

// Command notes a command for a run.
func (c *Core) Command(t Ticket, run store.RunID, cmd interpreter.Command) {
	c.enqueue(c.box(run), item{kind: command, cmd: cmd, ticket: t})
}

// Beat notes a heartbeat of a task.
func (c *Core) Beat(t Ticket, run store.RunID, task uint64) {
	c.enqueue(c.box(run), item{kind: beat, task: task, ticket: t})
}

// Adopt takes over a run whose owner is gone: it is loaded, becomes this node's
// and its outstanding tasks are given out again.
func (c *Core) Adopt(run store.RunID) {
	b := c.box(run)
	b.adopt = true
	c.touch(b)
}

// Check has the log and the inbox of a run read anew.
func (c *Core) Check(run store.RunID) {
	b := c.box(run)
	b.check = true
	c.touch(b)
}

// Resume takes a run up again that an incident had stopped.
func (c *Core) Resume(t Ticket, run store.RunID) {
	delete(c.stops, run)
	c.enqueue(c.box(run), item{kind: resume, ticket: t})
}

// Idle reports whether the core waits for nothing but inputs.
func (c *Core) Idle() bool { return len(c.dirty) == 0 && len(c.early) == 0 && c.pending.empty() }

// Take decides what can be decided and puts what has to be done into out, which
// is emptied first.
func (c *Core) Take(out *Output) {
	out.Reset()
	*out, c.pending = c.pending, *out
	c.out = out
	out.Answers = append(out.Answers, c.early...)
	c.early = c.early[:0]
	c.decided = 0
	for (len(c.dirty) > 0 || c.admit()) && !c.full() {
		c.advanceAll()
	}
	c.behind = len(c.dirty) > 0
	c.evict()
	c.out = nil
}

// advanceAll lets the dirty mailboxes do what they can, until the Take is full.
func (c *Core) advanceAll() {
	batch := c.dirty
	c.dirty = nil
	for i, b := range batch {
		if c.full() {
			c.dirty = append(batch[i:], c.dirty...)
			return
		}
		b.dirty = false
		c.advance(b)
	}
	if c.dirty == nil {
		c.dirty = batch[:0]
	}
}

// full reports whether a Take has given batches enough.
func (c *Core) full() bool { return c.cfg.TurnBytes > 0 && c.decided >= c.cfg.TurnBytes }

// Behind reports whether the last Take has left something to the next one.
func (c *Core) Behind() bool { return c.behind }

func (o *Output) empty() bool {
	return len(o.Commits)+len(o.Loads)+len(o.Fetches)+len(o.Effects)+len(o.Answers)+len(o.Closed)+len(o.Opened)+len(o.Followed)+
		len(o.Queues)+len(o.Mail)+len(o.Discards)+len(o.Incidents) == 0
}

// Reset lets go of what was carried out. Room for it is kept, if it is not too much.
func (o *Output) Reset() {
	*o = Output{
		Commits: emptied(o.Commits), Transitions: emptied(o.Transitions), Loads: emptied(o.Loads), Fetches: emptied(o.Fetches),
		Effects: emptied(o.Effects), Answers: emptied(o.Answers), Closed: emptied(o.Closed), Opened: emptied(o.Opened),
		Followed: emptied(o.Followed), Queues: emptied(o.Queues), Mail: emptied(o.Mail), Discards: emptied(o.Discards),
		Incidents: emptied(o.Incidents),
	}
}

// NameTaken answers a creation whose name is in use.
type NameTaken struct{ Run store.RunID }

func (e *NameTaken) Error() string { return "the name is in use by another run" }
