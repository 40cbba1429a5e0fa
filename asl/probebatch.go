package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// batches are the inputs of the iterations of a Map with an ItemBatcher: as many
// items as its bounds allow, at least one each, with BatchInput beside them.
func (p *Probe) batches(v *visit, b *definition.ItemBatcher) ([]*value.Document, *failure) {
	most, err := v.bound("MaxItemsPerBatch", b.MaxItemsPerBatch)
	if err != nil {
		return nil, err
	}
	bytes, err := v.bound("MaxInputBytesPerBatch", b.MaxInputBytesPerBatch)
	if err != nil {
		return nil, err
	}
	head := []byte(`{"Items":[`)
	if b.BatchInput != nil {
		input, err := v.flow.evaluate(v, b.BatchInput)
		if err != nil {
			return nil, err
		}
		head = append(append([]byte(`{"BatchInput":`), input.Compact()...), `,"Items":[`...)
	}
	return group(p.inputs(), head, most, bytes), nil
}

// bound is a field that is a number, 0 if it is absent.
func (v *visit) bound(field string, template definition.Template) (int, *failure) {
	if template == nil {
		return 0, nil
	}
	n, err := v.flow.number(v, field, template)
	return int(min(max(n, 0), 1<<30)), err
}

// inputs are what the iterations would get without a batcher.
func (p *Probe) inputs() []*value.Document {
	if seen := p.seen.Map; seen.Inputs != nil {
		return seen.Inputs
	}
	items, _ := p.seen.Map.Items.Value().([]any)
	inputs := make([]*value.Document, len(items))
	for i, item := range items {
		inputs[i] = value.Of(item)
	}
	return inputs
}

// group puts inputs together behind head, with at most so many in a batch and so
// many bytes, 0 for any number.
func group(inputs []*value.Document, head []byte, most, bytes int) (batches []*value.Document) {
	var batch []byte
	n := 0
	closeBatch := func() {
		if n > 0 {
			batches = append(batches, value.Text(append(batch, "]}"...)))
		}
		batch, n = nil, 0
	}
	for _, input := range inputs {
		text := input.Compact()
		if most > 0 && n >= most || n > 0 && bytes > 0 && len(batch)+len(text)+len(",]}") > bytes {
			closeBatch()
		}
		if n == 0 {
			batch = append(batch, head...)
		} else {
			batch = append(batch, ',')
		}
		batch = append(batch, text...)
		n++
	}
	closeBatch()
	return batches
}
