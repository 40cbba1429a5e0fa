// Package logging logs the executions of the machines of a catalog: it follows
// what engines commit, reads events out of it and gives their records to a sink,
// as the loggingConfiguration of each machine says (reference section 22).
//
// # What is promised
//
// Nothing here holds up or fails an execution. Engines only put what they have
// committed into a queue; one goroutine does the rest. The queue is bounded:
// when entries wait beyond a number of bytes they are read from the store again
// when their turn comes, and beyond a number of entries they are dropped. Drops
// are counted, and said in the server's log.
//
// Every wanted event of a Standard execution is logged at least once, in order,
// after its commit, also over crashes. What makes that true is one record in the
// store, the checkpoint: an instant up to which everything committed has been
// written and synced. It moves on about once a second while there is something
// to log. After a crash the executions with entries since then are found, those
// that have ended by the index of closed runs, the open ones of machines that log
// by their heads, and their events since then are logged, some of them again.
// After an orderly stop there is nothing to find. An entry that had to be
// dropped holds the checkpoint back, so that it is logged after the next start,
// with everything that came after it.
//
// Express executions are in memory only, and so is what is still to be logged of
// them.
//
// # How events come about
//
// Facts mean nothing without the state that they are applied to. A tail holds
// the state of one execution as far as it was logged, and makes events of the
// entries that follow. Tails of executions that rest are dropped to bound the
// memory; when such an execution goes on, its log is read from the beginning.
package logging
