// Package launch starts executions of the machines of a catalog, with the rules
// that AWS has for it: what an ARN may name, what an input may be, and when a
// name that is taken means the same execution (reference 13.1). The API server
// and the connector for nested executions share it.
package launch
