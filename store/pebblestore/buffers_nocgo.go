//go:build !cgo

package pebblestore

// onHeap: without cgo, Pebble's buffers lie on Go's heap.
const onHeap = true
