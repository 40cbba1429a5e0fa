package definition

import (
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// looksComputed says whether a constant string was perhaps meant to be a path
// or an intrinsic call.
func looksComputed(v any) bool {
	text, ok := v.(string)
	return ok && (strings.HasPrefix(text, "$.") || strings.HasPrefix(text, "$$.") ||
		strings.HasPrefix(text, "States.") && strings.HasSuffix(text, ")"))
}

// lintNoDollar warns of a member of a payload template that is constant but
// does not look so. The place is that of the object, and the words are AWS's, of a
// path as recorded.
func (f fields) lintNoDollar(key string, v any, at place) {
	if !looksComputed(v) {
		return
	}
	what := "a JSONPath"
	if strings.HasPrefix(v.(string), "States.") {
		what = "an intrinsic function"
	}
	f.warn(NoDollar, at, "The value of '"+key+"' looks like "+what+". Instead of '"+key+"', use '"+key+".$' to evaluate it as "+what+" at runtime.",
		`name the field "`+key+`.$" to have the value computed`)
}

// lintPaths warns of fields of a state that take a constant and got what
// looks like a path.
func (f fields) lintPaths() {
	if f.lang == JSONata {
		return
	}
	for _, name := range []string{"Error", "Cause"} {
		if v, ok := f.object.Get(name); ok && looksComputed(v) {
			f.warn(NoPath, f.at.field(name), "The value looks like a path, but the field name does not end with 'Path'",
				`use "`+name+`Path" to have the value computed`)
		}
	}
}

// lintStatic warns of a Result that looks computed.
func (f fields) lintStatic(v any, at place) {
	computed := looksComputed(v)
	if o, ok := v.(*value.Object); ok {
		for key, member := range o.All() {
			computed = computed || strings.HasSuffix(key, ".$") && looksComputed(member)
		}
	}
	if computed {
		f.warn(PassResultIsStatic, at, "The Result of a Pass state is not computed", `use "Parameters" instead`)
	}
}
