// Package maprun interprets map runs: the work of a Map state in the mode
// DISTRIBUTED, as a run with a log of its own.
//
// A map run reads its items block by block, makes the inputs of its children of
// them, keeps as many children under way as it may, and collects what they give,
// either as its output or in files. All of that are tasks of its own: "read",
// "write" and "manifest" of the connector "mapio", "start", "run", "stop", "ask",
// "redrive", "rerun", "recall", "recount" and "restore" of the connector "mapchild".
//
// # What is in memory
//
// At most two blocks of items, the inputs of the children under way, and the
// results that no file has yet; each is bounded in bytes, so that a map run over
// a hundred million items is as small as one over ten thousand. Only where there
// is no ResultWriter the results stay: they are the output.
//
// # Children
//
// A child is started by a task whose number is its own, and its end comes as the
// result of that task. That a child was started is not kept: after a crash every
// child under way is started again, and whoever starts it finds the one that is
// there by its number.
//
// # Redrive
//
// A map run that has ended without success keeps what it takes to go on: which
// children did not succeed, where its items go on, and the results. See redrive.go.
//
// The package knows nothing of the language: what an ItemSelector makes of an
// item is told by a [Selector].
package maprun
