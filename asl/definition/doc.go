// Package definition is the model of an Amazon States Language state machine,
// with the parser (JSON and YAML) that builds it and the validator that says
// what is wrong with a text, and where.
//
// [Parse] is the only way to get a [Machine], and it answers with one only if
// the text has no fault of severity ERROR. So whoever holds a Machine may rely
// on what the doc comments of the model promise without checking again: every
// transition leads to a state of the same scope, every path and intrinsic
// function call is compiled, no two exclusive fields are both present.
//
// A Machine is immutable and may be used by any number of goroutines.
//
// # Layout of the model
//
// A machine is a tree of scopes. A [Scope] is a StartAt and a set of states:
// the machine itself, a branch of a Parallel state, or the item processor of
// a Map state. States and scopes are numbered densely in document order over
// the whole machine ([State.Index], [Scope.ID]), an outer state before those
// nested in it, so that a log can name either by a small number that stays
// valid as long as the text stays the same.
//
// What a state computes is written as a [Template]: a tree whose constant
// parts are constants and whose dynamic parts hold a compiled JSONPath, a
// compiled intrinsic function call, or the text of a JSONata expression. Both
// query languages use the same fields of the model.
package definition
