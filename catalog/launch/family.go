package launch

import (
	"context"
	"sync"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// family is what the children of a map run have in common. It never changes, and must
// not be changed.
type family struct {
	definition *engine.Definition // of each child
	attributes map[string]any
}

// mostFamilies is how many families are remembered.
const mostFamilies = 256

// families remember what was read of map runs: a child is started by the thousand in a
// second, and reading what belongs to its map run waits for what the store is writing.
type families struct {
	mu    sync.Mutex // guards known
	known map[store.RunID]*family
}

func (f *families) get(mapRun store.RunID) *family {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known[mapRun]
}

// put remembers one more; if there are many, the others are forgotten.
func (f *families) put(mapRun store.RunID, one *family) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil || len(f.known) >= mostFamilies {
		f.known = make(map[store.RunID]*family)
	}
	f.known[mapRun] = one
}

// family is that of a map run.
func (l *Launcher) family(ctx context.Context, mapRun store.RunID) (*family, error) {
	if err := l.awaitEngines(ctx); err != nil {
		return nil, err
	}
	if known := l.families.get(mapRun); known != nil {
		return known, nil
	}
	def, err := l.standard.Definition(ctx, mapRun)
	if err == nil {
		def, err = catalog.PartOf(def, catalog.DetailOf(def).Label, catalog.MapItem)
	}
	if err != nil {
		return nil, err
	}
	attributes, err := l.inherited(ctx, mapRun)
	if err != nil {
		return nil, err
	}
	item := *def
	item.Machine = catalog.ChildrenOf(mapRun)
	one := &family{definition: &item, attributes: attributes}
	l.families.put(mapRun, one)
	return one, nil
}
