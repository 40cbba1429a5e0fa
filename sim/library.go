package sim

import (
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// machine is one generated state machine, or a part of one (see parts.go).
type machine struct {
	id      uint64
	name    string
	text    []byte
	program interpreter.Program
	plain   bool                          // only results end its tasks, and the client's Stop
	timed   bool                          // it may time out
	patient interpreter.Program           // the same without a timeout
	ideal   map[string]interpreter.Result // by input: what a run in an ideal world gives
	role    role
	of      *mapState // that it plays a role for, nil for a whole machine
}

// library has the state machines of a world. Those with higher numbers may start
// those with lower ones as children.
type library struct {
	machines []*machine
	parts    []*machine          // what follows from their distributed Map states
	byID     map[uint64]*machine // all of them
	limits   interpreter.Limits
	file     int // bytes of a file of a map run's results
}

func newLibrary(d, maps dice, p Plan) *library {
	l := &library{byID: map[uint64]*machine{}, file: p.File, limits: interpreter.Limits{
		InlineIterations: 40, BatchFacts: p.BatchFacts, BatchBytes: p.BatchBytes,
	}}
	for count, i := 1+d.upTo(3), 0; i < count; i++ {
		m := &machine{id: uint64(i + 1), name: machineName(i), ideal: map[string]interpreter.Result{}}
		b := newBuilder(d, maps, i, p)
		definition := b.machine()
		program := m.compile(definition)
		m.plain, m.program, m.patient = b.plain, program, program
		if i == count-1 && p.Hurry > 0 { // no other machine waits for it
			m.timed = true
			definition["TimeoutSeconds"] = p.Hurry
			program = m.compile(definition)
			m.program = program
		}
		l.machines = append(l.machines, m)
		l.byID[m.id] = m
		l.derive(m, program)
	}
	return l
}

// compile makes a program of a definition, which becomes the machine's text.
func (m *machine) compile(definition state) *asl.Program {
	m.text = marshal(definition)
	program, diagnostics := asl.Compile(m.text, asl.Options{})
	if program == nil {
		panic(violation{fmt.Sprintf("a generated machine is invalid: %v\n%s", diagnostics, m.text)})
	}
	return program
}

func machineName(i int) string { return fmt.Sprintf("m%d", i+1) }

const machineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:"

// byARN finds a machine that a task starts.
func (l *library) byARN(arn string) *machine {
	for _, m := range l.machines {
		if machineARN+m.name == arn {
			return m
		}
	}
	panic(violation{"no machine " + arn})
}

// of finds what a run follows and what it knows of itself.
func (l *library) of(h *store.Head) (interpreter.Program, interpreter.Info) {
	m := l.byID[h.Definition]
	return m.program, l.info(m, h.Name)
}

func (l *library) info(m *machine, name string) interpreter.Info {
	return interpreter.Info{
		ExecutionARN: m.arn(name),
		Name:         name,
		MachineARN:   machineARN + m.name,
		MachineName:  m.name,
		Limits:       &l.limits,
	}
}

// ideal runs a machine in a world without faults, delays or an engine: every
// task is answered as soon as it is wanted, time goes from one wake-up to the
// next.
func (l *library) ideal(m *machine, input []byte) interpreter.Result {
	if r, ok := m.ideal[string(input)]; ok {
		return r
	}
	info := l.info(m, "ideal")
	limits := l.limits
	limits.BatchFacts, limits.BatchBytes = 0, 0
	info.Limits = &limits
	run := m.patient.New(info)
	env := interpreter.Env{
		Now: epoch, Random: newDice(0, 0), Token: func(task uint64) string { return token(0, task) },
		LastBeat: func(uint64) time.Time { return time.Time{} },
	}
	var d interpreter.Decision
	var cmd interpreter.Command = interpreter.Start{Input: value.Text(input)}
	for steps := 0; ; steps++ {
		d.Reset()
		run.Decide(&env, cmd, &d)
		if run.Result().Status.Closed() {
			break
		}
		if cmd = l.idealNext(run, &env); cmd == nil || steps > 100_000 {
			panic(violation{fmt.Sprintf("a generated machine does not end in an ideal world:\n%s", m.text)})
		}
	}
	r := run.Result()
	if r.Status != interpreter.Succeeded && (r.Error == nil || *r.Error != "Biz" && *r.Error != errorTolerance) {
		panic(violation{fmt.Sprintf("a generated machine ends in an ideal world with %s:\n%s", show(r), m.text)})
	}
	m.ideal[string(input)] = r
	return r
}

// idealNext is the next command of an ideal world.
func (l *library) idealNext(run interpreter.Run, env *interpreter.Env) (next interpreter.Command) {
	if run.Pending() {
		return interpreter.Continue{}
	}
	run.Outstanding(func(t *interpreter.Task, p interpreter.Phase) bool {
		next = l.idealAnswer(t, p)
		return false
	})
	if next == nil && !run.Wake().IsZero() {
		env.Now = run.Wake()
		next = interpreter.Tick{}
	}
	return next
}

func (l *library) idealAnswer(t *interpreter.Task, p interpreter.Phase) interpreter.Command {
	switch {
	case t.Delivery == interpreter.Pull && p == interpreter.Scheduled:
		return interpreter.TaskStarted{ID: t.ID}
	case t.Completion != interpreter.ByAnswer && p == interpreter.Scheduled:
		return interpreter.TaskSubmitted{ID: t.ID, Output: []byte(`{}`)}
	case t.Connector == "states" && t.Completion == interpreter.ByJob:
		m, input := l.childOf(t)
		return childCommand(t.ID, l.ideal(m, input))
	case t.Connector == mapruns.MapRun:
		m, _ := l.mapRunOf(t.Resource)
		return l.model(m, t.Payload).command(t.ID)
	default:
		return work(t)
	}
}
