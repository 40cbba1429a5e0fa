package memstore_test

import (
	"testing"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
	"github.com/fermata-dev/fermata/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Harness {
		var last *memstore.Store
		return storetest.Harness{Open: func() (store.Store, error) {
			if last == nil {
				last = memstore.New(memstore.Options{})
				return last, nil
			}
			next, err := last.Reopen()
			if err == nil {
				last = next
			}
			return next, err
		}}
	})
}
