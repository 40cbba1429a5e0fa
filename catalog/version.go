package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// Version is a revision of a machine that was published. It never changes, and
// its number is never given again (reference 18).
type Version struct {
	Machine     uint64    `json:"machine"`
	Number      uint64    `json:"number"` // 1, 2, 3, …
	Revision    uint64    `json:"revision"`
	Description string    `json:"description,omitempty"`
	Created     time.Time `json:"created"`
}

// InitialRevision is how a caller names the revision that a machine was created
// with, which has no id.
const InitialRevision = "INITIAL"

// PublishRequest asks for a version.
type PublishRequest struct {
	Description string
	// RevisionID has to be that of the current revision, unless it is empty.
	RevisionID string
}

// PublishVersion gives the current revision of a machine a version number. If it
// has one already, that version is the answer, whatever the description. The
// errors of a refusal are *Error: StateMachineDoesNotExist,
// StateMachineDeleting, ConflictException (another revision is the current one),
// ServiceQuotaExceededException.
func (c *Catalog) PublishVersion(ctx context.Context, name string, req PublishRequest) (*Version, error) {
	for {
		machine, version, err := c.active(ctx, name)
		if err != nil {
			return nil, err
		}
		if err := c.checkRevision(ctx, machine, req.RevisionID); err != nil {
			return nil, err
		}
		if machine.Published != 0 {
			return c.storedVersion(ctx, machine, machine.Published)
		}
		published, err := c.publish(machine, req.Description)
		if err != nil {
			return nil, err
		}
		err = c.rewrite(ctx, machine, version, store.Change{Key: versionKey(machine.ID, published.Number), Value: encode(published)})
		if !errors.Is(err, store.ErrConflict) {
			return published, err
		}
	}
}

// checkRevision refuses to publish another revision than the one that is meant.
func (c *Catalog) checkRevision(ctx context.Context, m *Machine, wanted string) error {
	if wanted == "" {
		return nil
	}
	current, err := c.revision(ctx, m.Revision)
	if err != nil {
		return err
	}
	id := current.UUID
	if id == "" {
		id = InitialRevision
	}
	if id == wanted {
		return nil
	}
	return &Error{Code: ConflictException, Resource: c.Machine(m.Name), Message: "Failed to publish the State Machine version for revision " +
		wanted + ". The current State Machine revision is " + id + "."}
}

// publish makes a version of the machine's current revision and counts it. The
// caller writes both.
func (c *Catalog) publish(m *Machine, description string) (*Version, error) {
	if most := c.quotas.Versions; most > 0 && m.Versions >= most {
		return nil, tooMany(fmt.Sprintf("The state machine has %d versions already, as many as there may be", most), c.Machine(m.Name))
	}
	if m.LastVersion == 0 {
		m.VersionDescription = description
	}
	m.LastVersion++
	m.Published = m.LastVersion
	m.Versions++
	return &Version{Machine: m.ID, Number: m.LastVersion, Revision: m.Revision, Description: description, Created: c.instant()}, nil
}

// rewrite commits a change of a machine together with changes of what belongs to
// it: whoever changes its versions or aliases writes the machine, too, which is
// what keeps two such changes apart. A lost race is store.ErrConflict.
func (c *Catalog) rewrite(ctx context.Context, m *Machine, version uint64, changes ...store.Change) error {
	machine := store.Change{Key: machineKey(m.ID), Expect: version, Value: encode(m)}
	err := c.write(ctx, append([]store.Change{machine}, changes...)...)
	c.machines.forget(m.Name)
	return err
}

// VersionOf returns a version of a machine. The caller must not change it. The
// error is an *Error with code StateMachineDoesNotExist if there is none.
func (c *Catalog) VersionOf(ctx context.Context, m *Machine, number uint64) (*Version, error) {
	v, err := c.version(ctx, m, number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, about(StateMachineDoesNotExist, "State Machine Version Does Not Exist", c.Version(m.Name, number))
	}
	return v, err
}

// version returns a version of a machine, or store.ErrNotFound.
func (c *Catalog) version(ctx context.Context, m *Machine, number uint64) (*Version, error) {
	key := versionKey(m.ID, number)
	v, epoch := c.versions.get(key)
	if v != nil {
		return v, nil
	}
	v, err := c.storedVersion(ctx, m, number)
	if err == nil {
		c.versions.put(key, v, epoch)
	}
	return v, err
}

// storedVersion is version for a caller that goes on to change something: it
// does not trust what is in memory.
func (c *Catalog) storedVersion(ctx context.Context, m *Machine, number uint64) (*Version, error) {
	v := new(Version)
	_, found, err := c.read(ctx, versionKey(m.ID, number), v)
	if err == nil && !found {
		err = fmt.Errorf("catalog: version %d of %s: %w", number, m.Name, store.ErrNotFound)
	}
	return v, err
}

// DeleteVersion removes a version that no alias refers to. Executions that
// follow it are not touched. Removing one that does not exist is no error; one
// that an alias refers to is an *Error with code ConflictException.
func (c *Catalog) DeleteVersion(ctx context.Context, name string, number uint64) error {
	for {
		machine, version, err := c.machine(ctx, name)
		if machine == nil || err != nil {
			return err
		}
		_, err = c.storedVersion(ctx, machine, number)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			err = c.checkUnused(ctx, machine, number)
		}
		if err != nil {
			return err
		}
		machine.Versions--
		if machine.Published == number {
			machine.Published = 0
		}
		key := versionKey(machine.ID, number)
		err = c.rewrite(ctx, machine, version, store.Change{Key: key, Blind: true})
		c.versions.forget(key)
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
}

// checkUnused refuses to remove a version that aliases refer to.
func (c *Catalog) checkUnused(ctx context.Context, m *Machine, number uint64) error {
	aliases, err := c.ListAliases(ctx, m, number, "", m.Aliases+1)
	if err != nil || len(aliases) == 0 {
		return err
	}
	names := make([]string, len(aliases))
	for i, a := range aliases {
		names[i] = a.Name
	}
	return &Error{Code: ConflictException, Resource: c.Version(m.Name, number), Message: "Version to be deleted must not be referenced by an alias. " +
		"Current list of aliases referencing this version: [" + strings.Join(names, ", ") + "]"}
}

// ListVersions gives at most limit versions of a machine, newest first, from the
// one below the number before on; 0 begins with the newest.
func (c *Catalog) ListVersions(ctx context.Context, m *Machine, before uint64, limit int) ([]*Version, error) {
	after := ""
	if before != 0 {
		after = idKey("", ^before)
	}
	return readPage[Version](ctx, c, versionsOf(m.ID), after, limit)
}
