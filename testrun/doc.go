// Package testrun runs test cases of state machines: each a real execution by
// the interpreter, in virtual time, with mocks for the tasks. A year of Wait
// takes no time, and nothing outside of the process is touched.
//
// docs/testing.md describes the files that [Read] reads. A [Suite] is one such
// file; [Runner.Run] runs suites and tells a listener of each [Result].
//
// The same test always runs in the same way: time, randomness, names and tokens
// come from the test, and what happens at the same instant happens in the order
// in which it was begun.
package testrun
