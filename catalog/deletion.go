package catalog

import (
	"time"

	"github.com/fermata-dev/fermata/store"
)

// Deletion is how far the deletion of a machine has come. Its executions are told in
// the order of their listing, which has no new ones before those that are there: the
// machine takes none any more.
type Deletion struct {
	Machine uint64 `json:"machine"`
	// Started and Run are of the last execution that was told, zero for none.
	Started time.Time `json:"started,omitzero"`
	Run     uint64    `json:"run,omitempty"`
	// Told: all were.
	Told bool `json:"told,omitempty"`
}

func (*Deletion) format() byte { return formatDeletions }

// readDeletion reads the record of a deletion, also of one that was begun when
// executions were stopped and the record had the machine's id alone.
func readDeletion(r store.Record) (*Deletion, error) {
	d := new(Deletion)
	if len(r.Value) > 0 && r.Value[0] == formatFirst {
		return d, decode(r.Key, r.Value, &d.Machine)
	}
	return d, decode(r.Key, r.Value, d)
}

// cursor is where the listing of the executions goes on.
func (d *Deletion) cursor() store.ListRow {
	return store.ListRow{Started: d.Started, Run: store.RunID(d.Run)}
}

// passed notes that a page of the listing was told.
func (d *Deletion) passed(page []store.ListRow) {
	if len(page) < sweepPage {
		d.Told = true
	}
	if len(page) > 0 {
		last := page[len(page)-1]
		d.Started, d.Run = last.Started, uint64(last.Run)
	}
}
