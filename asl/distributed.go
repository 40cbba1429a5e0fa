package asl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// A Map state in the mode DISTRIBUTED is one task of the connector "maprun": the
// map run is a run of its own, which reads the items, starts the children and
// collects their results (see package maprun).

// distributed is the Map state that the frame is in, if it has that mode.
func distributed(f *frame) (*definition.Map, bool) {
	m, ok := kindOf[*definition.Map](f)
	return m, ok && m.Mode == definition.MapDistributed
}

// survey finds the items that the state has itself and says how many there are.
// A bad MaxConcurrencyPath fails before that, every other field after it.
func (t *turn) survey(v *visit, m *definition.Map) {
	f := v.frame
	if _, err := t.concurrency(v, m); err != nil {
		t.fail(f, err)
		return
	}
	out := fact{kind: factSurveyed, frame: f.id, value: ref{tag: tagEmpty}}
	if m.Reader == nil {
		items, n, err := t.ownItems(v, m)
		if err != nil {
			t.fail(f, err)
			return
		}
		out.value, out.count = f.refer(items), n
	}
	t.append(&out)
}

// concurrency is how many children may be under way, 0 for as many as any map
// run may have.
func (t *turn) concurrency(v *visit, m *definition.Map) (int64, *failure) {
	if m.MaxConcurrency == nil {
		return 0, nil
	}
	return v.natural("MaxConcurrency", m.MaxConcurrency)
}

// natural is a field that must be an integer and not negative.
func (v *visit) natural(field string, template definition.Template) (int64, *failure) {
	n, err := v.flow.number(v, field, template)
	if err == nil && n < 0 {
		text := fmt.Sprintf("%s must be a non-negative integer but was %d", field, n)
		err = v.outOfRange(template, text, text+".")
	}
	return n, err
}

// startMapRun evaluates the fields of the state and schedules its map run.
func (t *turn) startMapRun(f *frame) {
	v := t.visit(f)
	v.late = true
	m := f.state.Kind.(*definition.Map)
	err := v.effective()
	var config *maprun.Config
	if err == nil {
		config, err = t.mapConfig(v, m)
	}
	if err != nil {
		t.fail(f, err)
		return
	}
	t.append(&fact{kind: factMapRun, frame: f.id, value: inline(value.Text(config.Text())), text: config.Name})
	if f.job != nil {
		t.out.Effects = append(t.out.Effects, interpreter.Invoke{Task: &f.job.task})
	}
}

// redriveMapRun lets the map run go on that the state had started, unless it failed
// for good.
func (t *turn) redriveMapRun(f *frame) {
	if f.beginsAgain() {
		t.begin(f)
		return
	}
	t.append(&fact{kind: factMapRunRedriven, frame: f.id})
	if f.job != nil {
		t.out.Effects = append(t.out.Effects, interpreter.Invoke{Task: &f.job.task})
	}
}

// mapConfig is what the map run has to do.
func (t *turn) mapConfig(v *visit, m *definition.Map) (c *maprun.Config, err *failure) {
	f := v.frame
	c = &maprun.Config{Name: dice{t.env.Random}.UUID(), Label: MapLabel(f.state), State: f.state.Name, Entered: f.entered}
	if c.Settings, err = t.mapSettings(v, m); err != nil {
		return nil, err
	}
	if c.Reader, err = t.mapReader(v, m.Reader); err != nil {
		return nil, err
	}
	if c.Batcher, err = t.mapBatcher(v, m.Batcher); err != nil {
		return nil, err
	}
	if c.Writer, err = t.mapWriter(v, m.Writer); err != nil {
		return nil, err
	}
	if m.ItemSelector != nil {
		c.Selector = t.selectorScope(v)
	}
	return c, nil
}

// mapSettings are the limits of a Map state.
func (t *turn) mapSettings(v *visit, m *definition.Map) (s maprun.Settings, err *failure) {
	if s.MaxConcurrency, err = t.concurrency(v, m); err != nil {
		return s, err
	}
	if m.ToleratedFailureCount != nil {
		if s.ToleratedFailureCount, err = v.natural("ToleratedFailureCount", m.ToleratedFailureCount); err != nil {
			return s, err
		}
	}
	if m.ToleratedFailurePercentage != nil {
		if s.ToleratedFailurePercentage, err = t.fraction(v, "ToleratedFailurePercentage", m.ToleratedFailurePercentage); err != nil {
			return s, err
		}
		if s.ToleratedFailurePercentage < 0 || s.ToleratedFailurePercentage > 100 {
			return s, v.refuse(m.ToleratedFailurePercentage, "ToleratedFailurePercentage must be between 0 and 100.")
		}
	}
	return s, nil
}

// refuse is the failure of a field whose value is of no use.
func (v *visit) refuse(template definition.Template, text string) *failure {
	if e, ok := template.(*definition.JSONataExpr); ok {
		return v.evaluationFailure(e.Location, text)
	}
	return v.frame.runtime("%s", text)
}

// fraction is a field that must be a number, or a text that is one.
func (t *turn) fraction(v *visit, field string, template definition.Template) (float64, *failure) {
	found, err := v.amount(template)
	if err != nil {
		return 0, err
	}
	if number, ok := found.(value.Number); ok {
		return number.Float64(), nil
	}
	if v.frame.state.QueryLanguage == definition.JSONata {
		return 0, v.unexpected(field, template, "number", found)
	}
	if text, ok := found.(string); ok {
		if x, ok := decimal(text); ok {
			return x, nil
		}
	}
	return 0, v.frame.runtime("The %sPath field refers to value \"%s\" which is not a valid float: %s", field, plain(found), source(template))
}

