package launch

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// Recall reads inputs of children off the log of their map run.
func (l *Launcher) Recall(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	if err := l.awaitEngines(ctx); err != nil {
		return nil, err
	}
	var wanted maprun.RecallRequest
	if err := json.Unmarshal(request, &wanted); err != nil {
		return nil, fmt.Errorf("reading inputs of children: %w", err)
	}
	reading, from, err := maprun.NewRecall(wanted.Cursor)
	if err != nil {
		return nil, fmt.Errorf("reading inputs of children: %w", err)
	}
	var found maprun.Recalled
	size, more := 0, len(wanted.Numbers) > 0
	take := func(number int64, input []byte) bool {
		if number == wanted.Numbers[len(found.Inputs)] {
			found.Inputs = append(found.Inputs, input)
			size += len(input)
			more = len(found.Inputs) < len(wanted.Numbers) && size < wanted.Bytes
		}
		return more
	}
	var broken error
	err = l.standard.EntriesFrom(ctx, store.RunID(mapRun), from, func(e engine.Entry) bool {
		broken = reading.Entry(e.Position, e.Facts, take)
		return broken == nil && more && ctx.Err() == nil
	})
	if err == nil {
		err = broken
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	found.Cursor = reading.Cursor()
	return found.Text(), nil
}
