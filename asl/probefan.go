package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// beginParallel evaluates what the branches would get.
func (p *Probe) beginParallel(t *turn) *failure {
	v := t.visit(p.frame)
	if err := v.flow.effective(v); err != nil {
		return err
	}
	_, err := v.flow.arguments(v)
	if err == nil {
		p.frame.phase = phaseFan
		p.frame.fan = &fan{}
	}
	return err
}

// beginMap finds the items and what would become of them.
func (p *Probe) beginMap(t *turn, m *definition.Map) *failure {
	v := t.visit(p.frame)
	if err := v.flow.effective(v); err != nil {
		return err
	}
	items, n, err := p.items(v, m)
	if err != nil {
		return err
	}
	p.seen.Map = &SeenMap{Items: items, Count: n}
	if err := p.limits(v, m); err != nil {
		return err
	}
	p.frame.phase = phaseFan
	p.frame.fan = &fan{items: items, total: n}
	if m.ItemSelector != nil {
		if err := p.selectItems(t, m); err != nil {
			return err
		}
	}
	if m.Batcher != nil {
		p.seen.Map.Batches, err = p.batches(p.again(t), m.Batcher)
	}
	return err
}

// again is a visit of the state whose input is the effective one, which was made
// before without a failure.
func (p *Probe) again(t *turn) *visit {
	v := t.visit(p.frame)
	v.input = p.seen.InputPath
	return v
}

// items are those that a reader gave, or what the state finds in its input.
func (p *Probe) items(v *visit, m *definition.Map) (*value.Document, int, *failure) {
	if m.Reader == nil || p.cfg.Items == nil {
		return v.flow.items(v, m)
	}
	items, _ := p.cfg.Items.Value().([]any)
	if m.Reader.Config.MaxItems == nil {
		return p.cfg.Items, len(items), nil
	}
	most, err := v.flow.number(v, "MaxItems", m.Reader.Config.MaxItems)
	if err != nil || most <= 0 || most >= int64(len(items)) {
		return p.cfg.Items, len(items), err
	}
	return value.Of(items[:most]), int(most), nil
}

// limits evaluates the limits of a Map state.
func (p *Probe) limits(v *visit, m *definition.Map) (err *failure) {
	number := func(field string, template definition.Template) *int64 {
		if template == nil || err != nil {
			return nil
		}
		var n int64
		n, err = v.flow.number(v, field, template)
		return &n
	}
	seen := p.seen.Map
	seen.MaxConcurrency = number("MaxConcurrency", m.MaxConcurrency)
	seen.ToleratedFailureCount = number("ToleratedFailureCount", m.ToleratedFailureCount)
	if err != nil || m.ToleratedFailurePercentage == nil {
		return err
	}
	seen.ToleratedFailurePercentage, err = v.share("ToleratedFailurePercentage", m.ToleratedFailurePercentage)
	return err
}

// share is a field that is a number with or without a fraction.
func (v *visit) share(field string, template definition.Template) (*float64, *failure) {
	doc, err := v.flow.evaluate(v, template)
	if err != nil {
		return nil, err
	}
	if number, ok := doc.Value().(value.Number); ok {
		share := number.Float64()
		return &share, nil
	}
	_, err = v.flow.number(v, field, template)
	return nil, err
}

// selectItems makes the inputs of all iterations.
func (p *Probe) selectItems(t *turn, m *definition.Map) *failure {
	fan := p.frame.fan
	inputs := make([]*value.Document, fan.total)
	for fan.started < fan.total {
		input, err := t.selectItem(p.frame, m)
		if err != nil {
			return err
		}
		inputs[fan.started] = input
		fan.started++
	}
	p.seen.Map.Inputs = inputs
	return nil
}
