// Package catalog keeps what executions are made of: state machines with their
// revisions, activities and tags, as versioned records of a store. It is the
// engine's Catalog, and what protocol servers and the embedding API create,
// change, describe, list and delete definitions with.
//
// # Machines and revisions
//
// A state machine is a name with a [Type]; what it does is a [Revision]: the
// definition as its author wrote it, the role and the configurations. A change
// of any of them makes a new revision, which later executions follow; running
// ones stay with theirs. Machines and revisions have ids from one sequence that
// are never used twice, so that a machine created again under an old name is
// another machine, with none of the old one's executions.
//
// A revision can be published under a number, as a [Version], and an [Alias]
// leads to one or two versions. What an execution follows that is started by the
// ARN of any of these is its [Target].
//
// Revisions are kept for good, also those of machines that were deleted:
// executions may follow or show them. Removing the ones that no execution
// refers to is not done yet.
//
// # Deleting
//
// Deleting a machine is asynchronous, as AWS has it (reference 13.1): the
// machine is DELETING and takes no more executions; those that run are told, and
// fail at their next transition; when none is left, it is gone and its name is
// free. Express executions go on to their end, and nobody waits for them. A Catalog
// finishes deletions once it knows the engine (see [Catalog.Attach]), those of an
// earlier process included.
//
// # Processes
//
// While a Catalog is open it is the only writer of its records: it keeps
// activities and the machines in use in memory. Two Catalogs over one store see
// each other's changes late; a lost update is impossible all the same, since
// every change is fenced by the version of its record.
package catalog
