package maprun

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/fermata-dev/fermata/expr/value"
)

// The size of a block of items.
const (
	blockItems = 2000
	blockBytes = 1 << 20
)

// mostItems is how many items a map run reads at most.
const mostItems = 100_000_000

// source gives the items, in order.
type source struct {
	block [][]byte // compact texts of the items that were read and not used
	bytes int      // of block
	used  int64    // items before block
	// origins are where the items of block are from, nil where the reader does not say.
	origins []origin
	cursor  string // where to go on reading
	task    uint64 // the reading that is under way, 0 for none
	done    bool   // everything was read
}

// split takes an array apart into the compact texts of its elements.
func split(array []byte) ([][]byte, error) {
	var items [][]byte
	err := value.Elements(value.Text(array).Compact(), func(item []byte) bool {
		items = append(items, bytes.Clone(item))
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("maprun: items that are not an array: %w", err)
	}
	return items, nil
}

// The members of an item that is a member of an object.
const (
	PairKey   = "Key"
	PairValue = "Value"
)

// Pairs is the members of an object as items.
func Pairs(object *value.Object) *value.Document {
	pairs := make([]any, 0, object.Len())
	for key, v := range object.All() {
		pair := value.NewObject(2)
		pair.Set(PairKey, key)
		pair.Set(PairValue, v)
		pairs = append(pairs, pair)
	}
	return value.Of(pairs)
}

func (s *source) add(items [][]byte) {
	s.block = append(s.block, items...)
	for _, item := range items {
		s.bytes += len(item)
	}
}

// take uses the first n items up.
func (s *source) take(n int) {
	for i := range n {
		s.bytes -= len(s.block[i])
		s.block[i] = nil
	}
	s.block = s.block[n:]
	s.used += int64(n)
	s.takeOrigins(int64(n))
	if len(s.block) == 0 {
		s.block = nil
	}
}

// low says whether the next block should be asked for.
func (s *source) low() bool {
	return !s.done && s.task == 0 && len(s.block) < blockItems/2 && s.bytes < blockBytes/2
}

// empty says whether there is nothing left.
func (s *source) empty() bool { return s.done && len(s.block) == 0 }

// readRequest is the payload of the task that reads the next block.
func (r *Run) readRequest() []byte {
	c := r.config.Reader
	request := struct {
		Resource     string
		ReaderConfig json.RawMessage `json:",omitempty"`
		Parameters   json.RawMessage `json:",omitempty"`
		Cursor       string
		MaxItems     int64
		BlockItems   int
		BlockBytes   int
	}{c.Resource, c.ReaderConfig, c.Parameters, r.source.cursor, 0, blockItems, blockBytes}
	if c.MaxItems > 0 {
		request.MaxItems = c.MaxItems - r.items.Total
	}
	return marshal(request)
}

// block is the answer to it.
type block struct {
	Items  json.RawMessage
	Cursor string
	Done   bool
	// Sources say where the items are from, where not all are from the same place.
	Sources []origin
}
