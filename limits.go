package fermata

import (
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/interpreter"
)

// DefaultLimits are Fermata's own limits, wider than AWS's.
func DefaultLimits() *interpreter.Limits {
	return &interpreter.Limits{
		PayloadBytes:     16 << 20,
		HistoryEvents:    10_000_000,
		InlineIterations: 1000,
		VariableBytes:    16 << 20,
		VariablesBytes:   64 << 20,
	}
}

// AWSLimits are the quotas of AWS Step Functions.
func AWSLimits() *interpreter.Limits {
	return &interpreter.Limits{
		PayloadBytes:     256 << 10,
		HistoryEvents:    25_000,
		InlineIterations: 40,
		VariableBytes:    256 << 10,
		VariablesBytes:   10 << 20,
		ExecutionTime:    365 * 24 * time.Hour,
	}
}

// DefaultExpressLimits are Fermata's own limits for Express executions: those of
// all, and a time, for what has no end would stay in memory.
func DefaultExpressLimits() *interpreter.Limits {
	l := DefaultLimits()
	l.ExecutionTime = time.Hour
	return l
}

// AWSExpressLimits are the quotas of AWS Step Functions for Express executions.
// Their histories have no limit there.
func AWSExpressLimits() *interpreter.Limits {
	l := AWSLimits()
	l.HistoryEvents = DefaultLimits().HistoryEvents
	l.ExecutionTime = 5 * time.Minute
	return l
}

// AWSQuotas are those of an account of AWS, as it is at first.
func AWSQuotas() catalog.Quotas {
	return catalog.Quotas{Machines: 100_000, Activities: 100_000, Versions: 1000, Aliases: 100, OpenExecutions: 1_000_000, OpenMapRuns: 1000}
}
