// Package asl runs state machines of the Amazon States Language: a pure
// interpreter that turns commands into facts and effects (see package
// interpreter for the contract with the engine).
//
// # State
//
// A [Run] is a tree of frames. The root frame runs the machine; every branch
// of a Parallel state and every iteration of a Map state that is under way is
// a frame of its own, with a current state, variables, and two registers: cur,
// the input of the present state (its output once it was left), and result,
// what its work gave. A register holds a *value.Document, so that text passes
// through states that do not look inside, and a value that was parsed once is
// carried from state to state.
//
// # Facts
//
// A fact is a kind, a frame and the little that happened. A value in it is a
// reference wherever the log holds the value already: the register cur or
// result, an item of the Map, or the empty object; otherwise it is inline. The
// results of branches and iterations are put together by the fact that ends
// the last of them, and so are written nowhere. Applying a fact evaluates
// nothing.
//
// # History
//
// Applying facts counts history events. A sink that listens while they are
// counted sees them in AWS's shape: [Player] is that, so that the ids in
// error causes and those that the history shows always agree.
//
// References such as "section 9" are to the ASL chapters of the project's
// compatibility notes: 3 data flow, 8 error names, 9 Retry and Catch,
// 11 Map, 15 history events.
package asl
