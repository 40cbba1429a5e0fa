package launch

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// Recount reads records of children off the log of their map run.
func (l *Launcher) Recount(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	if err := l.awaitEngines(ctx); err != nil {
		return nil, err
	}
	var wanted maprun.RecountRequest
	if err := json.Unmarshal(request, &wanted); err != nil {
		return nil, fmt.Errorf("reading records of children: %w", err)
	}
	reading := maprun.NewRecount(wanted)
	var broken error
	err := l.standard.EntriesFrom(ctx, store.RunID(mapRun), 0, func(e engine.Entry) bool {
		broken = reading.Entry(e.Facts)
		return broken == nil && ctx.Err() == nil
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
	return reading.Found().Text(), nil
}
