package maprun

import (
	"github.com/fermata-dev/fermata/expr/value"
)

// enough says whether there are items for the next child: a batch is not closed
// before it is full or nothing more comes.
func (r *Run) enough() bool {
	n := len(r.source.block)
	if n == 0 || r.config.Batcher == nil || r.source.done {
		return n > 0
	}
	b := r.config.Batcher
	if b.MaxItemsPerBatch > 0 && int64(n) >= b.MaxItemsPerBatch {
		return true
	}
	return b.MaxInputBytesPerBatch > 0 && int64(r.source.bytes) >= b.MaxInputBytesPerBatch || !r.source.low() && r.source.task == 0
}

// launch makes the input of the next child and gives it to whoever starts it.
func (t *turn) launch() {
	r := t.run
	if r.config.Batcher == nil && r.config.Selector == nil {
		t.appendTask(&fact{kind: factLaunched, items: 1})
		return
	}
	n, input, err := t.nextInput(0)
	out := &fact{kind: factLaunched, items: n, given: true, data: input}
	if err == nil && t.exceeds(out.data) {
		err = &Failure{"States.DataLimitExceeded", "The state/task '" + r.config.State +
			"' returned a result with a size exceeding the maximum number of bytes service limit."}
	}
	if err != nil {
		t.fail(err)
		return
	}
	t.appendTask(out)
}

// nextInput is the input of the child that begins with that item of the block, and
// how many items it is made of.
func (t *turn) nextInput(from int) (n int64, input []byte, err *Failure) {
	if b := t.run.config.Batcher; b != nil {
		taken, input, err := b.Fill(len(t.run.source.block)-from, t.run.info.Limits.PayloadBytes, func(i int) ([]byte, *Failure) { return t.input(from + i) })
		return int64(taken), input, err
	}
	input, err = t.input(from)
	return 1, input, err
}

func (t *turn) exceeds(input []byte) bool {
	limit := t.run.info.Limits.PayloadBytes
	return limit > 0 && len(input) > limit
}

// input is what the ItemSelector makes of an item of the block.
func (t *turn) input(i int) ([]byte, *Failure) {
	r := t.run
	item := r.source.block[i]
	if r.config.Selector == nil {
		return item, nil
	}
	if r.selector == nil {
		selector, err := r.program.Selector(r.config, r.info)
		if err != nil {
			return nil, &Failure{"States.Runtime", err.Error()}
		}
		r.selector = selector
	}
	doc, err := r.selector(Item{value.Text(item), r.source.used + int64(i), r.source.originOf(i)}, t.env)
	if err != nil {
		return nil, err
	}
	return doc.Text(), nil
}

// Fill is the input of a child for many items, and how many of the n items those
// are: at least one, however large it is. limit is how many bytes any input may
// have, 0 for any number; item gives the text of the i-th item.
func (b *Batcher) Fill(n, limit int, item func(i int) ([]byte, *Failure)) (taken int, input []byte, err *Failure) {
	input = []byte{'{'}
	if b.BatchInput != nil {
		input = append(append(append(input, `"BatchInput":`...), b.BatchInput...), ',')
	}
	input = append(input, `"Items":[`...)
	most := b.bytes(limit)
	for taken < n && (b.MaxItemsPerBatch <= 0 || int64(taken) < b.MaxItemsPerBatch) {
		text, err := item(taken)
		if err != nil {
			return 0, nil, err
		}
		if taken > 0 && most > 0 && len(input)+len(text)+len(",]}") > most {
			break
		}
		if taken > 0 {
			input = append(input, ',')
		}
		input = append(input, text...)
		taken++
	}
	return taken, append(input, "]}"...), nil
}

// bytes is how large the input of a batch may be, 0 for any size.
func (b *Batcher) bytes(limit int) int {
	if own := int(b.MaxInputBytesPerBatch); own > 0 && (limit <= 0 || own < limit) {
		return own
	}
	return limit
}
