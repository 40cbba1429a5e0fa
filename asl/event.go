package asl

import "time"

// Event is one event of an execution's history, in AWS's shape (section 15).
type Event struct {
	ID       uint64
	Previous uint64 // previousEventId
	Type     string
	Time     time.Time
	// Name is the member that holds the details ("stateEnteredEventDetails"),
	// empty for an event without details.
	Name string
	// Details are the members of that member, in a fixed order.
	Details []Detail
}

// Detail is one member of an event's details.
type Detail struct {
	Name string
	// Value is a string, an int64, a bool, or []Detail for an object.
	Value any
	// Data marks execution data: what includeExecutionData=false leaves out.
	Data bool
}

// Detail finds a member of the details.
func (e *Event) Detail(name string) (any, bool) {
	for i := range e.Details {
		if e.Details[i].Name == name {
			return e.Details[i].Value, true
		}
	}
	return nil, false
}

// details builds the members of an event.
type details []Detail

func (d details) with(name string, v any) details {
	return append(d, Detail{Name: name, Value: v})
}

// data adds execution data and what says whether it was cut off.
func (d details) data(name, text string) details {
	whole := []Detail{{Name: "truncated", Value: false}}
	return append(d,
		Detail{Name: name, Value: text, Data: true},
		Detail{Name: name + "Details", Value: whole, Data: true})
}

// seconds adds a duration unless there is none.
func (d details) seconds(name string, n uint64) details {
	if n == 0 {
		return d
	}
	return d.with(name, int64(n))
}

// failure adds what is known of a failure.
func (d details) failure(f *failure) details {
	if f.error != nil {
		d = d.with("error", *f.error)
	}
	if f.cause != nil {
		d = d.with("cause", *f.cause)
	}
	return d
}
