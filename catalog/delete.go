package catalog

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/store"
)

// DeleteMachine begins to delete a machine, and ends it too where none of its
// executions runs. Deleting one that does not exist, or again, is no error.
func (c *Catalog) DeleteMachine(ctx context.Context, name string) error {
	machine, version, err := c.active(ctx, name)
	switch {
	case errors.Is(err, &Error{Code: StateMachineDoesNotExist}):
		return nil
	case errors.Is(err, &Error{Code: StateMachineDeleting}):
		c.sweeper.wake()
		return nil
	case err != nil:
		return err
	}
	machine.Status = Deleting
	err = c.write(ctx,
		store.Change{Key: machineKey(machine.ID), Expect: version, Value: encode(machine)},
		store.Change{Key: deletingKey(machine.ID), Value: encode(machine.ID)})
	c.machines.forget(name)
	if errors.Is(err, store.ErrConflict) {
		return c.DeleteMachine(ctx, name) // it changed under us; look again
	}
	if err != nil {
		return err
	}
	if running, err := c.sweeper.running(ctx, machine); err == nil && !running {
		return c.remove(ctx, machine.ID)
	}
	c.sweeper.wake()
	return nil
}

// remove takes the records of a machine away that has no running executions,
// and frees its name.
func (c *Catalog) remove(ctx context.Context, id uint64) error {
	machine := new(Machine)
	version, found, err := c.read(ctx, machineKey(id), machine)
	if err != nil || !found {
		return err
	}
	err = c.write(ctx,
		store.Change{Key: machineKey(id), Expect: version},
		store.Change{Key: nameKey(machine.Name), Blind: true},
		store.Change{Key: deletingKey(id), Blind: true})
	c.machines.forget(machine.Name)
	if errors.Is(err, store.ErrConflict) { // somebody else has removed it, or tagged it
		return c.remove(ctx, id)
	}
	return err
}
