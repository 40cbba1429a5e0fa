// Package teststate tests one state of a state machine on its own: what AWS's
// operation TestState does. The state runs through the interpreter of package
// asl (asl.Probe); its work is done by a connector, or replaced by a mock.
//
// # Order of the checks
//
// A request is refused by the first of these rules that it breaks: what fits
// together in the request itself, the definition, the state's name, whether the
// state needs a mock or must not have one, the role, the mocked result (its shape
// and then the model of the API that it stands for), the context object, the
// variables. What goes wrong after that is an answer: the state failed.
package teststate
