package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// MapStates are the distributed Map states of the machine, in the order of their
// Index.
func (p *Program) MapStates() []*definition.State {
	var states []*definition.State
	for _, state := range p.machine.All {
		if m, ok := state.Kind.(*definition.Map); ok && m.Mode == definition.MapDistributed {
			states = append(states, state)
		}
	}
	return states
}

// Item is the program that the children of a distributed Map state run: its
// processor, as a machine of its own.
func (p *Program) Item(state *definition.State) *Program {
	item := *p
	item.root, item.timeout = state.Kind.(*definition.Map).Processor, nil
	return &item
}

// MapRun is the program of the map runs of a distributed Map state.
func (p *Program) MapRun(state *definition.State) *maprun.Program {
	return &maprun.Program{
		Express: state.Kind.(*definition.Map).ExecutionType == "EXPRESS",
		Selector: func(c *maprun.Config, info interpreter.Info) (maprun.Selector, error) {
			return p.selector(state, c, info)
		},
	}
}

// selector evaluates the state's ItemSelector, in the scope that the execution
// had when it started the map run.
func (p *Program) selector(state *definition.State, c *maprun.Config, info interpreter.Info) (maprun.Selector, error) {
	context, ok := value.Text(c.Selector.Context).Value().(*value.Object)
	if !ok {
		return nil, fmt.Errorf("the context object of the map run of state '%s' is no object", state.Name)
	}
	f := &frame{state: state, entered: c.Entered, cur: value.Text(c.Selector.Input), vars: variablesOf(c.Selector.Variables)}
	run := newRun(p, info)
	template, source, keyed := state.Kind.(*definition.Map).ItemSelector, itemSource(c.Reader), c.Keyed()
	return func(item maprun.Item, env *interpreter.Env) (*value.Document, *maprun.Failure) {
		t := &turn{run: run, env: env, now: env.Now.UnixMilli()}
		v := t.visit(f)
		if item.Source == "" {
			item.Source = source
		}
		v.context = withItem(context, mapItem{item.Value, item.Index, keyed, item.Source})
		doc, err := v.flow.evaluate(v, template)
		if err != nil {
			return nil, &maprun.Failure{Error: *err.error, Cause: *err.cause}
		}
		return doc, nil
	}, nil
}

func variablesOf(all map[string]json.RawMessage) *scopeVars {
	vars := &scopeVars{}
	vars.names = slices.Sorted(maps.Keys(all))
	for _, name := range vars.names {
		vars.values = append(vars.values, value.Text(all[name]))
	}
	return vars
}

// stateData is the Source of items that a distributed Map has itself.
const stateData = "STATE_DATA"

// itemSource is what the context object has as the Source of an item whose reader
// does not say: the object that is read, or the bucket that is listed. It is "" for
// items of the objects of a listing, each of which has its own.
func itemSource(r *maprun.Reader) string {
	if r == nil {
		return stateData
	}
	var parameters struct{ Bucket, Key string }
	var config struct{ Transformation string }
	if json.Unmarshal(r.Parameters, &parameters) != nil || len(r.ReaderConfig) > 0 && json.Unmarshal(r.ReaderConfig, &config) != nil {
		return ""
	}
	switch {
	case parameters.Key != "":
		return "s3://" + parameters.Bucket + "/" + parameters.Key
	case config.Transformation == "LOAD_AND_FLATTEN":
		return ""
	}
	return "s3://" + parameters.Bucket
}

// withItem is the context object with the item of a child.
func withItem(context *value.Object, item mapItem) *value.Object {
	all := value.NewObject(context.Len() + 1)
	for name, v := range context.All() {
		all.Set(name, v)
	}
	all.Set("Map", item.object())
	return all
}
