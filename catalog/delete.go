package catalog

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/store"
)

// DeleteMachine begins to delete a machine with its versions and aliases, and ends
// it too where it waits for no execution. Executions under way know of it when it
// returns, but for those that are too many for that, or start this instant: they
// learn of it soon. Deleting one that does not exist, or again,
// is no error.
func (c *Catalog) DeleteMachine(ctx context.Context, name string) error {
	machine, version, err := c.active(ctx, name)
	switch {
	case errors.Is(err, &Error{Code: StateMachineDoesNotExist}):
		return nil
	case errors.Is(err, &Error{Code: StateMachineDeleting}):
		if machine, err := c.MachineByName(ctx, name); err == nil {
			c.hasten(ctx, machine.ID)
		}
		return nil
	case err != nil:
		return err
	}
	machine.Status = Deleting
	err = c.write(ctx,
		store.Change{Key: machineKey(machine.ID), Expect: version, Value: encode(machine)},
		store.Change{Key: deletingKey(machine.ID), Value: encode(&Deletion{Machine: machine.ID})})
	c.machines.forget(name)
	if errors.Is(err, store.ErrConflict) {
		return c.DeleteMachine(ctx, name) // it changed under us; look again
	}
	if err != nil {
		return err
	}
	c.hasten(ctx, machine.ID)
	return nil
}

// hasten goes on with a deletion as far as that is quick: executions know of it when
// the caller is answered, if they are no more than a page. All else, errors
// included, is the sweeper's.
func (c *Catalog) hasten(ctx context.Context, id uint64) {
	for range 2 { // a page, and the end
		come, err := c.finish(ctx, id)
		if err == nil && come == over {
			return
		}
		if err != nil || come != advance {
			break
		}
	}
	c.sweeper.wake(id)
}

// remove takes the records of a machine away that waits for no execution, with its
// versions and aliases, and frees its name.
func (c *Catalog) remove(ctx context.Context, id uint64) error {
	machine := new(Machine)
	version, found, err := c.read(ctx, machineKey(id), machine)
	if err != nil || !found {
		return err
	}
	if err := errors.Join(c.removeAll(ctx, versionsOf(id)), c.removeAll(ctx, aliasesOf(id))); err != nil {
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
	if err == nil {
		c.sweeper.forget(id)
		c.countName(-1)
	}
	return err
}

// removePage is how many records removeAll takes away at once.
const removePage = 50

// removeAll takes all records away whose keys begin with prefix. They belong to
// a machine that is being deleted, so that none is added any more.
func (c *Catalog) removeAll(ctx context.Context, prefix string) error {
	for {
		records, err := c.list(ctx, prefix, "", removePage)
		if err != nil || len(records) == 0 {
			return err
		}
		changes := make([]store.Change, len(records))
		for i, r := range records {
			changes[i] = store.Change{Key: r.Key, Blind: true}
		}
		if err := c.write(ctx, changes...); err != nil {
			return err
		}
		for _, r := range records {
			c.versions.forget(r.Key)
			c.aliases.forget(r.Key)
		}
	}
}
