package sim

import (
	"encoding/json"
	"fmt"
)

// A generated machine gives the same output whatever faults come. Its data is an
// object with seed, r (the last result), p (the last result of a fan) and
// counters; each task's result is a function of all of it, so that a path that
// was taken wrongly shows at the end. Failures are of two kinds: "Biz", which
// follows from the data and is never tried again, and all others, which are tried
// again until they are over.

// state is a state of a machine as JSON.
type state map[string]any

// builder makes the states of one scope.
type builder struct {
	d        dice
	number   int // of the machine; it may start those with lower numbers
	big      bool
	plain    bool // no fans, and only results end tasks
	left     int  // how many more states there may be
	children int  // how many more children
	named    int

	express bool // only what Express executions may do
	maps    int  // how many more distributed Maps there may be
	long    bool // those have long logs
	narrow  bool // those fail, with many children under way
	m       dice // of these
}

// part is some states in a row: where they begin, and those that want a Next.
type part struct {
	states map[string]state
	start  string
	open   []state
}

// newBuilder prepares for the machine of a number. Distributed Maps have dice of
// their own.
func newBuilder(d, maps dice, number int, p Plan) *builder {
	b := &builder{d: d, m: maps, number: number, big: p.Big, long: p.Long, narrow: p.Narrow, plain: d.chance(0.35), left: 3 + d.upTo(13), children: 2}
	if p.Maps {
		b.maps = maps.upTo(2)
	}
	return b
}

// machine makes a machine.
func (b *builder) machine() state {
	all := b.join(b.pass(state{"h": b.number, "c": 1}, "$.r"), b.sequence(0, 1+b.d.upTo(5)))
	if b.maps > 0 {
		all = b.join(all, b.distributed(0))
	}
	return b.scope(all)
}

// marshal is the JSON text of something generated.
func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(violation{err.Error()})
	}
	return text
}

// scope closes a part.
func (b *builder) scope(p part) state {
	for _, s := range p.open {
		s["End"] = true
	}
	return state{"StartAt": p.start, "States": p.states}
}

// join lets second follow first.
func (b *builder) join(first, second part) part {
	for _, s := range first.open {
		s["Next"] = second.start
	}
	for name, s := range second.states {
		first.states[name] = s
	}
	return part{first.states, first.start, second.open}
}

// single is a part of one state.
func (b *builder) single(kind string, s state) part {
	b.named++
	b.left--
	name := fmt.Sprintf("%s%d", kind, b.named)
	s["Type"] = kind
	return part{map[string]state{name: s}, name, []state{s}}
}

func (b *builder) sequence(depth, length int) part {
	all := b.block(depth)
	for i := 1; i < length && b.left > 0; i++ {
		all = b.join(all, b.block(depth))
	}
	return all
}

// block is one thing that a machine does.
func (b *builder) block(depth int) part {
	deep := depth >= 3 || b.left < 2
	if b.maps > 0 && depth < 2 && b.m.chance(0.2) {
		return b.distributed(depth)
	}
	switch b.d.IntN(12) {
	case 0:
		return b.wait()
	case 1:
		return b.fill()
	case 2:
		if !deep {
			return b.branch(depth)
		}
	case 3:
		return b.spin()
	case 4:
		if !deep {
			return b.loop(depth)
		}
	case 5, 6:
		if !deep && !b.plain {
			return b.fan(depth)
		}
	case 7:
		if b.number > 0 && b.children > 0 && depth < 2 && !b.express {
			return b.child()
		}
	}
	return b.task(depth)
}

func (b *builder) pass(result any, path string) part {
	return b.single("Pass", state{"Result": result, "ResultPath": path})
}

// fill puts data into p, in one query language or the other.
func (b *builder) fill() part {
	data := b.filler()
	if b.named%2 == 0 {
		return b.pass(data, "$.p")
	}
	return b.single("Pass", state{
		"QueryLanguage": "JSONata",
		"Output":        fmt.Sprintf(`{%% $merge([$states.input, {"p": %q & $string($states.input.r.c)}]) %%}`, data),
	})
}

// filler is data of some size.
func (b *builder) filler() string {
	size := b.d.upTo(50)
	if b.big {
		size = b.d.upTo(9000)
	}
	return fmt.Sprintf("%0*d", size, b.d.IntN(100))
}

func (b *builder) wait() part {
	if b.d.chance(0.2) {
		return b.single("Wait", state{"SecondsPath": "$.r.c"})
	}
	longest := one(b.d, 3, 20, 200)
	return b.single("Wait", state{"Seconds": b.d.upTo(longest)})
}

// branch goes one way or another, as the last result says.
func (b *builder) branch(depth int) part {
	choice := b.single("Choice", state{})
	s := choice.open[0]
	choice.open = nil
	var rules []state
	for value := range 1 + b.d.upTo(1) {
		way := b.sequence(depth+1, 1+b.d.upTo(1))
		if b.d.chance(0.1) {
			way = b.single("Fail", state{"Error": "Biz", "Cause": refusal})
			way.open = nil
		}
		rules = append(rules, state{"Variable": "$.r.c", "NumericEquals": value, "Next": way.start})
		choice = b.beside(choice, way)
	}
	otherwise := b.pass(0, "$.w")
	s["Choices"], s["Default"] = rules, otherwise.start
	return b.beside(choice, otherwise)
}

// beside puts the states of two parts together, both of whose ends are open.
func (b *builder) beside(first, second part) part {
	for name, s := range second.states {
		first.states[name] = s
	}
	first.open = append(first.open, second.open...)
	return first
}

// spin is a loop without anything from outside.
func (b *builder) spin() part { return b.counted(1+b.d.upTo(40), b.pass(1, "$.w")) }

func (b *builder) loop(depth int) part {
	return b.counted(1+b.d.upTo(3), b.sequence(depth+1, 1+b.d.upTo(2)))
}

// counted does something so many times.
func (b *builder) counted(times int, body part) part {
	counter := fmt.Sprintf("$.n%d", b.named)
	start := b.pass(state{"v": 0}, counter)
	count := b.single("Pass", state{
		"Parameters": state{"v.$": "States.MathAdd(" + counter + ".v, 1)"}, "ResultPath": counter,
	})
	test := b.single("Choice", state{
		"Choices": []state{{"Variable": counter + ".v", "NumericLessThan": times, "Next": body.start}},
	})
	after := b.pass(0, counter)
	test.open[0]["Default"] = after.start
	test.open = nil
	return b.beside(b.join(b.join(b.join(start, body), count), test), after)
}
