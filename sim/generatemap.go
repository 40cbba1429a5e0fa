package sim

import (
	"encoding/json"
	"fmt"
)

// Each child of a distributed Map begins with data of the usual shape, whatever
// it is given: an item, what a selector makes of it, or a batch. The item has a
// number n, by which some fail.

// distributed is a Map state whose items are executions of their own. Whether it
// fails follows from the data, but not which of several reasons it names: it is
// caught then, whatever it is.
func (b *builder) distributed(depth int) part {
	b.maps--
	s := state{"ResultPath": "$.p", "MaxConcurrency": b.m.upTo(4)}
	p := b.single("Map", s)
	s["Label"] = fmt.Sprintf("L%d", b.named)
	b.tolerance(s)
	before, sound := b.items(depth, s)
	selected, batched := b.inputs(s)
	flat, writable := b.results(depth, s, selected, batched)
	s["ItemProcessor"] = b.processor(depth, selected, batched, flat)
	if b.narrow && depth == 0 && sound && writable {
		delete(s, "MaxConcurrency")
		delete(s, "ToleratedFailureCount")
		delete(s, "ToleratedFailurePercentage")
	} else if depth > 0 || !sound || !writable || b.m.chance(0.6) {
		p = b.caught(s, p)
	}
	return b.join(before, p)
}

func (b *builder) tolerance(s state) {
	if b.m.chance(0.4) {
		s["ToleratedFailureCount"] = b.m.upTo(4)
	}
	if b.m.chance(0.4) {
		s["ToleratedFailurePercentage"] = one(b.m, 0, 10, 25, 33.3, 50, 100)
	}
}

// items says where the items come from. sound: all of them can be read.
func (b *builder) items(depth int, s state) (before part, sound bool) {
	n := one(b.m, 0, 1, 2, 3, 3, 4, 5, 6, 8)
	if depth > 0 {
		n = min(n, 4)
	} else if b.m.chance(0.04) {
		n = 30
	}
	from := source{Items: n, Salt: b.m.IntN(10), Broken: -1}
	if b.big {
		from.Pad = b.m.upTo(4000)
	}
	if b.narrow && depth == 0 {
		n = 6 + b.m.upTo(6)
		from.Items = n
	}
	if b.long && depth == 0 {
		n = 30 + b.m.upTo(30)
		from.Items, from.Pad = n, 2000+b.m.upTo(2000)
	} else if b.m.chance(0.5) {
		s["ItemsPath"] = "$.items"
		all := make([]json.RawMessage, n)
		for i := range all {
			all[i] = from.item(i)
		}
		return b.pass(all, "$.items"), true
	}
	if b.m.chance(0.12) {
		from.Broken = b.m.upTo(n)
	}
	config := state{"InputType": "JSON"}
	if b.m.chance(0.3) {
		config["MaxItems"] = 1 + b.m.upTo(n)
	}
	s["ItemReader"] = state{"Resource": arnOfReader, "ReaderConfig": config,
		"Parameters": state{"Bucket": "items", "Key": string(marshal(from))}}
	return b.pass(0, "$.w"), from.Broken < 0
}

const (
	arnOfReader = "arn:aws:states:::s3:getObject"
	arnOfWriter = "arn:aws:states:::s3:putObject"
)

// inputs says what children are given.
func (b *builder) inputs(s state) (selected, batched bool) {
	if selected = b.m.chance(0.6); selected {
		s["ItemSelector"] = state{"i": 0, "index.$": "$$.Map.Item.Index", "item.$": "$$.Map.Item.Value", "r.$": "$.r", "seed.$": "$.seed"}
	}
	if batched = b.m.chance(0.35); batched {
		batcher := state{"BatchInput": state{"r.$": "$.r", "seed.$": "$.seed"}}
		if b.m.chance(0.7) {
			batcher["MaxItemsPerBatch"] = 1 + b.m.upTo(4)
		} else {
			batcher["MaxInputBytesPerBatch"] = 60 + b.m.upTo(400)
		}
		s["ItemBatcher"] = batcher
	}
	return selected, batched
}

