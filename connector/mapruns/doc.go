// Package mapruns holds the two connectors of distributed Map states: "maprun",
// which starts the map run that a state waits for, and "mapchild", with which a
// map run starts, runs and stops its children.
//
// Starting is idempotent: the same task, carried out again after a crash, finds
// the run that it has started before. What starts and stops executions is given
// from outside, as a [Runner].
package mapruns
