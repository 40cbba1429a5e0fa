package maprun

import (
	"encoding/json"
	"fmt"
)

// Change is a change of the settings of a map run that runs. What is nil stays.
type Change struct {
	MaxConcurrency             *int64   `json:",omitempty"`
	ToleratedFailureCount      *int64   `json:",omitempty"`
	ToleratedFailurePercentage *float64 `json:",omitempty"`
}

// Text is the change as JSON text, which is what interpreter.Update carries.
func (c *Change) Text() []byte { return marshal(c) }

// ParseChange reads the text of a change.
func ParseChange(text []byte) (*Change, error) {
	c := new(Change)
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("maprun: a change that cannot be read: %w", err)
	}
	return c, nil
}

func (c *Change) apply(s Settings) Settings {
	if c.MaxConcurrency != nil {
		s.MaxConcurrency = *c.MaxConcurrency
	}
	if c.ToleratedFailureCount != nil {
		s.ToleratedFailureCount = *c.ToleratedFailureCount
	}
	if c.ToleratedFailurePercentage != nil {
		s.ToleratedFailurePercentage = *c.ToleratedFailurePercentage
	}
	return s
}
