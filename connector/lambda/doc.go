// Package lambda is the connector named "lambda": it carries out tasks that are
// AWS Lambda functions, wherever those functions run.
//
// Two actions are served. "function" is a task whose Resource is the ARN of a
// function: the payload of the call is the event, the result is what the
// function returned. "invoke" is arn:aws:states:::lambda:invoke: the payload is
// the Parameters object, the result is the envelope with ExecutedVersion,
// Payload, the SDK's metadata and StatusCode.
//
// Router is the connector. It finds the function by name, first among the local
// handlers of the project (package local), then among the Go functions that
// were registered in this process (Registry), and else at the remote endpoint
// (package remote).
//
// # Errors
//
// What a function reports becomes the task's error: the name is its errorType,
// the cause is its JSON, with the function's own spacing for "function" and
// compact for "invoke". An error without an errorType is Lambda.Unknown. A
// function over its time is Sandbox.Timedout, one that dies is
// Runtime.ExitError, as AWS reports them since 2022 (Step Functions developer
// guide, "Handling errors"). A fault of the service is Lambda.<Code>.
//
// # Idempotency
//
// Every attempt has a key that is the same whenever the attempt is carried out
// again. A function finds it in its client context, as the custom value
// "fermata.idempotencyKey" (KeyInContext), unless the author of the workflow
// gave a ClientContext; a Go function in this process may also ask
// IdempotencyKey. The key lies flat in the custom map because the clients for
// Go and Java accept nothing but strings there.
package lambda
