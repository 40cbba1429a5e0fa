// Package bench measures an engine as its users meet it: executions started and
// awaited, on a real store, with real tasks. In the same run it measures the
// floor: the batches that the run committed, replayed against an empty store of
// the same kind at the same concurrency. What lies between is the engine's own
// cost.
package bench
