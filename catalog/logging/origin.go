package logging

import (
	"context"
	"errors"
	"strings"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/store"
)

// mapRun is what the records of the children of a map run tell of it.
type mapRun struct {
	id          store.RunID
	arn, parent string
}

// origin is what the records of an execution tell of it before its first event.
func (f *Follower) origin(ctx context.Context, n *notice, detail *catalog.Detail, arn string) (executionlog.Source, error) {
	s := executionlog.Source{ExecutionARN: arn, Redrives: uint64(n.Again)}
	if detail.Role != catalog.MapItem {
		return s, nil
	}
	name, _, _ := strings.Cut(n.Name, ":") // of an Express child, without its UUID
	id, _, ok := f.standard.engine.ParentOfName(name)
	if !ok {
		return s, nil
	}
	if f.mapRun.id != id {
		found, err := f.findMapRun(ctx, id, detail.MachineName)
		if err != nil {
			return s, err
		}
		f.mapRun = found
	}
	s.MapRunARN, s.ParentARN = f.mapRun.arn, f.mapRun.parent
	return s, nil
}

// findMapRun looks a map run of a part of a machine up. What is purged by now has
// no ARN.
func (f *Follower) findMapRun(ctx context.Context, id store.RunID, part string) (mapRun, error) {
	found := mapRun{id: id}
	head, err := f.standard.engine.Head(ctx, id)
	if err == nil {
		found.arn = f.cfg.Catalog.MapRun(part, head.Name)
		head, err = f.standard.engine.Head(ctx, engine.ParentOf(head))
	}
	if errors.Is(err, engine.ErrNotFound) {
		return found, nil
	}
	if err != nil {
		return found, err
	}
	def, err := f.cfg.Catalog.Definition(ctx, head.Definition)
	if err != nil {
		return found, err
	}
	found.parent = f.cfg.Catalog.Info(def, head.Name).ExecutionARN
	return found, nil
}
