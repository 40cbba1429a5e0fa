package catalog

import (
	"testing"

	"github.com/fermata-dev/fermata/store"
)

// TestDeletionOfTheFirstFormat: it had the machine's id alone.
func TestDeletionOfTheFirstFormat(t *testing.T) {
	d, err := readDeletion(store.Record{Key: deletingKey(7), Value: encode(uint64(7))})
	if err != nil || *d != (Deletion{Machine: 7}) {
		t.Errorf("%+v, %v", d, err)
	}
}
