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
	mailGo    = "engine/core/mail.go"
	takeGo    = "engine/core/takeover.go"
	timersGo  = "engine/core/timers.go"
	memCommit = "store/memstore/commit.go"
	mapApply  = "asl/maprun/apply.go"
	mapEnds   = "asl/maprun/ends.go"
	mapStep   = "asl/maprun/step.go"
	mapResult = "asl/maprun/results.go"
	mapCounts = "asl/maprun/counts.go"
)

var mutants = []mutant{
	{"no fence", []change{{"store/fence.go", "return f.Position == b.Position && f.Commit == b.Expect", "return true"}}},
	{"a fence that looks at the position only", []change{
		{"store/fence.go", "return f.Position == b.Position && f.Commit == b.Expect", "return f.Position == b.Position"}}},
	{"a run revived after its purge", []change{
		{memCommit, "case r == nil && !b.Create:\n\t\treturn &store.Result{Outcome: store.Stale}", "case r == nil && !b.Create:\n\t\treturn nil"},
		{memCommit, "if b.Create {\n\t\td.births.Spent(b.Run)\n\t\tr = new(run)", "if r == nil {\n\t\tr = new(run)"}}},
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
	{"deletion: an execution that takes the result of a task", []change{{"asl/deleted.go", "case factSucceeded, factFailed, factSettled, factDue:", "case factFailed, factSettled, factDue:"}}},
	{"deletion: an execution that goes on at the next decision", []change{{"asl/decide.go", "		if r.deleted {\n			t.append(r.cut(f.id))\n			return\n		}\n", ""}}},
	{"deletion: an execution that is not told", []change{{"asl/deleted.go", "	r.deleted = true\n	return nil", "	return nil"}}},
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
	{"inbox: messages beyond the bound forgotten", []change{{mailGo, "!c.mail.room(m.Size()):\n		b.mail.more = true\n", "!c.mail.room(m.Size()):\n"}}},
	{"inbox: what was not read with the run forgotten", []change{{mailGo, "b.mail.more = b.mail.more || in.More", "_ = in.More"}}},
	{"inbox: tasks given out again before it is empty", []change{{commitGo, "b.mail.expects() && !b.mayReissue()", "false"},
		{commitGo, "	if b.mail.expects() {\n		c.rescue(b)\n		return\n	}\n", ""}}},
	{"inbox: a hesitating run that is given nothing", []change{{commitGo, "return !b.mail.expects() || !b.mail.rescued && b.hesitates()", "return !b.mail.expects()"}}},
	{"inbox: results held aside and forgotten", []change{{mailGo, "b.queue = slices.Concat(b.mail.held, b.queue)", "b.queue = slices.Concat(b.queue)"}}},
	{"inbox: messages put off and forgotten", []change{{mailGo, "			c.letGo(b, b.queue[i:i+1])\n			b.mail.more = true\n", "			c.letGo(b, b.queue[i:i+1])\n"}}},
	{"inbox: those who wait for room forgotten", []change{{mailGo, "			b.mail.waiting = false\n			c.touch(b)\n", ""}}},
	{"the memory of forgotten mailboxes counted", []change{{"engine/core/mailbox.go", "	c.weigh(b, 0)\n", ""}}},
	{"the memory of a mailbox counted whenever it has changed", []change{{"engine/core/mailbox.go", "	c.weight += weight - b.weight\n", "	c.weight += weight\n"}}},
	{"the memory of mailboxes of before a failure counted", []change{{commitGo, "mail{limit: c.mail.limit}, 0", "mail{limit: c.mail.limit}, c.weight"}}},
	{"inbox: what a full turn leaves forgotten", []change{{"engine/core/core.go", "			c.dirty = append(batch[i:], c.dirty...)\n", "			_ = i\n"}}},
	{"map run: hesitates for ever when the writer has failed", []change{{"asl/maprun/room.go", "r.crowded() && !r.results.broken && ", "r.crowded() && "}}},
	{"time that runs backwards", []change{{decideGo, "if b.head.Last.After(c.now) {", "if false {"}}},
	{"a snapshot said to be older than it is", []change{
		{decideGo, "p.next.SnapshotAt, p.next.TailBytes = p.next.Position, 0", "p.next.SnapshotAt, p.next.TailBytes = p.next.Position-1, 0"}}},
	{"a Continue forgotten", []change{{decideGo, "if b.run != nil && b.run.Pending() {", "if false {"}}},
	{"map run: a child counted again when its end is told twice", []change{
		{mapEnds, "	j := t.run.jobs[cmd.ID]\n	if j == nil {\n		return interpreter.NoTask\n	}\n	switch j.kind {\n	case jobChild, jobRedrive, jobRerun:\n		t.childEnded(factEnded, cmd.ID, cmd.Output)",
			"	j := t.run.jobs[cmd.ID]\n	if j == nil {\n		for id, other := range t.run.jobs {\n			if other.kind == jobChild {\n				t.childEnded(factEnded, id, cmd.Output)\n				return interpreter.Done\n			}\n		}\n		return interpreter.NoTask\n	}\n	switch j.kind {\n	case jobChild, jobRedrive:\n		t.childEnded(factEnded, cmd.ID, cmd.Output)"}}},
	{"map run: the start of a child taken for its end", []change{
		{mapEnds, "	if j.kind == jobRedrive && final(cmd.Output) {", "	if j.kind == jobChild {\n		t.childEnded(factEnded, cmd.ID, []byte(`{\"Status\":\"SUCCEEDED\"}`))\n	} else if j.kind == jobRedrive && final(cmd.Output) {"}}},
	{"map run: children under another number after a restart", []change{
		{"asl/maprun/job.go", "strconv.FormatInt(j.number, 10)", "strconv.FormatInt(r.executions.Total, 10)"}}},
	{"map run: children under way forgotten by a snapshot", []change{
		{"asl/maprun/snapshot.go", "	r.begin(j, payload)\n", "	if r.begin(j, payload); j.kind == jobChild {\n		r.children--\n	}\n"}}},
	{"map run: more children under way than may be", []change{{"asl/maprun/room.go", "return int64(r.children) < most &&", "return int64(r.children) <= most &&"}}},
	{"map run: items read again after a restart", []change{{"asl/maprun/snapshot.go", "	c.Text(&s.cursor)\n", "	unread := s.cursor\n	c.Text(&unread)\n"}}},
	{"map run: the cursor moved before the items are recorded", []change{
		{mapEnds, "	most := t.run.config.Reader.MaxItems", "	if len(items) > 6 {\n		items = items[:6]\n		b.Items = array(items)\n	}\n	most := t.run.config.Reader.MaxItems"},
		{mapEnds, "// written takes", "func array(items [][]byte) []byte {\n	text := []byte{'['}\n	for i, item := range items {\n		if i > 0 {\n			text = append(text, ',')\n		}\n		text = append(text, item...)\n	}\n	return append(text, ']')\n}\n\n// written takes"}}},
	{"map run: an item used twice", []change{{mapApply, "	r.source.take(int(f.items))\n", "	if r.source.take(int(f.items)); r.source.used == 3 {\n		r.source.add([][]byte{input})\n	}\n"}}},
	{"map run: no more is read than the first block", []change{{mapEnds, "done: b.Done || all", "done: b.Done || all || len(items) > 0"}}},
	{"map run: the last block read without end", []change{{mapEnds, "done: b.Done || all", "done: b.Done && !all"}}},
	{"map run: a batch closed before it is full", []change{{"asl/maprun/launch.go", "if n == 0 || r.config.Batcher == nil || r.source.done {", "if true {"}}},
	{"map run: a batch of one item more", []change{{"asl/maprun/launch.go", "int64(taken) < b.MaxItemsPerBatch", "int64(taken) <= b.MaxItemsPerBatch"}}},
	{"map run: the selector counts from the block", []change{{"asl/maprun/launch.go", "r.source.used + int64(i)", "int64(i)"}}},
	{"map run: a tolerated count that is not", []change{{mapCounts, "failed > s.ToleratedFailureCount {", "failed >= s.ToleratedFailureCount {"}}},
	{"map run: a tolerated percentage that is not", []change{{mapCounts, "float64(failed)*100 > s", "float64(failed)*100 >= s"}}},
	{"map run: a percentage of what was read so far", []change{{mapCounts, "s.ToleratedFailurePercentage > 0 && r.source.done &&", "s.ToleratedFailurePercentage > 0 &&"}}},
	{"map run: a percentage of children instead of items", []change{{mapCounts, "s.ToleratedFailurePercentage*float64(r.items.Total)", "s.ToleratedFailurePercentage*float64(r.executions.Total)"}}},
	{"map run: a failure counted for one item of its batch", []change{{mapApply, "	r.items.add(status, j.items)\n", "	r.items.add(status, 1)\n"}}},
	{"map run: aborted children counted as failed", []change{{mapCounts, "		c.Aborted += n\n", "		c.Failed += n\n"}}},
	{"map run: ends while children run", []change{
		{mapStep, "	case r.ending != nil && r.children > 0:\n		if r.stopTask != 0 || now < r.stopAt || r.program.Express {\n			return r.export()\n		}\n		return stop\n", ""},
		{mapStep, "return r.rests() && len(r.jobs) == 0", "return r.ending != nil || r.rests() && len(r.jobs) == 0"}}},
	{"map run: children not stopped", []change{{mapStep, "		return stop\n", "		return nothing\n"}}},
	{"map run: children stopped once only", []change{{mapApply, "r.stopTask, r.stopAt = 0, r.last+f.delay", "r.stopAt = 0"}}},
	{"map run: children begun after it was stopped", []change{{mapStep, "case r.ending == nil && r.redo.waiting() == 0 && r.room()", "case r.redo.waiting() == 0 && r.room()"},
		{mapStep, "case r.ending != nil && r.children > 0:", "case r.ending != nil && r.children > 0 && !(r.room() && r.enough()):"}}},
	{"map run: results in the order of the ends", []change{
		{mapResult, "	for int64(len(s.outputs)) <= j.number {\n		s.outputs = append(s.outputs, nil)\n	}\n	s.drop(j.number) // a snapshot of before version 5 may have what it gave the last time\n	s.outputs[j.number] = data\n", "	s.outputs = append(s.outputs, data)\n"}}},
	{"map run: the last result dropped", []change{{mapResult, "	for _, output := range s.outputs {", "	for i, output := range s.outputs {\n		if i > 2 && i == len(s.outputs)-1 {\n			break\n		}"}}},
	{"map run: what has no file yet dropped at the end", []change{{mapStep, "return len(f.pending) > 0 ||", "return len(f.pending) > 1 ||"}}},
	{"map run: records kept for the next file, too", []change{{"asl/maprun/applyresults.go", "	out.pending, out.bytes, out.items = nil, 0, 0\n", "	out.pending, out.bytes, out.items = out.pending[1:], 0, 0\n"}}},
	{"map run: failed children in the file of the others", []change{{mapResult, "	return failedFile\n", "	return succeededFile\n"}}},
	{"map run: a manifest without the file that was written last", []change{{mapResult, "append([]File{}, r.results.files[k].written...)", "append([]File{}, r.results.files[k].written[:len(r.results.files[k].written)/2]...)"}}},
	{"map run: written results not counted", []change{{"asl/maprun/applyresults.go", "	r.items.ResultsWritten += j.items\n", ""}}},
	{"map run: a change of the settings forgotten", []change{{mapApply, "		r.settings = f.settings\n", ""}}},
	{"map run: a change of the settings lost by a snapshot", []change{{"asl/maprun/snapshot.go", "	r.settings.layout(c)\n", "	old := r.settings\n	if r.settings.layout(c); c.Reading {\n		r.settings = old\n	}\n"}}},
	{"map run: the failure of the reader taken for no items", []change{{mapEnds, "		failure.Error = orElse(cmd.Error, errorReader)\n		t.fail(failure)\n", "		t.append(&fact{kind: factRead, data: []byte(`[]`), done: true})\n"}}},
	{"map run: the failure of the writer ignored", []change{{mapEnds, "		failure.Error = orElse(cmd.Error, errorWriter)\n		t.fail(failure)\n", ""}}},
	{"map run: a redrive that forgets who failed", []change{{"asl/maprun/redrive.go", "	r.redo = redo{executions: r.executions.takeUnsuccessful(), items: r.items.takeUnsuccessful()}\n", "	_, _ = r.executions.takeUnsuccessful(), r.items.takeUnsuccessful()\n"}}},
	{"map run: a redrive that takes who runs again for failed still", []change{{"asl/maprun/redrive.go", "	r.failures.clear(f.number)\n", ""}}},
	{"map run: results let go before a redrive", []change{{mapApply, "		r.output = value.Text(f.data)\n		r.letGo()\n	}\n", "		r.output = value.Text(f.data)\n		r.letGo()\n	}\n	r.results.outputs = nil\n"}}},
	{"map run: who did not run again missing in the files after a redrive", []change{{"asl/maprun/recount.go", "return r.ending != nil && r.redo.waiting() > 0", "return false && r.redo.waiting() > 0"}}},
	{"map run: failures of before a redrive in the files after it", []change{{"asl/maprun/redrive.go", "	s.files[failedFile], s.files[pendingFile] = files{}, files{}\n", "	s.files[failedFile].count, s.files[pendingFile].count = 0, 0\n"}}},
	{"map run: records that were deferred forgotten", []change{
		{"asl/maprun/deferred.go", "	r.results.deferred.children++\n	r.results.deferred.items += j.items\n", ""}}},
	{"map run: deferred records read again and again", []change{{"asl/maprun/deferred.go", "	d.task, d.cursor = 0, f.text\n", "	d.task = 0\n"}}},
	{"map run: deferred records lost by a snapshot", []change{{"asl/maprun/snapshot.go", "	r.results.deferred.layout(c)\n", "	(&deferred{}).layout(c)\n"}}},
	{"map run: ends before deferred records are written", []change{
		{mapStep, "	if r.mustRestore() {\n		return regain\n	}\n	rest := r.rests() && r.results.deferred.children == 0\n", "	rest := r.rests()\n"}}},
	{"map run: a deferred record that is kept, too", []change{{"asl/maprun/deferred.go", "	r.results.deferred.children++\n", "	r.results.deferred.children++\n	r.results.add(succeededFile, bytes.Clone(f.data), j.items)\n"},
		{"asl/maprun/deferred.go", "import (\n", "import (\n	\"bytes\"\n"}}},
	{"map run: who did not run again forgotten at the end", []change{{mapApply, "	r.executions.giveBack(&r.redo.executions)\n", ""}}},
	{"map run: failures lost by a snapshot", []change{{"asl/maprun/snapshot.go", "	r.failures.layout(c)\n", "	(&failures{}).layout(c)\n"}}},
	{"map run: a redrive for an earlier task", []change{{"engine/core/condition.go", "return it.only != nil && !it.only.Holds(h)", "return false"}}},
	{"map run: the end of a redriven run told to an earlier task", []change{{"engine/core/decide.go", "withChanges(withRedrives(h.Attributes, result), b.proposal.items)", "withRedrives(h.Attributes, result)"}}},
	{"map run: a state that starts another one in a redrive", []change{{"asl/redrive.go", "		f.phase, f.fan, f.result = phaseRedo, nil, nil\n", "		f.phase, f.fan, f.result, f.sent = phaseEntered, nil, nil, nil\n"}}},
	{"map run: a state that starts a second one for the same task", []change{{"asl/applymaprun.go", "j.task.Resource = r.mapRunARN(at.state, j.mapRun)", "j.task.Resource = r.mapRunARN(at.state, j.mapRun+string(rune('a'+r.events%7)))"}}},
}
