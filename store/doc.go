// Package store defines what the engine asks of a store: a log of facts per
// run behind a fenced head, the rows that have to change together with it, a
// few ordered readings, and versioned records for everything else.
//
// # The fence
//
// Every run has a [Head]. A [Batch] names the head that it builds on; if the
// head is another one, or none, the batch is refused as a whole and its result
// tells who won. Creation is the only batch that expects no head, and a run's id
// is never used twice, so that a purged run cannot come back in pieces: within an
// opening a store refuses to create an id again whose run was purged, or one that
// was refused because its name was taken, whose asker knows that ([Births]),
// and the ids that it gave out before are no longer used by anybody. Whether
// a batch whose answer was lost had been committed can always be told: by the
// commit id in the head, or in the entry at its position.
//
// # What a commit is
//
// Each batch succeeds or is refused by itself and is atomic; batches of one call
// share a sync or a round trip and nothing else. When Commit returns without an
// error, every batch whose result is OK is durable. When Commit returns an
// error, nothing is known of any batch in it, and the store may have stopped
// for good (see [ErrFailed]).
//
// The indexes (wake-ups, owners, listing, retention, names) are the store's own
// affair: it derives them from the old and the new head, in the same atom.
//
// # What all stores do alike
//
// CheckBatches and Fence.CheckIdentity refuse malformed batches (ErrInvalid, an
// error of the call: nothing of it is carried out). FenceOf says which index rows
// a head has. An empty name is no name: it is never taken and never found.
// Instants are cut to whole milliseconds, attributes keep their nanoseconds; heads
// come back as Head.Canonical. The batches of one call take effect in their
// order. Within a batch, Consume comes before Send and Dequeue before Enqueue. A
// message is deduplicated against what lies in the inbox, not against what was
// consumed from it: the receiver's log has to know better.
//
// A reading never shows what could still be lost: what it returns is durable.
//
// Package storetest is the suite that every store passes.
package store
