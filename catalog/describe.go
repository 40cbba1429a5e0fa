package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fermata-dev/fermata/store"
)

// MachineByName returns a machine, also one that is being deleted. The caller
// must not change it. The error is an *Error with code StateMachineDoesNotExist
// if there is none.
func (c *Catalog) MachineByName(ctx context.Context, name string) (*Machine, error) {
	known, epoch := c.machines.get(name)
	if known != nil {
		return known, nil
	}
	machine, _, err := c.machine(ctx, name)
	if err != nil {
		return nil, err
	}
	if machine == nil {
		return nil, NoMachine(c.Machine(name))
	}
	c.machines.put(name, machine, epoch)
	return machine, nil
}

// machine reads the machine of that name and the version of its record, nil if
// there is none.
func (c *Catalog) machine(ctx context.Context, name string) (*Machine, uint64, error) {
	var id uint64
	_, found, err := c.read(ctx, nameKey(name), &id)
	if !found || err != nil {
		return nil, 0, err
	}
	machine := new(Machine)
	version, found, err := c.read(ctx, machineKey(id), machine)
	if !found || err != nil { // it may have gone between the two readings
		return nil, 0, err
	}
	return machine, version, nil
}

// revision reads a revision that must be there.
func (c *Catalog) revision(ctx context.Context, id uint64) (*Revision, error) {
	if def := c.programs.get(id); def != nil {
		return DetailOf(def).Revision, nil
	}
	revision := new(Revision)
	_, found, err := c.read(ctx, revisionKey(id), revision)
	if err == nil && !found {
		err = fmt.Errorf("catalog: revision %d is missing: %w", id, store.ErrNotFound)
	}
	return revision, err
}

// ListMachines gives at most limit machines in the order of their names, from
// the one after the name after on.
func (c *Catalog) ListMachines(ctx context.Context, after string, limit int) ([]*Machine, error) {
	var machines []*Machine
	for len(machines) < limit {
		keys, err := c.list(ctx, namePrefix, after, limit-len(machines))
		if err != nil || len(keys) == 0 {
			return machines, err
		}
		for _, k := range keys {
			after = strings.TrimPrefix(k.Key, namePrefix)
			machine, err := c.MachineByName(ctx, after)
			if errors.Is(err, &Error{Code: StateMachineDoesNotExist}) {
				continue
			}
			if err != nil {
				return nil, err
			}
			machines = append(machines, machine)
		}
	}
	return machines, nil
}

// ListActivities gives at most limit activities in the order of their names,
// from the one after the name after on.
func (c *Catalog) ListActivities(ctx context.Context, after string, limit int) ([]*Activity, error) {
	return readPage[Activity](ctx, c, activityPrefix, after, limit)
}

// readPage reads a page of records of one kind.
func readPage[T any](ctx context.Context, c *Catalog, prefix, after string, limit int) ([]*T, error) {
	records, err := c.list(ctx, prefix, after, limit)
	if err != nil {
		return nil, err
	}
	values := make([]*T, len(records))
	for i, r := range records {
		values[i] = new(T)
		if err := decode(r.Key, r.Value, values[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// list reads a page of records whose keys begin with prefix, from the one after
// prefix+after on.
func (c *Catalog) list(ctx context.Context, prefix, after string, limit int) ([]store.Record, error) {
	if after != "" {
		after = prefix + after
	}
	records, err := c.records.ListRecords(ctx, prefix, after, limit)
	if err != nil {
		return nil, fmt.Errorf("catalog: listing %q: %w", prefix, err)
	}
	return records, nil
}
