// Package interpreter defines what an interpreter of a workflow language is to
// the engine: a pure function over a log of facts.
//
// A [Program] is a definition made ready to run. A [Run] is the folded state of
// one execution of it. The engine gives a Run [Command]s; Decide answers with
// facts and effects; the engine makes the facts durable in one commit and only
// then carries the effects out. After a crash the engine folds the log again
// with Apply and reads the work that is outstanding off the folded state.
//
// # Rules that every interpreter obeys
//
//   - Decide does no I/O and reads no clock, no global randomness and nothing
//     else that is not in its arguments. The same state, environment and command
//     give the same facts, bytes included.
//   - Decide changes its state only by applying the facts that it appends. So a
//     Run that decided and a Run that folded the same facts are equal, and
//     Snapshot writes the same bytes for both.
//   - Applying a fact evaluates nothing of the user's. Facts hold the values that
//     were computed, or refer to values that the log already holds.
//   - A command that is no longer wanted (its task is gone, the run is closed)
//     appends nothing and says so in its [Outcome].
//   - Facts and snapshots are durable formats: they only move forward, and what
//     an older version wrote is read for ever.
//
// The package knows nothing of languages, stores or protocols.
package interpreter
