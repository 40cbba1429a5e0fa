// Package engine runs executions: it makes the facts that interpreters decide
// durable, and then makes their effects happen.
//
// The decisions are made in package core, a step machine without goroutines,
// clock or I/O. This package is its production shell: shards that own a core
// each, committers that carry batches to the store, the goroutines that carry
// tasks to connectors, queues for workers, wake-ups, recovery and retention.
// It names no language, no protocol and no database.
package engine
