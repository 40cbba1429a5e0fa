package sfn

import (
	"context"

	"github.com/fermata-dev/fermata/catalog"
)

// Throttle says which calls are let through, as AWS's token buckets do. It must be
// safe for concurrent use. *throttle.Buckets is one.
type Throttle interface {
	// Call takes a token for a call of an operation, and says whether there was one.
	Call(operation string) bool
	// StartExpress is Call for StartExecution of an Express machine.
	StartExpress() bool
}

// startExecution is the operation whose bucket depends on what its input names.
const startExecution = "StartExecution"

// admit refuses a call whose operation has no token left, before its body is read.
func (s *Server) admit(operation string) error {
	if t := s.cfg.Throttle; t == nil || operation == startExecution || t.Call(operation) {
		return nil
	}
	return throttled()
}

// admitStart refuses a start for which there is no token left: machines of either
// type have their own.
func (s *Server) admitStart(ctx context.Context, in input) error {
	t := s.cfg.Throttle
	if t == nil {
		return nil
	}
	pass := t.StartExpress
	if !s.isExpress(ctx, in.text("stateMachineArn")) {
		pass = func() bool { return t.Call(startExecution) }
	}
	if pass() {
		return nil
	}
	return throttled()
}

func (s *Server) isExpress(ctx context.Context, machine string) bool {
	arn, err := catalog.ParseMachine(machine)
	if err != nil {
		return false
	}
	m, err := s.cfg.Catalog.MachineByName(ctx, arn.Name())
	return err == nil && m.Type == catalog.Express
}

// throttled is as AWS was recorded to refuse a call.
func throttled() *failure {
	f := refuse("ThrottlingException", "Rate exceeded")
	f.namespace = "com.amazon.coral.availability"
	return f
}
