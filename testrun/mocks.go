package testrun

import (
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/jsonata"
)

// Mocks are what the tasks of states are answered, by the name of the state, or
// by MACHINE/STATE.
type Mocks map[string]*Mock

// Mock is what the tasks of one state are answered.
type Mock struct {
	// Replies by invocation, in order. The last one may be for ever.
	Replies []Reply
	// Source is how the mock is called where it lacks something.
	Source string
}

// Reply is the answer to one or several invocations.
type Reply struct {
	// From and To are the first and the last invocation, counted from 0.
	From, To int
	// Receives has to be part of the payload, if it is not nil.
	Receives *Value
	// After is how long the answer takes.
	After time.Duration
	// Heartbeat is the pause between heartbeats while it takes, 0 for none.
	Heartbeat time.Duration

	// What the answer is: one of these, or silence.
	Output   []byte // JSON text
	Failure  *connector.Error
	Evaluate *jsonata.Expr
	// Items is an array in JSON: what the ItemReader of a Map state reads.
	Items []byte
	// Envelope: the output is the payload of a function, to be given as
	// lambda:invoke does.
	Envelope bool
}

// reply is the answer to an invocation, nil if there is none.
func (m *Mock) reply(invocation int) *Reply {
	for i := range m.Replies {
		if r := &m.Replies[i]; r.From <= invocation && invocation <= r.To {
			return r
		}
	}
	return nil
}

// of finds the mock of a state.
func (m Mocks) of(machine, state string) *Mock {
	if found := m[machine+"/"+state]; found != nil {
		return found
	}
	return m[state]
}

// over is the mocks with those of the other set where that has none.
func (m Mocks) over(others Mocks) Mocks {
	all := Mocks{}
	for state, mock := range others {
		all[state] = mock
	}
	for state, mock := range m {
		all[state] = mock
	}
	return all
}
