package teststate

import (
	"bytes"
	"slices"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// answer tells how the state ended.
func (t *test) answer() *Answer {
	end := t.probe.End()
	a := &Answer{Status: end.Status, Error: end.Error, Cause: end.Cause, NextState: end.Next}
	if end.Output != nil {
		a.Output = end.Output.Text()
	}
	if t.request.Level == Debug || t.request.Level == Trace {
		a.Inspection = t.inspection(end)
	}
	return a
}

// inspection shows the stages that AWS shows for the type of the state.
func (t *test) inspection(end *asl.ProbeEnd) *Inspection {
	seen := t.probe.Seen()
	i := &Inspection{Input: t.request.Input.Text(), ErrorDetails: errorDetails(end)}
	if t.exchange.Request != nil {
		i.HTTP = &t.exchange
	}
	if vars := t.probe.Variables(); vars.Len() > 0 {
		i.Variables = value.Append(nil, vars)
	}
	if t.state.QueryLanguage == definition.JSONata {
		i.jsonata(t.state, t.probe)
	} else {
		i.jsonPath(t.state, t.probe)
	}
	if m, ok := t.state.Kind.(*definition.Map); ok && seen.Map != nil {
		i.items(m, t.state.QueryLanguage, seen.Map)
	}
	return i
}

// jsonata: a task has arguments and a result, and no other state shows any.
func (i *Inspection) jsonata(state *definition.State, p *asl.Probe) {
	if state.Type == definition.TypeTask {
		i.AfterArguments = text(p.Seen().Arguments)
		i.Result = text(p.Result())
	}
}

// jsonPath: a Pass state with a Result shows nothing of the input that it does not
// look at, and Parallel shows what comes after its branches.
func (i *Inspection) jsonPath(state *definition.State, p *asl.Probe) {
	seen := p.Seen()
	pass, isPass := state.Kind.(*definition.Pass)
	fixed := isPass && pass.HasResult
	if !fixed && state.Type != definition.TypeParallel {
		i.AfterInputPath = text(seen.InputPath)
	}
	switch state.Type {
	case definition.TypePass, definition.TypeTask:
		if !fixed {
			i.AfterParameters = text(seen.Arguments)
		}
		if fixed || !isPass {
			i.Result = text(p.Result())
		}
	case definition.TypeParallel, definition.TypeMap:
	default:
		return
	}
	i.AfterResultSelector = text(seen.ResultSelector)
	i.AfterResultPath = text(seen.ResultPath)
}

// items shows how a Map goes over its items.
func (i *Inspection) items(m *definition.Map, language definition.QueryLanguage, seen *asl.SeenMap) {
	i.MaxConcurrency = new(int64)
	if seen.MaxConcurrency != nil {
		i.MaxConcurrency = seen.MaxConcurrency
	}
	i.ToleratedFailureCount = seen.ToleratedFailureCount
	i.ToleratedFailurePercentage = seen.ToleratedFailurePercentage
	switch {
	case m.Reader != nil && m.Reader.Config.ItemsPointer != "":
		i.AfterItemsPointer = seen.Items.Compact()
	case language == definition.JSONPath:
		i.AfterItemsPath = itemList(seen.Items)
	}
	if seen.Inputs != nil {
		i.AfterItemSelector = list(seen.Inputs)
	}
	if seen.Batches != nil {
		i.AfterItemBatcher = list(quoteItems(seen.Batches))
	}
}

// quoteItems makes each item of the batches a string of its JSON text, as AWS
// shows batches. What the children get are the items themselves.
func quoteItems(batches []*value.Document) []*value.Document {
	quoted := make([]*value.Document, len(batches))
	for i, batch := range batches {
		shown := batch.Value().(*value.Object).Clone()
		found, _ := shown.Get("Items")
		items := slices.Clone(found.([]any))
		for j, item := range items {
			items[j] = string(value.Of(item).Compact())
		}
		shown.Set("Items", items)
		quoted[i] = value.Of(shown)
	}
	return quoted
}

// itemList is the text of an array as AWS writes it here: compact items, a comma
// and a blank between them.
func itemList(items *value.Document) []byte {
	array, _ := items.Value().([]any)
	docs := make([]*value.Document, len(array))
	for i, item := range array {
		docs[i] = value.Of(item)
	}
	return list(docs)
}

func list(items []*value.Document) []byte {
	texts := make([][]byte, len(items))
	for i, item := range items {
		texts[i] = item.Compact()
	}
	return append(append([]byte{'['}, bytes.Join(texts, []byte(", "))...), ']')
}

func text(doc *value.Document) []byte {
	if doc == nil {
		return nil
	}
	return doc.Text()
}

// errorDetails say what was for the error, nil for nothing.
func errorDetails(end *asl.ProbeEnd) *ErrorDetails {
	if end.Retrier == nil && end.Catcher == nil {
		return nil
	}
	d := &ErrorDetails{CatchIndex: end.Catcher, RetryIndex: end.Retrier}
	if end.Status == asl.ProbeRetriable {
		seconds := int64(end.Backoff.Seconds())
		d.RetryBackoffSeconds = &seconds
	}
	return d
}
