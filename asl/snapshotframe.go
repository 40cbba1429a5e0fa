package asl

import (
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// tree is a frame with all frames below it.
func (m *image) tree(p **frame, parent *frame) {
	if m.Reading {
		*p = &frame{parent: parent}
	}
	f := *p
	m.frame(f)
	if m.Bad {
		return
	}
	if m.Reading && !m.adopt(f) {
		m.Fail()
		return
	}
	if f.fan != nil {
		m.children(f, f.fan)
	}
	if f.wreck != nil {
		m.wrecked++
		m.children(f, f.wreck)
		m.wrecked--
	}
}

// adopt makes a frame that was read part of the run, if it makes sense.
func (m *image) adopt(f *frame) bool {
	r := m.run
	switch {
	case r.frames.of(f.id) != nil || f.id >= r.nextFrame,
		f.phase > phaseRedo || f.phase == phaseRedo && f.sent == nil || (f.phase == phaseNext) != (f.next != nil),
		f.phase != phaseNext && f.state == nil,
		(f.phase == phaseTask) != (f.job != nil),
		f.phase == phaseFan && f.fan == nil,
		f.phase == phaseErred && f.err == nil:
		return false
	}
	if m.wrecked > 0 {
		f.gone = true
		return f.job == nil
	}
	r.frames.add(f.id, f)
	if f.job != nil {
		r.tasks.add(f.job.task.ID, f)
		r.active += f.job.underWay()
	}
	return true
}

func (m *image) frame(f *frame) {
	f.alarm.frame, f.beat.frame, f.beat.beat = f, f, true
	m.Uint(&f.id)
	m.Int(&f.slot)
	m.Byte((*byte)(&f.phase))
	m.scope(f)
	m.state(&f.next)
	m.state(&f.state)
	m.Uint(&f.entered)
	m.Signed(&f.since)
	m.Uint(&f.prev)
	m.document(&f.cur)
	m.document(&f.result)
	m.variables(f)
	m.failure(&f.err)
	m.retries(f)
	m.Int(&f.held)
	m.timer(&f.alarm)
	if m.version > 2 {
		m.sent(f)
	}
	m.job(f)
	m.fan(&f.fan)
	if m.version > 1 {
		m.fan(&f.wreck)
	}
}

func (m *image) scope(f *frame) {
	var id int
	if !m.Reading {
		id = f.scope.ID
	}
	m.Int(&id)
	scopes := m.run.program.machine.Scopes
	if id >= len(scopes) {
		m.Fail()
		return
	}
	f.scope = scopes[id]
}

func (m *image) variables(f *frame) {
	if f.vars == nil {
		f.vars = &scopeVars{}
	}
	vars := f.vars
	n := m.Length(len(vars.names))
	if m.Reading && n > 0 {
		vars.names = make([]string, n)
		vars.values = make([]*value.Document, n)
	}
	for i := range n {
		m.Text(&vars.names[i])
		m.document(&vars.values[i])
		if m.Reading && vars.values[i] == nil {
			m.Fail()
			return
		}
	}
	if m.Reading && m.wrecked == 0 {
		m.run.varBytes += vars.size()
	}
}

func (m *image) retries(f *frame) {
	n := m.Length(len(f.retries))
	if m.Reading && n > 0 {
		if f.state == nil || n != len(f.state.Retry) {
			m.Fail()
			return
		}
		f.retries = make([]int, n)
	}
	for i := range n {
		m.Int(&f.retries[i])
		if m.Reading {
			f.retried += f.retries[i]
		}
	}
}

// job is the frame's task, with its role or the name of the map run that it is.
// Its heartbeat is due as the log knows it: what was
// heard since is not part of the state.
func (m *image) job(f *frame) {
	there := f.job != nil
	m.Bool(&there)
	if !there || m.Bad {
		return
	}
	var id uint64
	role := ""
	if m.Reading {
		f.job = &job{}
	} else {
		id, role = f.job.task.ID, f.job.task.RoleARN+f.job.mapRun
	}
	j := f.job
	m.Uint(&id)
	m.Text(&role)
	m.document(&j.payload)
	m.Byte((*byte)(&j.phase))
	m.Signed(&j.from)
	m.Uint(&j.timeout)
	m.Uint(&j.beat)
	m.document(&j.early)
	m.failure(&j.failed)
	if !m.Reading {
		return
	}
	if f.state == nil || m.Bad || j.payload == nil || j.phase > interpreter.Resolved || !hasTask(f) || m.run.tasks.of(id) != nil {
		m.Fail()
		return
	}
	if _, ok := distributed(f); ok {
		j.mapRun = role
		if f.sent == nil {
			f.sent = sentBefore(f)
		}
		m.run.describeMapRun(f, id)
		return
	}
	j.describe(m.run.program, id, f.state, &fact{timeout: j.timeout, beat: j.beat, text: role})
	if j.beat > 0 && j.phase != interpreter.Resolved {
		m.run.timers.arm(&f.beat, j.from+int64(j.beat)*1000)
	}
}

// sent is the map run of the present attempt.
func (m *image) sent(f *frame) {
	there := f.sent != nil
	m.Bool(&there)
	if !there || m.Bad {
		return
	}
	if m.Reading {
		f.sent = &sentMapRun{}
	}
	s := f.sent
	m.Text(&s.name)
	m.document(&s.payload)
	m.document(&s.items)
	m.Uint(&s.after)
	m.Bool(&s.shown)
	m.Bool(&s.again)
	m.Uint(&s.redrives)
	if m.version > 4 {
		m.Bool(&s.spent)
	}
	if _, ok := distributed(f); m.Reading && (!ok || s.payload == nil) {
		m.Fail()
	}
}

// sentBefore is the map run of a task that was written before version 3. Its start
// is the last event of the frame, once it was acknowledged, and follows the one
// that it points to.
func sentBefore(f *frame) *sentMapRun {
	s := &sentMapRun{name: f.job.mapRun, payload: f.job.payload, items: f.result, after: f.last()}
	if f.job.phase == interpreter.Submitted {
		s.after, s.shown = s.after-1, true
	}
	return s
}

// fan is the work of a Parallel or Map without the frames below it.
func (m *image) fan(p **fan) {
	there := *p != nil
	m.Bool(&there)
	if !there || m.Bad {
		return
	}
	if m.Reading {
		*p = &fan{}
	}
	n := *p
	m.document(&n.items)
	m.Int(&n.total)
	m.Int(&n.window)
	m.Int(&n.started)
	m.Int(&n.ended)
	m.Uint(&n.freed)
	m.outputs(n)
}

// outputs are those of the branches or iterations that have ended.
func (m *image) outputs(n *fan) {
	if m.Reading {
		if m.Bad || n.total > len(m.Buf) {
			m.Fail()
			return
		}
		n.outputs = make([]*value.Document, n.total)
	}
	for i := range n.outputs {
		m.document(&n.outputs[i])
	}
}

// children are the frames below a frame, by the number of their slot.
func (m *image) children(f *frame, of *fan) {
	live := of.inOrder()
	n := m.Length(len(live))
	for i := range n {
		var child *frame
		if !m.Reading {
			child = live[i]
		}
		m.tree(&child, f)
		if m.Bad || child.slot >= of.total {
			m.Fail()
			return
		}
		if m.Reading {
			of.add(child)
		}
	}
}
