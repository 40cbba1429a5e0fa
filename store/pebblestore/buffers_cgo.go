//go:build cgo

package pebblestore

// onHeap: with cgo, Pebble's buffers lie outside of Go's heap.
const onHeap = false
