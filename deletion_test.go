package fermata_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

const sleepers = 1200

// TestADeletionGoesOnAfterARestart: of many executions that sleep each is told once
// that its machine is deleted, whenever the process ended, and sleeps on.
func TestADeletionGoesOnAfterARestart(t *testing.T) {
	dir := t.TempDir()
	f := openIn(t, dir)
	if _, err := f.Deploy(t.Context(), "m", `{"StartAt":"S","States":{"S":{"Type":"Wait","Seconds":31536000,"End":true}}}`); err != nil {
		t.Fatal(err)
	}
	var starting sync.WaitGroup
	for range 8 {
		starting.Go(func() {
			for range sleepers / 8 {
				if _, err := f.Start(t.Context(), "m", json.RawMessage(`{}`)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	starting.Wait()
	machine, err := f.Catalog().MachineByName(t.Context(), "m")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Catalog().DeleteMachine(t.Context(), "m"); err != nil {
		t.Fatal(err)
	}
	for lives, told := 0, 0; told < sleepers; lives++ {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		f = openIn(t, dir)
		told = toldOf(t, f, machine)
		t.Logf("life %d: %d of %d", lives, told, sleepers)
		if lives < 4 {
			continue
		}
		for told < sleepers {
			time.Sleep(10 * time.Millisecond)
			told = toldOf(t, f, machine)
		}
	}
	if again, err := f.Catalog().MachineByName(t.Context(), "m"); err != nil || again.Status != catalog.Deleting {
		t.Errorf("the machine is %+v, %v", again, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func openIn(t *testing.T, dir string) *fermata.Fermata {
	f, err := fermata.Open(t.Context(), fermata.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// toldOf counts the executions whose log has the start and, in an entry of its own,
// the one byte of the deletion. Another log is wrong.
func toldOf(t *testing.T, f *fermata.Fermata, m *catalog.Machine) (told int) {
	rows, err := f.Engine().List(t.Context(), store.ListQuery{Machine: m.ID, Status: store.Running}, store.ListRow{}, 2*sleepers)
	if err != nil || len(rows) != sleepers {
		t.Fatalf("%d executions run, %v", len(rows), err)
	}
	for _, row := range rows {
		var facts [][]byte
		err := f.Engine().EntriesFrom(t.Context(), row.Run, 1, func(e engine.Entry) bool {
			facts = append(facts, e.Facts...)
			return true
		})
		switch {
		case err != nil || len(facts) > 1 || len(facts) == 1 && len(facts[0]) != 1:
			t.Fatalf("run %d has the facts % x after its start, %v", row.Run, facts, err)
		case len(facts) == 1:
			told++
		}
	}
	return told
}
