package asl

import (
	"fmt"

	"github.com/fermata-dev/fermata/expr/value"
)

// maxMeasured bounds the search for the size of a value that is too large for a
// variable, which the failure tells: a small value may stand for a very long
// text.
const maxMeasured = 64 << 20

// set is a variable with its value, which keeps none of the white space of the text
// that it came as: a path to it finds what the history shows. used counts the bytes of
// the variables that the state assigns: a value that goes beyond the limit is not even
// written.
func (v *visit) set(name string, doc *value.Document, used *int) (assignment, *failure) {
	doc = doc.Tight()
	limit := v.turn.run.info.Limits.VariableBytes
	if limit > 0 && doc.Exceeds(limit-*used) {
		return assignment{}, v.tooMuchAssigned(oversize(name, doc, limit, limit-*used, v.frame.state.Name))
	}
	made := assignment{name: name, value: v.frame.refer(doc)}
	*used += doc.Size()
	return made, nil
}

// oversize says in AWS's words which limit a variable goes beyond: that of one,
// or that of all that a state assigns, of which it has room left.
func oversize(name string, doc *value.Document, limit, room int, state string) string {
	size, ok := doc.Measure(maxMeasured)
	switch {
	case !ok:
		return fmt.Sprintf("Variable size limit exceeded. Variable '%s' in state '%s' was assigned a value that is too long, or nested too deeply, to be measured.", name, state)
	case size > limit:
		return fmt.Sprintf("Variable size limit exceeded. Variable '%s' in state '%s' was assigned %d bytes.", name, state, size)
	}
	return fmt.Sprintf("State total variable size limit exceeded. Variable '%s' in state '%s' was assigned %d bytes, "+
		"which caused the size of variables assigned in the state to exceed its limit by %d bytes.", name, state, size, size-room)
}

// tooMuchAssigned is the failure of an Assign. In JSONata the history shows it as
// one of the evaluation (recorded); of JSONPath that is not known.
func (v *visit) tooMuchAssigned(cause string) *failure {
	err := failed(errorDataLimitExceeded, cause)
	if v.flow == language(jsonataFlow{}) {
		err.misread = &misread{field: "Assign", late: v.late}
	}
	return err
}

// checkVariables enforces the limit on all variables of the run together
// (section 5). Values that are replaced do not count.
func (v *visit) checkVariables(vars []assignment) *failure {
	r, f := v.turn.run, v.frame
	limit := r.info.Limits.VariablesBytes
	if len(vars) == 0 || limit == 0 {
		return nil
	}
	total := r.varBytes
	for i := range vars {
		doc, err := f.resolve(&vars[i].value)
		if err != nil {
			panic("asl: a variable is assigned what is not there")
		}
		total += doc.Size()
		if replaced, ok := f.vars.get(vars[i].name); ok {
			total -= replaced.Size()
		}
	}
	if total <= limit {
		return nil
	}
	return v.tooMuchAssigned(fmt.Sprintf("Execution total variable size limit exceeded. State '%s' assigned variables "+
		"that exceed the total execution limit by %d bytes.", f.state.Name, total-limit))
}
