// Package states is the connector for nested executions: tasks whose resource
// is states:startExecution (reference 23).
//
// Without a suffix and with .waitForTaskToken the answer to the start is all
// that the connector gives. With .sync and .sync:2 it is the submission: the
// child execution carries the parent's task with it and its end becomes the
// task's result, by way of [Result].
//
// Starting is idempotent: the same attempt at the same task, carried out again
// after a crash, finds the execution that it has started before.
package states
