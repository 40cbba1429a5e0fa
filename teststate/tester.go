package teststate

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// MostTime is how long a test may take, as AWS has it.
const MostTime = 5 * time.Minute

// Tester tests states. The zero value works for states that call nothing. It is
// safe for concurrent use.
type Tester struct {
	// Connectors do the work of Task states, by name.
	Connectors map[string]connector.Connector
	// Limits of the execution that a test is one state of (default: none).
	Limits *interpreter.Limits
	// Limit is how long a test may take (default MostTime).
	Limit time.Duration
	// Now is the clock (default time.Now).
	Now func() time.Time
}

// test is one test under way.
type test struct {
	*Tester
	request  *Request
	machine  *definition.Machine
	state    *definition.State
	probe    *asl.Probe
	exchange connector.HTTPExchange
}

// Test tests a state. The error is a *Refusal for a request that cannot be
// tested, or that of the context.
func (t *Tester) Test(ctx context.Context, r *Request) (*Answer, error) {
	if err := checkRequest(r); err != nil {
		return nil, err
	}
	machine, state, err := t.find(r)
	if err != nil {
		return nil, err
	}
	if err := checkState(r, state); err != nil {
		return nil, err
	}
	if r.Info.Limits == nil {
		r.Info.Limits = t.limits()
	}
	run := &test{Tester: t, request: r, machine: machine, state: state}
	if err := run.prepare(ctx); err != nil {
		return nil, err
	}
	if err := run.run(ctx); err != nil {
		return nil, err
	}
	return run.answer(), nil
}

// prepare reads the rest of the request and makes the probe.
func (t *test) prepare(ctx context.Context) error {
	r := t.request
	if err := checkMock(r, t.state); err != nil {
		return err
	}
	object, err := contextOf(r, t.state)
	if err != nil {
		return err
	}
	variables, err := variablesOf(r)
	if err != nil {
		return err
	}
	items, err := readItems(ctx, r, t.state)
	if err != nil {
		return err
	}
	t.probe = asl.NewProbe(asl.ProbeConfig{
		Machine: t.machine, State: t.state, Info: r.Info, Input: r.Input,
		Variables: variables, Context: object, Items: items,
		Retries: retriesOf(r, object), Random: random{}, Token: rand.Text(),
	})
	return nil
}

func variablesOf(r *Request) (*value.Object, error) {
	if r.Variables == nil {
		return nil, nil
	}
	object, ok := objectOf(*r.Variables)
	if !ok {
		return nil, refuse("Variables must be a JSON object")
	}
	return object, nil
}

func (t *Tester) limits() *interpreter.Limits {
	if t.Limits != nil {
		return t.Limits
	}
	return &interpreter.Limits{}
}

func (t *Tester) now() time.Time {
	if t.Now != nil {
		return t.Now()
	}
	return time.Now()
}

func (t *Tester) limit() time.Duration {
	if t.Limit > 0 {
		return t.Limit
	}
	return MostTime
}

// random is the randomness of a test.
type random struct{}

func (random) Uint64() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return binary.LittleEndian.Uint64(b[:])
}
