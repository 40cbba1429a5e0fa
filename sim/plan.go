package sim

import "time"

// Plan is what a seed has in store for a world. All chances are per opportunity.
type Plan struct {
	Nodes   int
	Clients int // executions that clients start
	Chaos   time.Duration

	// Of nodes.
	Crash      time.Duration // mean time between crashes, 0 for none
	Freeze     time.Duration // mean time between freezes, 0 for none
	Suspect    time.Duration // mean time between false suspicions, 0 for none
	StoreFails float64       // a commit makes its node's store fail
	Gone       bool          // a node that crashes stays away, but for the last one
	Misroute   float64       // a command goes to any node
	Skew       time.Duration // clocks differ by up to this
	CacheBytes int64
	BatchFacts int
	BatchBytes int
	MailBytes  int           // of messages in memory, 0 for any number
	TurnBytes  int           // of the batches of one turn, 0 for any number
	Near       time.Duration // how far ahead wake-ups are held in memory
	Commits    int           // of a node under way at a time

	// Of the store.
	Slow       time.Duration // longest answer
	Lost       float64       // a request is lost
	AnswerLost float64       // an answer is lost
	Partial    float64       // some batches are carried out, then there is an error
	Late       float64       // a request that was given up arrives all the same

	// Of the outside.
	Silent    float64       // a call or holder that has a timeout never answers
	Flaky     float64       // a call fails for a while
	Doubled   float64       // a result comes twice
	MailLost  float64       // a notification between nodes is lost (the message is durable)
	Stop      float64       // a client stops its execution
	Redrive   float64       // a client redrives what ended without success
	Retention time.Duration // negative for ever
	Big       bool          // payloads of many kilobytes
	Jumps     bool          // the clock jumps ahead

	// Of distributed Maps.
	Maps   bool
	File   int     // bytes of a file of results
	Hurry  int     // after so many seconds executions of the last machine time out, 0 for never
	Update float64 // the settings of a map run are changed
	Long   bool    // map runs have logs that are long enough for snapshots
	Narrow bool    // map runs fail with many children under way, and go on with one at a time
}

// drawPlan draws the plan of a seed. Every fault is absent in many seeds, so
// that what it hides is seen too.
func drawPlan(d dice) Plan {
	p := Plan{
		Nodes:      one(d, 1, 1, 1, 2, 2, 3),
		Clients:    1 + d.upTo(7),
		Chaos:      d.between(5*time.Second, 90*time.Second),
		CacheBytes: one[int64](d, 1, 4<<10, 64<<20),
		BatchFacts: one(d, 0, 0, 3, 5, 12, 40),
		BatchBytes: one(d, 0, 0, 300, 4000),
		Near:       one(d, 5*time.Second, 15*time.Second, time.Minute),
		Slow:       one(d, 500*time.Microsecond, 5*time.Millisecond, 80*time.Millisecond, 900*time.Millisecond),
		Retention:  one[time.Duration](d, -1, -1, 0, 30*time.Second),
		Big:        d.chance(0.1),
		Jumps:      d.chance(0.1),
	}
	p.drawNodeFaults(d)
	p.drawOutsideFaults(d)
	return p
}

func (p *Plan) drawNodeFaults(d dice) {
	if d.chance(0.55) {
		p.Crash = d.between(time.Second, 30*time.Second)
	}
	if d.chance(0.25) {
		p.StoreFails = 0.02
	}
	if d.chance(0.4) {
		p.Lost, p.AnswerLost = 0.2*d.Float64(), 0.3*d.Float64()
		p.Partial = 0.2 * d.Float64()
		if p.Nodes > 1 { // else the store is in the node's own process
			p.Late = 0.5 * d.Float64()
		}
	}
	if p.Nodes == 1 {
		return
	}
	if d.chance(0.4) {
		p.Freeze = d.between(2*time.Second, 30*time.Second)
	}
	if d.chance(0.4) {
		p.Suspect = d.between(time.Second, 10*time.Second)
	}
	p.Misroute = one(d, 0, 0.1, 0.7)
	p.Skew = one(d, 0, 20*time.Millisecond, 3*time.Second)
}

func (p *Plan) drawOutsideFaults(d dice) {
	if d.chance(0.5) {
		p.Flaky = 0.4 * d.Float64()
	}
	if d.chance(0.5) {
		p.Silent = 0.2 * d.Float64()
	}
	if d.chance(0.5) {
		p.Doubled = 0.5 * d.Float64()
	}
	if d.chance(0.2) {
		p.MailLost = 0.5
	}
	if d.chance(0.3) {
		p.Stop = 0.3
	}
	p.Gone = p.Nodes > 1 && d.chance(0.3)
}

// drawMaps draws what there is of distributed Maps. It has dice of its own.
func (p *Plan) drawMaps(d dice) {
	if p.Maps = d.chance(0.25); !p.Maps {
		return
	}
	if d.chance(0.2) {
		p.Hurry = 1 + d.upTo(90)
	}
	p.Update = one(d, 0, 0, 0.6)
	p.Big = p.Big || d.chance(0.2)
	if p.Redrive > 0 {
		p.Retention = -1 // a child that is purged cannot be redriven
	}
	if d.chance(0.2) {
		p.Stop = 0.5
	}
}

// drawRoom draws how much memory there is for what waits. It has dice of its own.
func (p *Plan) drawRoom(d dice) {
	p.MailBytes = one(d, 0, 1, 1, 150, 400, 1000, 5000)
	p.TurnBytes = one(d, 0, 1, 100, 3000)
	p.File = one(d, 0, 1, 60, 300, 1000)
}

// drawLong draws whether map runs have so many and so large items that snapshots of
// them are written while their children are under way. It has dice of its own.
func (p *Plan) drawLong(d dice) { p.Long = p.Maps && d.chance(0.15) }

// drawNarrow draws whether redrives of map runs end before they have reached all
// children that did not succeed. It has dice of its own.
func (p *Plan) drawNarrow(d dice) {
	if p.Narrow = p.Maps && !p.Long && p.Redrive > 0 && d.chance(0.2); p.Narrow {
		p.Update = 1
	}
}

// drawCommits draws how many commits of a node are under way at a time. It has dice of
// its own.
func (p *Plan) drawCommits(d dice) { p.Commits = one(d, 1, 1, 2, 4) }

// calm is the plan without faults: what was begun is to end.
func (p Plan) calm() Plan {
	p.Crash, p.Freeze, p.Suspect, p.StoreFails, p.Misroute = 0, 0, 0, 0, 0
	p.Lost, p.AnswerLost, p.Partial, p.Late = 0, 0, 0, 0
	p.Silent, p.Flaky, p.Doubled, p.MailLost, p.Stop = 0, 0, 0, 0, 0
	p.Redrive = 0
	p.Slow = min(p.Slow, 5*time.Millisecond)
	p.Jumps = false
	return p
}
