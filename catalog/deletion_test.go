package catalog

import (
	"context"
	"errors"
	"testing"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// TestDeletionOfTheFirstFormat: it had the machine's id alone.
func TestDeletionOfTheFirstFormat(t *testing.T) {
	d, err := readDeletion(store.Record{Key: deletingKey(7), Value: encode(uint64(7))})
	if err != nil || *d != (Deletion{Machine: 7}) {
		t.Errorf("%+v, %v", d, err)
	}
}

// oneRun is an engine with one execution, which runs on.
type oneRun struct{ machine uint64 }

func (r oneRun) List(_ context.Context, q store.ListQuery, after store.ListRow, _ int) ([]store.ListRow, error) {
	if q.Machine != r.machine || after.Run > 0 {
		return nil, nil
	}
	return []store.ListRow{{Run: 1, Head: &store.Head{}}}, nil
}

func (oneRun) MachineDeleted(context.Context, store.RunID) error { return nil }

func (oneRun) WhenEnded(context.Context, store.RunID, func()) error { return nil }

// TestDeletionIsSeenBeforeExecutionsAreTold: whoever has marked a machine may not have
// come to forgetting it when somebody else goes on with the deletion. A start must not
// find it without the mark after that: nobody would tell its execution.
func TestDeletionIsSeenBeforeExecutionsAreTold(t *testing.T) {
	ctx := t.Context()
	c, err := Open(ctx, Config{Records: memstore.New(memstore.Options{}), Compile: ASL(nil)})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.CreateMachine(ctx, CreateRequest{Name: "m", Definition: `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`, Settings: Settings{RoleARN: "arn:aws:iam::123456789012:role/r"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.DeleteMachine(ctx, "m"); err != nil {
		t.Fatal(err)
	}
	_, epoch := c.machines.get("m")
	c.machines.put("m", m, epoch) // as if the call above had not come to its end
	c.sweeper.runs = oneRun{m.ID}
	if err := c.DeleteMachine(ctx, "m"); err != nil {
		t.Fatal(err)
	}
	arn, err := ParseMachine(c.Machine("m"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Target(ctx, arn); !errors.Is(err, &Error{Code: StateMachineDeleting}) {
		t.Errorf("a start finds it: %v", err)
	}
}
