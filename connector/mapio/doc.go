// Package mapio reads the items of distributed Maps and writes their results:
// the connector "mapio" with the actions read, write and manifest.
//
// Items come from objects: JSON arrays, JSON Lines, CSV and Parquet files, the
// files that an inventory or a manifest names, or a listing. They are read in
// blocks. Each answer has a cursor, a text that says where the next block begins,
// in which content of which object; whoever keeps it can go on with it years
// later, in another process. If the object has another content by then, reading
// fails. Nothing but one item, and for Parquet one page of each column, is held
// in memory.
//
// A reader that has given a block is parked for a while, so that the next block
// does not have to find its place again. That is a cache: with it or without it
// the same items come.
package mapio
