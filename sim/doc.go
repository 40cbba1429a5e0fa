// Package sim is a simulated world around the engine's step machine: a store, a
// clock, nodes, connectors, workers, holders of task tokens and clients, all in
// one loop that a seed drives. The same seed gives the same run, byte for byte.
//
// # The world
//
// A [World] is a heap of events by virtual time. An event is a function; it runs
// to its end before the next, and whatever takes time in reality (a commit, a
// read, a call, a message from node to node) is two or more events with a
// distance drawn from the seed. Nodes play the part of the production shell
// (package engine) around a real core.Core; they share one memstore. Everything
// outside (functions, workers, token holders, clients, retention, the places that
// map runs read items from and write results to) is part of the world.
//
// Some machines have distributed Map states. Their map runs and children are runs
// of the same world, started by the real connectors (package connector/mapruns);
// only Express children are not: the call that runs one gives its end, and is made
// anew after a crash.
//
// # Faults
//
// The seed chooses a [Plan]: how many nodes there are and which faults happen
// how often. Requests to the store are lost, come late, come twice, are carried
// out in part, or their answers are lost; nodes crash, freeze and come back while
// others have taken over; calls are silent, doubled, late; commands go to the
// wrong node; closed runs are purged under everybody's feet. After a while faults
// stop; everything that was begun must then end.
//
// # What is checked
//
// An auditor sees every batch that the store carries out and folds each run's
// log on its own. From that it knows what is true, and checks what the nodes do,
// say and hold against it; see audit.go and verify.go for the list. Machines are
// generated so that their output does not depend on faults, so that the output
// of every run can be compared with that of a run in an ideal world. What a map
// run has to come to is found without its interpreter; see mapmodel.go.
package sim
