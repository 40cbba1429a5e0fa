package pebblestore_test

import (
	"context"
	"fmt"
	"os"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

func Example() {
	dir, err := os.MkdirTemp("", "fermata")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	s, err := pebblestore.Open(dir, pebblestore.Options{})
	if err != nil {
		panic(err)
	}
	defer s.Close()

	ctx := context.Background()
	run, err := s.AllocateRuns(ctx, 1)
	if err != nil {
		panic(err)
	}
	batch := store.Batch{
		Run: run, Create: true, Commit: 1, Entry: []byte("started"),
		Head: &store.Head{Position: 1, Commit: 1, Machine: 7, Name: "order-1"},
	}
	for range 2 { // the second is told who won: its own commit
		results, err := s.Commit(ctx, []store.Batch{batch})
		if err != nil {
			panic(err)
		}
		fmt.Println(results[0].Outcome == store.OK, results[0].Head != nil && results[0].Head.Commit == batch.Commit)
	}
	// Output:
	// true false
	// false true
}
