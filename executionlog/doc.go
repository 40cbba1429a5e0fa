// Package executionlog writes what executions log: the events of their
// histories as records in the shape that AWS Step Functions gives to CloudWatch
// Logs (reference section 22), to the sinks that there are.
//
// A [Level] says which events are wanted, [Append] makes the record of one, and
// a [Sink] takes records: [NewFolder] keeps a file for each log group,
// [NewStream] writes lines to a writer, [Tee] does several. Nothing here knows
// where events come from, and nothing starts a goroutine.
package executionlog
