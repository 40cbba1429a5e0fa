package sim_test

// mutant is a way to break the engine.
type mutant struct {
	name    string
	changes []change
}

// change is a replacement in a source file that fits exactly once.
type change struct{ file, old, new string }

const (
	commitGo  = "engine/core/commit.go"
	decideGo  = "engine/core/decide.go"
	loadGo    = "engine/core/load.go"
	takeGo    = "engine/core/takeover.go"
	timersGo  = "engine/core/timers.go"
	memCommit = "store/memstore/commit.go"
)

var mutants = []mutant{
	{"no fence", []change{{"store/fence.go", "return f.Position == b.Position && f.Commit == b.Expect", "return true"}}},
	{"a fence that looks at the position only", []change{
		{"store/fence.go", "return f.Position == b.Position && f.Commit == b.Expect", "return f.Position == b.Position"}}},
	{"a run revived after its purge", []change{
		{memCommit, "case r == nil && !b.Create:\n\t\treturn &store.Result{Outcome: store.Stale}", "case r == nil && !b.Create:\n\t\treturn nil"},
		{memCommit, "if b.Create {\n\t\td.births.Created(b.Run)\n\t\tr = new(run)", "if r == nil {\n\t\tr = new(run)"}}},
	{"a second message to a run lost", []change{
		{"store/memstore/data.go", "if _, there := in[m.MessageID]; !there {", "if len(in) == 0 {"}}},
	{"messages consumed that nobody decided", []change{
		{decideGo, "	p.rows()\n",
			"	p.rows()\n	for i := range b.queue {\n		if b.queue[i].kind == message {\n" +
				"			p.batch.Consume = append(p.batch.Consume, b.queue[i].msg.MessageID)\n		}\n	}\n"}}},
	{"a message decided and not consumed", []change{
		{decideGo, "b.Consume = append(b.Consume, it.msg.MessageID)", "_ = it.msg"}}},
	{"a timer not armed after a commit", []change{{commitGo, "		c.arm(b)\n		c.reissue(b)", "		c.reissue(b)"}}},
	{"a timer not armed after a wake-up that was early", []change{
		{decideGo, "	c.arm(b)\n	c.reissue(b)", "	c.reissue(b)"}}},
	{"stale state used after a refusal", []change{
		{commitGo, "	c.withdraw(b)\n	b.run = nil\n", "	c.withdraw(b)\n"},
		{commitGo, "b.phase, b.creating, b.reissue = absent, false, true", "b.phase, b.creating, b.reissue = ready, false, true"},
		{commitGo, "			c.refused(b, r.Head != nil)", "			if r.Head != nil {\n				b.head = *r.Head\n			}\n			c.refused(b, r.Head != nil)"}}},
	{"an ambiguous commit treated as failed", []change{
		{commitGo, "if r.Head != nil && r.Head.Commit == b.proposal.batch.Commit {", "if false {"},
		{loadGo, "			seen = true", "			seen = false"}}},
	{"a commit under another one's treated as failed", []change{{loadGo, "			seen = true", "			seen = false"}}},
	{"effects before their commit", []change{
		{decideGo, "	p.rows()\n	c.out.Commits", "	p.rows()\n	c.giveOut(b, p.effects)\n	p.effects = nil\n	c.out.Commits"}}},
	{"answers before their commit", []change{
		{decideGo, "	p.rows()\n	c.out.Commits",
			"	p.rows()\n	for i := range p.items {\n		c.answer(&p.items[i], nil)\n	}\n	c.out.Commits"}}},
	{"a parent without a message", []change{{decideGo, "batch.Send = c.cfg.Farewell(", "_ = c.cfg.Farewell("}}},
	{"a parent not notified", []change{{commitGo, "		c.out.Mail = append(c.out.Mail, p.batch.Send...)\n", ""}}},
	{"a closed execution closed again", []change{{decideGo, "if h.Closed.IsZero() {", "if true {"}}},
	{"a closed execution with an open head", []change{{decideGo, "	if result.Status.Closed() {", "	if false {"}}},
	{"a closed execution that decides", []change{
		{"asl/decide.go", "	if _, redrive := cmd.(interpreter.Redrive); r.status.Closed() && !redrive {\n		return interpreter.Closed\n	}\n", ""}}},
	{"a redrive done twice", []change{{"asl/redrive.go", "if known.token == token && now-known.at < tokenMemory {", "if false && known.token == token {"}}},
	{"a redriven execution with a closed head", []change{{decideGo, "h.Status, h.Closed, h.Attributes = store.Status(interpreter.Running), zeroTime, withChanges(", "h.Attributes = withChanges("}}},
	{"a redriven execution that has no queue", []change{{"asl/redrive.go", "		r.ready.push(f)\n", ""}}},
	{"tasks not given out again", []change{
		{commitGo, "if t.Delivery == interpreter.Push && p == interpreter.Scheduled {", "if false {"}}},
	{"an early result not settled after adoption", []change{
		{takeGo, "	b.orphaned = b.orphaned || b.adopt\n", ""}}},
	{"an early result that keeps nobody at work", []change{
		{"asl/applytask.go", " || j.phase == interpreter.Resolved)", ")"}}},
	{"an execution at work without an owner", []change{{decideGo, "		h.Owner = c.cfg.Node\n", ""}}},
	{"another node's execution taken over without its tasks", []change{
		{takeGo, "owner != 0 && owner != c.cfg.Node && !b.creating", "false && owner != 0"}}},
	{"a task handed out and left in its queue", []change{
		{decideGo, "b.Dequeue = append(b.Dequeue, queueRow(b.Run, it.handed))", "_ = it.handed"}}},
	{"a wake-up that never moves ahead", []change{
		{decideGo, "early.IsZero() || wake.IsZero() || wake.Before(early) || !wake.Before(c.horizon)", "early.IsZero()"}}},
	{"a wake-up beyond the horizon forgotten", []change{
		{decideGo, "return !at.IsZero() && !at.Equal(b.head.Wake) && !at.Before(c.horizon)", "return at.IsZero() && false"}}},
	{"wake-ups that pile up", []change{{timersGo, "!b.ticking()", "b != nil"}}},
	{"a refusal believed of an old state", []change{{decideGo, "if c.cfg.Shared && b.doubtful(taken) {", "if false && b.doubtful(taken) {"}}},
	{"messages to a purged run left behind", []change{{loadGo, "mail := b.checked", "mail := false"}}},
	{"an inbox not read again", []change{{"engine/core/mailbox.go", "if b.check && !b.creating {", "if false {"}}},
	{"time that runs backwards", []change{{decideGo, "if b.head.Last.After(c.now) {", "if false {"}}},
	{"a snapshot said to be older than it is", []change{
		{decideGo, "p.next.SnapshotAt, p.next.TailBytes = p.next.Position, 0", "p.next.SnapshotAt, p.next.TailBytes = p.next.Position-1, 0"}}},
	{"a Continue forgotten", []change{{decideGo, "if b.run != nil && b.run.Pending() {", "if false {"}}},
}
