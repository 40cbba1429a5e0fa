package teststate

import (
	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/connector"
)

// Answer is how a state ended.
type Answer struct {
	Status       asl.ProbeStatus
	Output       []byte // JSON text, nil for none
	Error, Cause *string
	NextState    string
	Inspection   *Inspection // nil for the level Info
}

// Inspection is what became of the data on the way through the state. Texts are
// JSON; what there is not is nil.
type Inspection struct {
	Input               []byte
	AfterArguments      []byte
	AfterInputPath      []byte
	AfterParameters     []byte
	Result              []byte
	AfterResultSelector []byte
	AfterResultPath     []byte
	Variables           []byte

	AfterItemsPath             []byte
	AfterItemsPointer          []byte
	AfterItemSelector          []byte
	AfterItemBatcher           []byte
	MaxConcurrency             *int64
	ToleratedFailureCount      *int64
	ToleratedFailurePercentage *float64

	ErrorDetails *ErrorDetails
	HTTP         *connector.HTTPExchange // of an HTTP task at the level Trace
}

// ErrorDetails say which retrier or catcher was for the error, by its position.
type ErrorDetails struct {
	CatchIndex, RetryIndex *int
	// RetryBackoffSeconds is the delay before the retry.
	RetryBackoffSeconds *int64
}