// results says what becomes of the results, of which only what is always the same
// is kept. flat: the children give arrays. writable: they can be written.
func (b *builder) results(depth int, s state, selected, batched bool) (flat, writable bool) {
	keep := "$[*].r"
	form := one(b.m, "", "", "COMPACT", "FLATTEN", "NONE", "file", "file", "file")
	if b.long && depth == 0 {
		form = one(b.m, "", "COMPACT")
	} else if b.narrow && depth == 0 {
		form = "file"
	}
	switch form {
	case "":
	case "file":
		prefix := one(b.m, "sound", "sound", "sound", mended, mended, broken)
		s["ResultWriter"] = state{"Resource": arnOfWriter, "Parameters": state{"Bucket": "results", "Prefix": prefix}}
		s["ResultSelector"] = state{"bucket.$": "$.ResultWriterDetails.Bucket"}
		return false, prefix != broken
	default:
		s["ResultWriter"] = state{"WriterConfig": state{"Transformation": form, "OutputType": "JSON"}}
	}
	flat = form == "FLATTEN" && batched
	switch {
	case form == "NONE":
		keep = "$[*].Status"
	case flat && selected:
		keep = "$[*].item.n"
	case flat:
		keep = "$[*].n"
	}
	s["ResultSelector"] = state{"all.$": keep}
	return flat, true
}

// processor is what each child does.
func (b *builder) processor(depth int, selected, batched, flat bool) state {
	express := b.express
	config := state{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
	if b.m.chance(0.25) {
		b.express = true
		config["ExecutionType"] = "EXPRESS"
	}
	p := b.given(selected, batched)
	if b.m.chance(0.6) || b.narrow && depth == 0 {
		p = b.choosy(p)
	}
	if b.maps > 0 && depth == 0 && !b.express && b.m.chance(0.3) {
		p = b.join(p, b.distributed(1))
	}
	p = b.join(p, b.sequence(3, 1+b.m.upTo(1)))
	switch {
	case flat:
		p = b.join(p, b.single("Pass", state{"OutputPath": "$.items"}))
	case b.long && depth == 0: // else the results outweigh the log
		p = b.join(p, b.single("Pass", state{"Parameters": state{"r.$": "$.r"}}))
	}
	b.express = express
	scope := b.scope(p)
	scope["ProcessorConfig"] = config
	return scope
}

// given makes data of the usual shape of what a child is given.
func (b *builder) given(selected, batched bool) part {
	switch {
	case batched:
		item := "$.Items[0]"
		if selected {
			item += ".item"
		}
		return b.single("Pass", state{"Parameters": state{"i": 0, "item.$": item, "items.$": "$.Items", "r.$": "$.BatchInput.r", "seed.$": "$.BatchInput.seed"}})
	case selected:
		return b.pass(0, "$.w")
	default:
		return b.single("Pass", state{"Parameters": state{"i": 0, "item.$": "$", "r": state{"h": b.number, "c": 1}, "seed": 0}})
	}
}

// choosy fails for items with low numbers.
func (b *builder) choosy(p part) part {
	fail := b.single("Fail", state{"Error": "Biz", "Cause": refusal})
	fail.open = nil
	choice := b.single("Choice", state{"Choices": []state{{"Variable": "$.item.n", "NumericLessThan": b.m.upTo(5), "Next": fail.start}}})
	fine := b.pass(0, "$.w")
	choice.open[0]["Default"] = fine.start
	choice.open = nil
	return b.join(p, b.beside(b.beside(choice, fine), fail))
}

// caught is a Map state of whose failure nothing is kept.
func (b *builder) caught(s state, p part) part {
	if b.m.chance(0.15) {
		s["Retry"] = []state{{"ErrorEquals": []string{"States.ALL"}, "MaxAttempts": 1, "IntervalSeconds": 1}}
	}
	handler := b.pass("failed", "$.w")
	if b.m.chance(0.3) {
		handler = b.single("Fail", state{"Error": "Biz", "Cause": refusal})
		handler.open = nil
	}
	s["Catch"] = []state{{"ErrorEquals": []string{"States.ALL"}, "ResultPath": nil, "Next": handler.start}}
	return b.beside(p, handler)
}
