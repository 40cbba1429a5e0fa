package asl

import (
	"math"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// visit is one evaluation of fields of a frame's state: what the roots of
// their expressions stand for. It is a jsonpath.Scope.
type visit struct {
	turn  *turn
	frame *frame
	flow  language
	input *value.Document // what $ stands for

	task uint64 // the task whose token the expressions may ask for

	item mapItem // of the iteration whose input is being made

	context *value.Object // made when first asked for

	// For expressions of JSONata.
	budget  jsonata.Budget   // what they have left together
	rule    *definition.Rule // the choice rule that holds
	result  *value.Document  // what the work of the state gave
	problem *value.Document  // what a catcher takes
	late    bool             // see fact
	reads   definition.StatesMembers
	states  *value.Object // made when first asked for, with
	has     definition.StatesMembers
}

// visit begins an evaluation. There is one at a time: the one before is over.
func (t *turn) visit(f *frame) *visit {
	v := &t.visiting
	*v = visit{turn: t, frame: f, flow: t.run.program.flows[f.state.Index], input: f.cur}
	v.budget = jsonata.Budget{Steps: stateSteps, Memory: stateMemory}
	return v
}

// with is the same visit with another meaning of $.
func (v *visit) with(input *value.Document) *visit {
	if input == v.input {
		return v
	}
	other := *v
	other.input = input
	return &other
}

// Input is what $ stands for.
func (v *visit) Input() any { return v.input.Value() }

// InputText is the text of what $ stands for, as messages quote it: the input of
// the execution as it was sent.
func (v *visit) InputText() []byte { return v.input.Text() }

// searched is the text of what a path was applied to, as messages quote it.
func (v *visit) searched(path *jsonpath.Path) []byte {
	if path.Root() == jsonpath.ContextRoot {
		return value.Append(nil, v.Context())
	}
	return v.InputText()
}

// Variable is what $name stands for.
func (v *visit) Variable(name string) (any, bool) {
	doc, ok := v.frame.variable(name)
	if !ok {
		return nil, false
	}
	return doc.Value(), true
}

// Context is what $$ stands for: the context object (section 6).
func (v *visit) Context() any {
	if v.context == nil {
		v.context = v.makeContext()
		if p := v.turn.run.probe; p != nil {
			v.context = p.context(v, v.context)
		}
	}
	return v.context
}

func (v *visit) makeContext() *value.Object {
	r, f := v.turn.run, v.frame
	execution := value.NewObject(6)
	execution.Set("Id", r.info.ExecutionARN)
	execution.Set("Input", r.input.Value())
	execution.Set("StartTime", timestamp(r.started))
	execution.Set("Name", r.info.Name)
	execution.Set("RoleArn", r.info.RoleARN)
	if !r.info.Synchronous { // recorded: what is waited for is never redriven
		execution.Set("RedriveCount", value.IntNumber(int64(r.redrives)+int64(r.info.Again)))
	}
	if r.redrives > 0 {
		execution.Set("RedriveTime", timestamp(r.redriven))
	}
	machine := value.NewObject(2)
	machine.Set("Id", r.info.MachineARN)
	machine.Set("Name", r.info.MachineName)
	state := value.NewObject(3)
	state.Set("Name", f.state.Name)
	state.Set("EnteredTime", timestamp(f.since))
	switch f.state.Type {
	case definition.TypeTask, definition.TypeParallel, definition.TypeMap:
		state.Set("RetryCount", value.IntNumber(int64(f.retried)))
	}
	context := value.NewObject(5)
	context.Set("Execution", execution)
	context.Set("StateMachine", machine)
	context.Set("State", state)
	v.addTask(context)
	v.addItem(context)
	return context
}

// addTask adds the task's token, if somebody other than the connector is going
// to complete the task.
func (v *visit) addTask(context *value.Object) {
	if v.task == 0 || v.turn.env.Token == nil ||
		v.turn.run.program.tasks[v.frame.state.Index].Completion == interpreter.ByAnswer {
		return
	}
	task := value.NewObject(1)
	task.Set("Token", v.turn.env.Token(v.task))
	context.Set("Task", task)
}

// addItem adds the item of the iteration that is about to start, or else of
// the innermost one that the frame is in.
func (v *visit) addItem(context *value.Object) {
	item := v.item
	for f := v.frame; item.value == nil && f.parent != nil; f = f.parent {
		if f.parent.fan != nil && f.parent.fan.items != nil {
			item.index = int64(f.slot)
			item.value, _ = f.parent.fan.item(f.slot)
		}
	}
	if item.value != nil {
		context.Set("Map", item.object())
	}
}

// timestamp is an instant as the context object shows it.
func timestamp(at int64) string { return instant(at).Format("2006-01-02T15:04:05.000Z") }

// dice makes what intrinsic functions need of the randomness of a decision.
type dice struct{ random interpreter.Random }

// Float64 is a number in [0, 1).
func (d dice) Float64() float64 {
	if d.random == nil {
		return 0
	}
	return math.Ldexp(float64(d.random.Uint64()>>11), -53)
}

// UUID is a version 4 UUID.
func (d dice) UUID() string {
	var a, b uint64
	if d.random != nil {
		a, b = d.random.Uint64(), d.random.Uint64()
	}
	a = a&^0xf000 | 0x4000
	b = b&^(0xc000<<48) | 0x8000<<48
	return uuidText(a, b)
}

func uuidText(a, b uint64) string {
	const hex = "0123456789abcdef"
	text := make([]byte, 0, 36)
	for i := range 32 {
		half, at := a, i
		if i >= 16 {
			half, at = b, i-16
		}
		switch i {
		case 8, 12, 16, 20:
			text = append(text, '-')
		}
		text = append(text, hex[half>>(60-4*at)&15])
	}
	return string(text)
}
