// Package sfn speaks the wire protocol of AWS Step Functions: AWS JSON 1.0 at
// POST /, so that the AWS CLI and SDKs work against Fermata unmodified.
//
// Signatures are not checked and credentials need no particular scope: whoever
// reaches the port may do everything. Any Host header is served, also with the
// prefix "sync-" that SDKs put before it for StartSyncExecution.
//
// Executions of Standard machines run in one engine, those of Express machines
// in another one over a store in memory.
//
// Beside the protocol there are GET /healthz and Fermata's own
// POST /fermata/v1/executions/wait and POST /fermata/v1/executions/run, which wait
// for the end of an execution, or start one and wait, and
// POST /fermata/v1/executions/resume for one that an incident has stopped. Requests
// with GET show what AWS's API does not: Express executions, what is stopped by an
// incident, and which machines are being deleted.
package sfn
