package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/expr/value"
)

// A probe stops a Parallel or Map state before the work that it cannot do, and
// makes the inputs of that work all at once, by the functions that an execution
// makes them by as it comes to them.

// beginParallel evaluates what the branches would get.
func (p *Probe) beginParallel(t *turn) *failure {
	v := t.visit(p.frame)
	if err := v.effective(); err != nil {
		return err
	}
	if _, err := t.branchInput(v); err != nil {
		return err
	}
	p.frame.phase = phaseFan
	p.frame.fan = &fan{}
	return nil
}

// beginMap finds the items and what would become of them.
func (p *Probe) beginMap(t *turn, m *definition.Map) *failure {
	v := t.visit(p.frame)
	if err := v.effective(); err != nil {
		return err
	}
	if _, err := t.concurrency(v, m); err != nil {
		return err
	}
	items, n, err := p.items(t, v, m)
	if err != nil {
		return err
	}
	object, keyed := items.Value().(*value.Object)
	if keyed {
		items = maprun.Pairs(object)
	}
	seen := &SeenMap{Items: items, Count: n}
	p.seen.Map = seen
	config, source := &maprun.Config{}, ""
	if m.Mode == definition.MapDistributed {
		config, err = t.mapConfig(v, m)
	} else {
		config.Settings, err = t.mapSettings(v, m)
	}
	if err != nil {
		return err
	}
	if r := config.Reader; r != nil && p.cfg.Items != nil {
		seen.limit(r.MaxItems)
	}
	seen.show(m, &config.Settings)
	p.frame.phase = phaseFan
	p.frame.fan = &fan{items: seen.Items, keyed: keyed, total: seen.Count}
	if m.Mode == definition.MapDistributed {
		source = itemSource(config.Reader)
	}
	if m.ItemSelector != nil {
		if seen.Inputs, err = p.selectItems(t, m, source); err != nil {
			return err
		}
	}
	if config.Batcher != nil {
		seen.Batches = seen.batches(config.Batcher, t.run.info.Limits.PayloadBytes)
	}
	return nil
}

// items are those that a reader gave, or what the state finds in its input.
func (p *Probe) items(t *turn, v *visit, m *definition.Map) (*value.Document, int, *failure) {
	if m.Reader == nil || p.cfg.Items == nil {
		return t.ownItems(v, m)
	}
	items, _ := p.cfg.Items.Value().([]any)
	return p.cfg.Items, len(items), nil
}

// limit leaves so many items, 0 for all.
func (s *SeenMap) limit(most int64) {
	if items, _ := s.Items.Value().([]any); most > 0 && most < int64(len(items)) {
		s.Items, s.Count = value.Of(items[:most]), int(most)
	}
}

// show shows the limits that the state sets.
func (s *SeenMap) show(m *definition.Map, settings *maprun.Settings) {
	if m.MaxConcurrency != nil {
		s.MaxConcurrency = &settings.MaxConcurrency
	}
	if m.ToleratedFailureCount != nil {
		s.ToleratedFailureCount = &settings.ToleratedFailureCount
	}
	if m.ToleratedFailurePercentage != nil {
		s.ToleratedFailurePercentage = &settings.ToleratedFailurePercentage
	}
}

// selectItems makes the inputs of all iterations.
func (p *Probe) selectItems(t *turn, m *definition.Map, source string) ([]*value.Document, *failure) {
	fan := p.frame.fan
	inputs := make([]*value.Document, fan.total)
	for ; fan.started < fan.total; fan.started++ {
		input, err := t.selectItem(p.frame, m, source)
		if err != nil {
			return nil, err
		}
		inputs[fan.started] = input
	}
	return inputs, nil
}

// batches are the inputs of the children of a Map with an ItemBatcher.
func (s *SeenMap) batches(b *maprun.Batcher, limit int) (batches []*value.Document) {
	inputs := s.Inputs
	if inputs == nil {
		items, _ := s.Items.Value().([]any)
		for _, item := range items {
			inputs = append(inputs, value.Of(item))
		}
	}
	for len(inputs) > 0 {
		n, batch, _ := b.Fill(len(inputs), limit, func(i int) ([]byte, *maprun.Failure) {
			return inputs[i].Compact(), nil
		})
		batches = append(batches, value.Text(batch))
		inputs = inputs[n:]
	}
	return batches
}
