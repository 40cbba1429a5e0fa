package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// Seen is the data at the stages of its way through a state, as far as it came:
// nil for a stage that it did not come to.
type Seen struct {
	InputPath      *value.Document // after InputPath
	Arguments      *value.Document // after Parameters or Arguments
	ResultSelector *value.Document
	ResultPath     *value.Document // that of the state, or of its catcher
	Map            *SeenMap        // of a Map state whose items were found
}

// SeenMap is how a Map state is going to go over its items.
type SeenMap struct {
	Items *value.Document // the array of all items
	Count int
	// Inputs are those that ItemSelector makes, nil without one.
	Inputs []*value.Document
	// Batches are those that ItemBatcher makes of the inputs, nil without one.
	Batches []*value.Document
	// The limits are nil where the state does not set them.
	MaxConcurrency             *int64
	ToleratedFailureCount      *int64
	ToleratedFailurePercentage *float64
}

// Seen is the data at the stages so far.
func (p *Probe) Seen() *Seen { return &p.seen }

// Result is what the state's work gave, nil before it is there.
func (p *Probe) Result() *value.Document {
	if pass, ok := p.state.Kind.(*definition.Pass); ok && pass.HasResult {
		return value.Of(pass.Result)
	}
	return p.result
}

// Variables are those of the scope that the state stands in.
func (p *Probe) Variables() *value.Object {
	all := value.NewObject(0)
	if vars := p.frame.vars; vars != nil {
		for i, name := range vars.names {
			all.Set(name, vars.values[i].Value())
		}
	}
	return all
}

// seen is where a probe notes the data of the state, nil without a probe.
func (v *visit) seen() *Seen {
	if p := v.turn.run.probe; p != nil {
		return &p.seen
	}
	return nil
}

// context is the context object that expressions see: that of the
// configuration, or else own, which an execution would have that begins with the
// state: one within a Map is in no iteration.
func (p *Probe) context(v *visit, own *value.Object) *value.Object {
	if p.cfg.Context != nil {
		given := p.cfg.Context.Clone()
		v.addItem(given)
		return given
	}
	if execution, ok := own.Get("Execution"); ok {
		execution := execution.(*value.Object)
		execution.Delete("RedriveCount") // as in Express executions
		if p.cfg.Info.RoleARN == "" {
			execution.Set("RoleArn", nil)
		}
	}
	return own
}