// decimal reads a text that is a decimal number: neither NaN nor Infinity, which
// nothing can be compared with or JSON can hold, nor what Go alone takes for a number.
func decimal(text string) (float64, bool) {
	if strings.Trim(text, "+-.0123456789Ee") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

func (t *turn) mapReader(v *visit, r *definition.ItemReader) (*maprun.Reader, *failure) {
	if r == nil {
		return nil, nil
	}
	out := &maprun.Reader{Resource: r.Resource.ARN, ReaderConfig: readerConfig(&r.Config)}
	var err *failure
	if out.Parameters, err = t.optional(v, r.Arguments); err != nil {
		return nil, err
	}
	if r.Config.MaxItems == nil {
		return out, nil
	}
	if out.MaxItems, err = v.flow.number(v, "MaxItems", r.Config.MaxItems); err != nil {
		return nil, err
	}
	return out, nil
}

// readerConfig is the ReaderConfig without the number of items, which is the map
// run's affair.
func readerConfig(c *definition.ReaderConfig) json.RawMessage {
	o := value.NewObject(8)
	for _, member := range []struct{ name, text string }{
		{"InputType", c.InputType}, {"Transformation", c.Transformation}, {"ManifestType", c.ManifestType},
		{"CSVDelimiter", c.CSVDelimiter}, {"CSVHeaderLocation", c.CSVHeaderLocation}, {"ItemsPointer", c.ItemsPointer},
	} {
		if member.text != "" {
			o.Set(member.name, member.text)
		}
	}
	if c.CSVHeaders != nil {
		headers := make([]any, len(c.CSVHeaders))
		for i, h := range c.CSVHeaders {
			headers[i] = h
		}
		o.Set("CSVHeaders", headers)
	}
	return value.Append(nil, o)
}

func (t *turn) mapBatcher(v *visit, b *definition.ItemBatcher) (*maprun.Batcher, *failure) {
	if b == nil {
		return nil, nil
	}
	out := &maprun.Batcher{}
	var err *failure
	if out.MaxItemsPerBatch, err = t.batchBound(v, "MaxItemsPerBatch", b.MaxItemsPerBatch); err != nil {
		return nil, err
	}
	if out.MaxInputBytesPerBatch, err = t.batchBound(v, "MaxInputBytesPerBatch", b.MaxInputBytesPerBatch); err != nil {
		return nil, err
	}
	if out.MaxItemsPerBatch == 0 && out.MaxInputBytesPerBatch == 0 {
		return nil, v.frame.runtime("At least one of MaxItemsPerBatch and MaxInputBytesPerBatch must be greater than 0.")
	}
	out.BatchInput, err = t.optional(v, b.BatchInput)
	return out, err
}

func (t *turn) batchBound(v *visit, field string, template definition.Template) (int64, *failure) {
	if template == nil {
		return 0, nil
	}
	return v.natural(field, template)
}

func (t *turn) mapWriter(v *visit, w *definition.ResultWriter) (*maprun.Writer, *failure) {
	if w == nil {
		return nil, nil
	}
	out := &maprun.Writer{}
	if w.Resource != nil {
		out.Resource = w.Resource.ARN
	}
	form := value.NewObject(2)
	if w.OutputType != "" {
		form.Set("OutputType", w.OutputType)
	}
	if w.Transformation != "" {
		form.Set("Transformation", w.Transformation)
	}
	out.WriterConfig = value.Append(nil, form)
	var err *failure
	out.Parameters, err = t.optional(v, w.Arguments)
	return out, err
}

// optional is the text of a template's value, nil for an absent template.
func (t *turn) optional(v *visit, template definition.Template) (json.RawMessage, *failure) {
	if template == nil {
		return nil, nil
	}
	doc, err := v.flow.evaluate(v, template)
	if err != nil {
		return nil, err
	}
	return bytes.Clone(doc.Text()), nil
}

// selectorScope is what the ItemSelector may refer to.
func (t *turn) selectorScope(v *visit) *maprun.Scope {
	s := &maprun.Scope{Input: v.input.Text(), Context: value.Append(nil, v.Context())}
	for f := v.frame; f != nil; f = f.parent {
		if f.vars == nil {
			continue
		}
		for i, name := range f.vars.names {
			if _, inner := s.Variables[name]; inner {
				continue
			}
			if s.Variables == nil {
				s.Variables = map[string]json.RawMessage{}
			}
			s.Variables[name] = f.vars.values[i].Text()
		}
	}
	return s
}

// MapLabel is what names a Map state in the ARNs of its map runs and children:
// its Label, or a UUID that is always the same for a state in that place.
func MapLabel(state *definition.State) string {
	if m, ok := state.Kind.(*definition.Map); ok && m.Label != "" {
		return m.Label
	}
	return labelOf(state.Place())
}

// mapRunARN is the ARN of the map run of that name.
func (r *Run) mapRunARN(state *definition.State, name string) string {
	arn := strings.Replace(r.info.MachineARN, ":stateMachine:", ":mapRun:", 1)
	arn, _, _ = strings.Cut(arn, "/") // that of a child names its own Map state as well
	return fmt.Sprintf("%s/%s:%s", arn, MapLabel(state), name)
}
