package interpreter

// Hesitant is a Run that has no room for the results of some of its tasks at times.
// Those are kept from it then: in the inbox they cost no memory. Both methods are
// functions of the state alone. What ends the hesitation must be something else that
// the run waits for: the result of another task.
type Hesitant interface {
	Run
	// Hesitates reports whether there is no room now. A closed run has.
	Hesitates() bool
	// Defers reports whether the command is one that has to wait then. All messages
	// of other runs have to.
	Defers(cmd Command) bool
}
