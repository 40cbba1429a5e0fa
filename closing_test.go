package fermata_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// What a wide Map needed while it ran is not kept when it has ended: the snapshot
// of the open execution gives way to that of the closed one.
func TestAClosedExecutionKeepsNoSnapshotOfTheOpenOne(t *testing.T) {
	ctx := context.Background()
	s := memstore.New(memstore.Options{})
	f, err := fermata.Open(ctx, fermata.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	snapshots := 0
	f.Handle("work", fermata.Func(func(ctx context.Context, item int) (int, error) {
		if item == 1_900 { // nearly all is done
			snapshots = snapshotBytes(t, s)
		}
		return item, nil
	}))
	_, err = f.Deploy(ctx, "wide", `{"StartAt": "All", "States": {"All": {"Type": "Map", "End": true, "ResultPath": null,
		"OutputPath": "$[0]", "MaxConcurrency": 100, "ItemProcessor": {"StartAt": "Work", "States": {"Work": {
		"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "Next": "Much"},
		"Much": {"Type": "Pass", "Result": "`+strings.Repeat("much ", 100)+`", "Next": "Little"},
		"Little": {"Type": "Pass", "Result": 1, "End": true}}}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	items := make([]int, 2_000)
	for i := range items {
		items[i] = i
	}
	if _, err := f.Run(ctx, "wide", items); err != nil {
		t.Fatal(err)
	}
	input, _ := json.Marshal(items)
	if closed := snapshotBytes(t, s); snapshots == 0 || closed > snapshots/2 || closed > len(input)+1_000 {
		t.Errorf("the snapshot has %d bytes after the end and had %d before; the input has %d", closed, snapshots, len(input))
	}
}

func snapshotBytes(t *testing.T, s store.Store) int {
	ctx := context.Background()
	rows, err := s.List(ctx, store.ListQuery{Machine: 1, AnyStatus: true}, store.ListRow{}, 2)
	if err != nil || len(rows) != 1 {
		t.Errorf("%d runs, %v", len(rows), err)
		return 0
	}
	log, err := s.Load(ctx, rows[0].Run, 0)
	if err != nil {
		t.Error(err)
		return 0
	}
	return len(log.Snapshot)
}
