package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// branch starts all branches of a Parallel state, on the same input.
func (t *turn) branch(v *visit) {
	input, err := t.branchInput(v)
	if err != nil {
		t.fail(v.frame, err)
		return
	}
	t.append(&fact{kind: factBranched, frame: v.frame.id, value: v.frame.refer(input)})
}

// branchInput is what the branches of a Parallel state get.
func (t *turn) branchInput(v *visit) (*value.Document, *failure) {
	input, err := v.arguments()
	if err == nil && t.exceeds(input) {
		err = tooLarge(v.frame.state.Name)
	}
	return input, err
}

// mapItems finds the items of a Map state, and how many of them may be under
// way at once (section 11).
func (t *turn) mapItems(v *visit, m *definition.Map) {
	f := v.frame
	window, err := t.window(v, m)
	if err != nil {
		t.fail(f, err)
		return
	}
	items, n, err := t.ownItems(v, m)
	if err != nil {
		t.fail(f, err)
		return
	}
	t.append(&fact{kind: factMapped, frame: f.id, value: f.refer(items), count: n, window: window})
}

// ownItems are the items that a Map state finds itself, and how many they are.
func (t *turn) ownItems(v *visit, m *definition.Map) (*value.Document, int, *failure) {
	items, n, err := v.flow.items(v, m)
	if err == nil && t.exceeds(items) {
		err = tooLarge(v.frame.state.Name)
	}
	return items, n, err
}

func (t *turn) window(v *visit, m *definition.Map) (int, *failure) {
	most := max(t.run.info.Limits.InlineIterations, 0)
	n, err := t.concurrency(v, m)
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return most, nil
	default:
		return int(min(n, 1<<30)), nil
	}
}

// iterate starts the next iteration of a Map state. Its input is the item, or
// what ItemSelector makes of the state's own input and the item.
func (t *turn) iterate(f *frame) {
	m := f.state.Kind.(*definition.Map)
	input := ref{tag: tagItem}
	if m.ItemSelector != nil {
		doc, err := t.selectItem(f, m, "")
		if err != nil {
			t.fail(f, err)
			return
		}
		input = f.refer(doc)
	}
	t.append(&fact{kind: factIterated, frame: f.id, value: input})
}

// selectItem makes the input of the next iteration, whose item is from that source:
// "" in an inline Map, where the context object has none (recorded; AWS's documents
// show STATE_DATA).
func (t *turn) selectItem(f *frame, m *definition.Map, source string) (*value.Document, *failure) {
	v := t.visit(f)
	if err := v.effective(); err != nil {
		return nil, err
	}
	item, ok := f.fan.item(f.fan.started)
	if !ok {
		panic("asl: a Map state has fewer items than it said")
	}
	v.item = mapItem{item, int64(f.fan.started), f.fan.keyed, source}
	doc, err := v.flow.evaluate(v, m.ItemSelector)
	if err == nil && t.exceeds(doc) {
		err = tooLarge(f.state.Name)
	}
	return doc, err
}
