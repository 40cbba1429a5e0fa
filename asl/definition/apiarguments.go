package definition

import (
	"strings"

	"github.com/fermata-dev/fermata/awsmodel"
	"github.com/fermata-dev/fermata/expr/value"
)

// apiArguments holds what is written out of a task's arguments against what the
// operation takes. What is computed may be anything. AWS locates all that is wrong
// at the arguments as a whole.
type apiArguments struct {
	fields
	whole  place
	held   bool // whether AWS refuses members that the operation does not have
	needed bool // whether it asks for those that are required
}

// checkAPI checks the arguments of an integration whose operation is known.
func (f fields) checkAPI(r Resource, arguments *value.Object, at place) {
	input, ok := r.input()
	if !ok {
		return
	}
	c := apiArguments{fields: f, whole: at, held: r.AWSSDK || heldToAPI[r.Service], needed: r.AWSSDK}
	c.structure(input, arguments, at)
}

// value checks the parts of a value, if it has the type that the operation takes:
// AWS was seen to look at names, not at types, and it makes JSON text of an object
// that is given for a string.
func (c apiArguments) value(in awsmodel.Input, v any, at place) {
	switch in.Type() {
	case awsmodel.Structure:
		if o, ok := v.(*value.Object); ok && !isPlaceholder(v) {
			c.structure(in, o, at)
		}
	case awsmodel.List:
		items, _ := v.([]any)
		for i, item := range items {
			c.value(in.Of(), item, at.itemOf(i))
		}
	case awsmodel.Map:
		if o, ok := v.(*value.Object); ok && !isPlaceholder(v) {
			for key, v := range o.All() {
				c.value(in.Of(), v, at.fieldOf(key))
			}
		}
	}
}

func (c apiArguments) structure(in awsmodel.Input, o *value.Object, at place) {
	given := map[string]bool{}
	for key, v := range o.All() {
		name, computed := c.member(key, v)
		m, ok := in.Member(name)
		switch {
		case !ok:
			c.unknown(in, name, computed, at.fieldOf(key))
			continue
		case !computed:
			c.value(m.Input, v, at.fieldOf(key))
		}
		given[m.Name] = true
	}
	for m := range in.Members() {
		if m.Required && !given[m.Name] {
			c.missing(m.Name, at)
		}
	}
}

// member is the name of a member, and whether its value is computed.
func (c apiArguments) member(key string, v any) (name string, computed bool) {
	if c.lang == JSONPath {
		return strings.CutSuffix(key, ".$")
	}
	text, _ := v.(string)
	return key, strings.HasPrefix(text, "{%")
}

// unknown reports a member that the operation does not have. Of one that is
// computed AWS was not seen to refuse the name before the task runs.
func (c apiArguments) unknown(in awsmodel.Input, name string, computed bool, at place) {
	message := `The field "` + name + `" is not supported by Step Functions`
	hint := unknownHint(in, name)
	if c.held && !computed {
		c.refuseLater(at, message, hint)
		return
	}
	c.warn(UnknownArgument, at, message, hint)
}

// unknownHint says what would be right.
func unknownHint(in awsmodel.Input, name string) string {
	if m, ok := in.Like(name); ok {
		return "write '" + m.Name + "': the names of members begin with a capital letter"
	}
	var names []string
	for m := range in.Members() {
		names = append(names, m.Name)
	}
	switch {
	case len(names) == 0:
		return "there are no members here"
	case len(names) > maxHinted:
		return "the reference of the API has its members"
	}
	return "there are " + list(names)
}

// maxHinted is how many members a hint names: there may be as many hints as there
// are members in a definition.
const maxHinted = 12

// missing reports a required member that is not there. AWS was seen to refuse it
// at the top.
func (c apiArguments) missing(name string, at place) {
	top := at == c.whole
	message := "The field '" + name + "' is required but was missing"
	switch {
	case top && c.needed:
		c.refuseLater(at, message, "add it, or compute it")
	case !top:
		c.warn(MissingArguments, at, message, "the API asks for it")
	}
}
