package definition

import (
	"fmt"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// builder turns the value tree of a definition into a Machine and collects
// the diagnostics on the way. It goes on after a fault, so that all faults are
// found; what it has built then is never shown to anybody.
type builder struct {
	teller
	opts        Options
	machine     *Machine
	diagnostics []Diagnostic
	errors      int               // diagnostics of severity Error
	templated   int               // those of them that concern placeholders
	names       map[string]string // state name → location of the first one
	labels      map[string]string // label of a Map → location of the first one
	links       []link
	faulty      map[*Scope]bool          // scopes with an error in them, links apart
	objects     map[*Scope]*value.Object // what the scopes are made of
	alone       bool                     // there is one state only, and stand-ins for those that it names
	places      map[*Scope]place
	assigned    []assigned
}

// report adds a diagnostic.
func (b *builder) report(severity Severity, code Code, at place, message, hint string) {
	if severity == Error {
		b.errors++
	}
	location := b.location(at)
	if location == "" {
		location = "/"
	}
	b.diagnostics = append(b.diagnostics, Diagnostic{
		Severity: severity, Code: code, Message: message,
		Location: location, Pointer: b.pointer(at), Hint: hint,
	})
}

// refuse adds an error of the commonest code.
func (b *builder) refuse(at place, message, hint string) {
	b.report(Error, SchemaValidationFailed, at, message, hint)
}

// refuseLater is refuse for a rule that came later (see later).
func (b *builder) refuseLater(at place, message, hint string) {
	b.report(b.later(), SchemaValidationFailed, at, message, hint)
}

// later is the severity of an error of a rule that definitions may be kept from
// before. The machine has to be whole without it.
func (b *builder) later() Severity {
	if b.opts.Accepted {
		return Warning
	}
	return Error
}

// warn adds a warning.
func (b *builder) warn(code Code, at place, message, hint string) {
	b.report(Warning, code, at, message, hint)
}

// refuseValue is refuse for a value that may be a placeholder.
func (b *builder) refuseValue(at place, v any, message, hint string) {
	b.refuse(at, message, hint)
	if isPlaceholder(v) {
		b.templated++
		b.diagnostics[len(b.diagnostics)-1].Placeholder = true
	}
}

// expectType reports a value of the wrong type.
func (b *builder) expectType(at place, want string, got any) {
	b.refuseValue(at, got, "Expected value of type "+want, "found a value of type "+value.TypeName(got))
}

// expectTypeLater is expectType for a rule that came later (see later).
func (b *builder) expectTypeLater(at place, want string, got any) {
	b.refuseLater(at, "Expected value of type "+want, "found a value of type "+value.TypeName(got))
}

// list writes names the way AWS does: "[A, B]".
func list[T ~string](names []T) string {
	var s strings.Builder
	s.WriteByte('[')
	for i, n := range names {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(string(n))
	}
	s.WriteByte(']')
	return s.String()
}

// quoteList writes names for a hint: `"A" or "B"`.
func quoteList[T ~string](names []T) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", string(n))
	}
	return strings.Join(quoted, " or ")
}
