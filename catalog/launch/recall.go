package launch

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// Recall reads inputs of children off the log of their map run.
func (l *Launcher) Recall(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	var wanted maprun.RecallRequest
	if err := l.asked(ctx, request, &wanted); err != nil {
		return nil, err
	}
	found, err := l.recall(ctx, store.RunID(mapRun), &wanted)
	if err != nil {
		return nil, err
	}
	return found.Text(), nil
}

func (l *Launcher) recall(ctx context.Context, mapRun store.RunID, wanted *maprun.RecallRequest) (*maprun.Recalled, error) {
	reading, from, err := maprun.NewRecall(wanted.Cursor)
	if err != nil {
		return nil, fmt.Errorf("reading inputs of children: %w", err)
	}
	found := &maprun.Recalled{}
	size, more := 0, len(wanted.Numbers) > 0
	take := func(number int64, input []byte) bool {
		if number == wanted.Numbers[len(found.Inputs)] {
			found.Inputs = append(found.Inputs, input)
			size += len(input)
			more = len(found.Inputs) < len(wanted.Numbers) && size < wanted.Bytes
		}
		return more
	}
	err = l.readLog(ctx, mapRun, from, func(e engine.Entry) (bool, error) {
		err := reading.Entry(e.Position, e.Facts, take)
		return more, err
	})
	found.Cursor = reading.Cursor()
	return found, err
}

// Recount reads records of children off the log of their map run.
func (l *Launcher) Recount(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	var wanted maprun.RecountRequest
	if err := l.asked(ctx, request, &wanted); err != nil {
		return nil, err
	}
	reading := maprun.NewRecount(wanted)
	err := l.readLog(ctx, store.RunID(mapRun), 0, func(e engine.Entry) (bool, error) { return true, reading.Entry(e.Facts) })
	if err != nil {
		return nil, err
	}
	return reading.Found().Text(), nil
}

// Restore reads records that were deferred off the log of their map run.
func (l *Launcher) Restore(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	var wanted maprun.RestoreRequest
	if err := l.asked(ctx, request, &wanted); err != nil {
		return nil, err
	}
	reading, from, err := maprun.NewRestore(wanted)
	if err != nil {
		return nil, fmt.Errorf("reading results of children: %w", err)
	}
	err = l.readLog(ctx, store.RunID(mapRun), from, func(e engine.Entry) (bool, error) { return reading.Entry(e.Position, e.Facts) })
	if err != nil {
		return nil, err
	}
	return reading.Found().Text(), nil
}

// asked reads what a map run wants of its log, when the engines are there.
func (l *Launcher) asked(ctx context.Context, request []byte, wanted any) error {
	if err := l.awaitEngines(ctx); err != nil {
		return err
	}
	if err := json.Unmarshal(request, wanted); err != nil {
		return fmt.Errorf("reading the log of a map run: %w", err)
	}
	return nil
}

// readLog gives the entries of a log from a position on to take, for as long as that
// wants more.
func (l *Launcher) readLog(ctx context.Context, run store.RunID, from uint64, take func(engine.Entry) (more bool, err error)) error {
	var broken error
	err := l.standard.EntriesFrom(ctx, run, from, func(e engine.Entry) bool {
		var more bool
		more, broken = take(e)
		return more && broken == nil && ctx.Err() == nil
	})
	return cmp.Or(err, broken, ctx.Err())
}
