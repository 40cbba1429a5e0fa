package definition

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// mapState reads the fields of a Map state.
func (b *builder) mapState(s *State, f fields, in surroundings) *Map {
	m := &Map{Mode: MapInline}
	f.exclusive("ItemSelector", "Parameters")
	if name := f.exactlyOne("ItemProcessor", "Iterator"); name != "" {
		b.processor(s, m, f, name, in)
	}
	m.Items = f.items()
	m.ItemSelector = f.itemSelector()
	for _, name := range []string{"MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"} {
		f.exclusive(name, name+"Path")
	}
	counts := bounds{max: 1<<53 - 1}
	m.MaxConcurrency = f.amount("MaxConcurrency", counts, noContextRoot)
	m.ToleratedFailureCount = f.amount("ToleratedFailureCount", counts, noContextRoot)
	m.ToleratedFailurePercentage = f.amount("ToleratedFailurePercentage", bounds{max: 100, fraction: true}, noContextRoot)
	m.Label = b.label(f)
	m.Reader = f.itemReader()
	m.Batcher = f.itemBatcher()
	m.Writer = f.resultWriter()
	if m.Mode == MapInline {
		f.onlyDistributed("ItemReader", "ItemBatcher", "ResultWriter", "Label")
	}
	return m
}

// onlyDistributed warns of fields that an inline Map makes no use of. AWS lets
// them pass.
func (f fields) onlyDistributed(names ...string) {
	for _, name := range names {
		if f.has(name) {
			f.warn(NoEffect, f.at.field(name), "Field '"+name+"' has no effect in a Map with the 'INLINE' Mode",
				`set "Mode": "DISTRIBUTED" in the ProcessorConfig`)
		}
	}
}

// processor reads ItemProcessor or Iterator.
func (b *builder) processor(s *State, m *Map, f fields, name string, in surroundings) {
	v, _ := f.object.Get(name)
	// The states inside take the machine's language, not the Map's.
	p, ok := b.fieldsOf(v, f.at.field(name), b.machine.QueryLanguage)
	if !ok {
		return
	}
	p.check(processorFields)
	in.depth++
	if config, ok := p.nested("ProcessorConfig"); ok {
		b.processorConfig(m, config, in)
	}
	if m.Mode == MapDistributed {
		in.distributed, in.express = true, m.ExecutionType == "EXPRESS"
	}
	m.Processor = b.scope(p, s, in)
}

func (b *builder) processorConfig(m *Map, f fields, in surroundings) {
	f.check(processorConfigFields)
	f.comment()
	if mode, ok := f.choice("Mode", string(MapInline), string(MapDistributed)); ok {
		m.Mode = MapMode(mode)
	}
	if m.Mode != MapDistributed {
		if f.has("ExecutionType") {
			f.refuse(f.at, "Field 'ExecutionType' is not supported", `remove it, or set "Mode": "DISTRIBUTED"`)
		}
		return
	}
	m.ExecutionType, _ = f.choice("ExecutionType", "STANDARD", "EXPRESS")
	f.require("ExecutionType")
	at := f.at.field("Mode")
	switch {
	case in.express:
		b.refuse(at, "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines", "use INLINE")
	case !b.opts.DistributedMap:
		b.refuse(at, "A Map state with the Mode DISTRIBUTED is not supported by this version", "use INLINE")
	}
}

// itemSelector reads ItemSelector, or Parameters as it was called before.
func (f fields) itemSelector() Template {
	if f.lang == JSONata {
		return f.arguments("ItemSelector")
	}
	if f.has("ItemSelector") {
		return f.selector("ItemSelector")
	}
	return f.template("Parameters")
}

// items reads Items (JSONata) or ItemsPath (JSONPath).
func (f fields) items() Template {
	if f.lang == JSONPath {
		return f.pathField("ItemsPath", anyRoot)
	}
	t := f.template("Items")
	if c, ok := t.(*Constant); ok {
		switch c.Value.(type) {
		case nil, bool, string:
			f.expectType(f.at.field("Items"), "Array", c.Value)
		case value.Number:
			f.expectTypeLater(f.at.field("Items"), "Array", c.Value)
		}
	}
	return t
}

const maxLabel = 40 // characters

// label reads the Label, which becomes a part of ARNs.
func (b *builder) label(f fields) string {
	label, ok := f.text("Label")
	if !ok {
		return ""
	}
	at := f.at.field("Label")
	switch {
	case utf8.RuneCountInString(label) > maxLabel:
		b.report(Error, InvalidLabelName, at, "Invalid Label name: Label exceeds the 40-character limit allowed by the service", "shorten it")
	case label == "" || strings.ContainsFunc(label, notInLabel):
		b.report(Error, InvalidLabelName, at, "Invalid Label name: "+label,
			"1 to 40 characters; no blanks, brackets, control characters or any of ?*:;,\\|^~$#%&`\"/")
	}
	if first, taken := b.labels[label]; taken {
		b.report(Error, DuplicateLabelName, at, "Duplicate Label name: "+label, "it is taken by "+first)
	} else {
		b.labels[label] = b.location(f.at)
	}
	return label
}

func notInLabel(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"/", r)
}
