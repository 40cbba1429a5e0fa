package pebblestore

import (
	"io"

	"github.com/cockroachdb/pebble/v2"
)

// firstWins is how messages get into inboxes: of several writes to one key, the
// oldest since the last deletion counts. So a message that is there already is
// left as it is without a read to find out.
var firstWins = &pebble.Merger{
	Name: "fermata.first",
	Merge: func(_, value []byte) (pebble.ValueMerger, error) {
		return &firstValue{value: append([]byte(nil), value...)}, nil
	},
}

type firstValue struct{ value []byte }

func (*firstValue) MergeNewer([]byte) error { return nil }

func (f *firstValue) MergeOlder(value []byte) error {
	f.value = append(f.value[:0], value...)
	return nil
}

func (f *firstValue) Finish(bool) ([]byte, io.Closer, error) { return f.value, nil, nil }
