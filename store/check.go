package store

import (
	"fmt"
	"time"
)

// Limits of a store. Stores may have lower ones of their own (ErrTooLarge).
const (
	MaxRunID    = 1<<63 - 1
	MaxName     = 1 << 10  // bytes of Head.Name, QueueRow.Queue and Record.Key
	MaxIncident = 64 << 10 // bytes
)

// CheckBatches tells whether the batches are well formed. What it refuses is a
// mistake of the caller's, and nothing of the call is carried out: the error is
// an ErrInvalid. All stores call it first, so that they refuse the same.
func CheckBatches(batches []Batch) error {
	for i := range batches {
		if err := batches[i].check(); err != nil {
			return fmt.Errorf("%w: batch %d, run %d: %w", ErrInvalid, i, batches[i].Run, err)
		}
	}
	return checkDistinct(batches)
}

// checkDistinct refuses two batches of one run. Most calls have a few batches.
func checkDistinct(batches []Batch) error {
	const few = 8
	if len(batches) <= few {
		for i := range batches {
			for j := range i {
				if batches[i].Run == batches[j].Run {
					return fmt.Errorf("%w: two batches of run %d", ErrInvalid, batches[i].Run)
				}
			}
		}
		return nil
	}
	seen := make(map[RunID]struct{}, len(batches))
	for i := range batches {
		run := batches[i].Run
		if _, twice := seen[run]; twice {
			return fmt.Errorf("%w: two batches of run %d", ErrInvalid, run)
		}
		seen[run] = struct{}{}
	}
	return nil
}

func (b *Batch) check() error {
	if err := checkRun(b.Run); err != nil {
		return err
	}
	for i := range b.Send {
		if err := checkRun(b.Send[i].To); err != nil {
			return fmt.Errorf("receiver of message %d: %w", i, err)
		}
		if b.Send[i].Source > MaxRunID {
			return fmt.Errorf("source of message %d: run id %d is out of range", i, b.Send[i].Source)
		}
	}
	for _, rows := range [2][]QueueRow{b.Enqueue, b.Dequeue} {
		for i := range rows {
			if err := rows[i].check(b.Run); err != nil {
				return err
			}
		}
	}
	if b.Head == nil {
		return b.checkPurge()
	}
	return b.checkHead()
}

func (b *Batch) checkPurge() error {
	switch {
	case b.Create:
		return fmt.Errorf("a creation needs a head")
	case b.Entry != nil || b.Snapshot != nil || len(b.Enqueue) > 0:
		return fmt.Errorf("a purge cannot add to the run")
	}
	return nil
}

func (b *Batch) checkHead() error {
	h := b.Head
	position := b.Position
	if b.Create && position != 0 {
		return fmt.Errorf("a creation begins at position 0, not %d", position)
	}
	if b.Entry != nil {
		position++
	}
	switch {
	case h.Position != position:
		return fmt.Errorf("the new head is at position %d instead of %d", h.Position, position)
	case h.Commit != b.Commit:
		return fmt.Errorf("the new head has commit %d instead of %d", h.Commit, b.Commit)
	case h.SnapshotAt > h.Position:
		return fmt.Errorf("the snapshot at %d is ahead of position %d", h.SnapshotAt, h.Position)
	case len(h.Name) > MaxName:
		return fmt.Errorf("the name has %d bytes, more than %d", len(h.Name), MaxName)
	case len(h.Incident) > MaxIncident:
		return fmt.Errorf("the incident has %d bytes, more than %d", len(h.Incident), MaxIncident)
	}
	for _, t := range [4]time.Time{h.Started, h.Closed, h.Last, h.Wake} {
		if !inRange(t) {
			return fmt.Errorf("the instant %v is outside the years 1 to 9999", t)
		}
	}
	for name, value := range h.Attributes {
		if err := checkAttribute(value); err != nil {
			return fmt.Errorf("attribute %q: %w", name, err)
		}
	}
	return nil
}

func (r *QueueRow) check(run RunID) error {
	switch {
	case r.Run != run:
		return fmt.Errorf("queue row of run %d", r.Run)
	case len(r.Queue) > MaxName:
		return fmt.Errorf("the queue name has %d bytes, more than %d", len(r.Queue), MaxName)
	case !inRange(r.At):
		return fmt.Errorf("queue row at %v is outside the years 1 to 9999", r.At)
	}
	return nil
}

func checkRun(run RunID) error {
	if run == 0 || run > MaxRunID {
		return fmt.Errorf("run id %d is out of range", run)
	}
	return nil
}

func checkAttribute(value any) error {
	switch v := value.(type) {
	case string, int64, float64, bool:
		return nil
	case time.Time:
		if !inRange(v) {
			return fmt.Errorf("the instant %v is outside the years 1 to 9999", v)
		}
		return nil
	default:
		return fmt.Errorf("a %T cannot be an attribute", value)
	}
}

// CheckChanges is to Write what CheckBatches is to Commit.
func CheckChanges(changes []Change) error {
	seen := make(map[string]struct{}, len(changes))
	for i := range changes {
		key := changes[i].Key
		if _, twice := seen[key]; twice {
			return fmt.Errorf("%w: two changes of record %q", ErrInvalid, key)
		}
		if key == "" || len(key) > MaxName {
			return fmt.Errorf("%w: a record key has 1 to %d bytes, not %d", ErrInvalid, MaxName, len(key))
		}
		seen[key] = struct{}{}
	}
	return nil
}
