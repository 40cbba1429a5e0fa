package maprun

import (
	"encoding/json"
	"fmt"
)

// Config says what a map run has to do: the fields of its Map state, with all
// their expressions evaluated. It is the input of the map run.
type Config struct {
	// Name is the last part of the map run's ARN, a UUID.
	Name string
	// Label names the Map state within its machine.
	Label string
	// State is the name of the Map state, Entered the id of the event that entered
	// it: causes name both.
	State   string
	Entered uint64
	// Items is the array of the items, or the object whose members they are; empty
	// if Reader reads them.
	Items  json.RawMessage `json:",omitempty"`
	Reader *Reader         `json:",omitempty"`
	// Selector makes the input of the children; nil if that is the item.
	Selector *Scope   `json:",omitempty"`
	Batcher  *Batcher `json:",omitempty"`
	Writer   *Writer  `json:",omitempty"`
	Settings

	keyed bool // see Keyed
}

// Keyed says whether the items are the members of an object: each is an object of
// its PairKey and its PairValue.
func (c *Config) Keyed() bool { return c.keyed }

// Settings are what can be changed while a map run runs.
type Settings struct {
	// MaxConcurrency is how many children may be under way, 0 for as many as there
	// may be in any map run.
	MaxConcurrency int64 `json:",omitempty"`
	// A map run fails when more of its items have failed than either says.
	ToleratedFailureCount      int64   `json:",omitempty"`
	ToleratedFailurePercentage float64 `json:",omitempty"`
}

// Reader says where the items are.
type Reader struct {
	Resource     string
	ReaderConfig json.RawMessage `json:",omitempty"`
	Parameters   json.RawMessage `json:",omitempty"`
	// MaxItems is how many to read at most, 0 for all.
	MaxItems int64 `json:",omitempty"`
}

// Batcher makes one child's input of many items. At least one of the bounds is
// positive.
type Batcher struct {
	MaxItemsPerBatch      int64           `json:",omitempty"`
	MaxInputBytesPerBatch int64           `json:",omitempty"`
	BatchInput            json.RawMessage `json:",omitempty"`
}

// Writer says where the results go. Without a Resource they are given as the
// output, in the form that WriterConfig says.
type Writer struct {
	Resource     string          `json:",omitempty"`
	WriterConfig json.RawMessage `json:",omitempty"`
	Parameters   json.RawMessage `json:",omitempty"`
}

// Scope is what the expressions of an ItemSelector refer to, beside the item.
type Scope struct {
	Input     json.RawMessage
	Variables map[string]json.RawMessage `json:",omitempty"`
	Context   json.RawMessage
}

// Text is the configuration as JSON text.
func (c *Config) Text() []byte { return marshal(c) }

// WithItems adds items to the text of a configuration that has none.
func WithItems(config, items []byte) []byte {
	text := make([]byte, 0, len(config)+len(items)+len(`{"Items":,`))
	text = append(text, `{"Items":`...)
	text = append(text, items...)
	text = append(text, ',')
	return append(text, config[1:]...)
}

// ParseConfig reads the text of a configuration.
func ParseConfig(text []byte) (*Config, error) {
	c := new(Config)
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("maprun: the configuration of a map run cannot be read: %w", err)
	}
	return c, nil
}
