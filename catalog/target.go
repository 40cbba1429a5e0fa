package catalog

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// Target is what an execution follows, and how its start named it: Version is 0
// and Alias is empty where it named the machine itself.
type Target struct {
	Definition *engine.Definition
	Version    uint64
	Alias      string
}

// The attributes by which a run remembers what it was started by.
const (
	versionAttribute = "fermata.version"
	aliasAttribute   = "fermata.alias"
)

// Attributes are what the run is to remember of its target, nil for nothing.
func (t Target) Attributes() map[string]any {
	if t.Version == 0 {
		return nil
	}
	attributes := map[string]any{versionAttribute: int64(t.Version)}
	if t.Alias != "" {
		attributes[aliasAttribute] = t.Alias
	}
	return attributes
}

// StartedBy tells which version and alias a run was started by, 0 and "" for
// none.
func StartedBy(h *store.Head) (version uint64, alias string) {
	n, _ := h.Attributes[versionAttribute].(int64)
	alias, _ = h.Attributes[aliasAttribute].(string)
	return uint64(n), alias
}

// Target returns what an execution follows that the ARN of a machine, version or
// alias starts now. Which version an alias leads to is decided anew each time.
// The errors of a refusal are *Error: StateMachineDoesNotExist,
// StateMachineDeleting.
func (c *Catalog) Target(ctx context.Context, arn ARN) (Target, error) {
	if arn.Place != c.Place || arn.Label() != "" {
		return Target{}, NoMachine(arn.Text)
	}
	machine, err := c.MachineByName(ctx, arn.Rest[0])
	if err != nil {
		return Target{}, missing(err, arn)
	}
	if machine.Status == Deleting {
		return Target{}, BeingDeleted(c.Machine(machine.Name))
	}
	target, revision, err := c.lead(ctx, machine, arn)
	if err != nil {
		return Target{}, err
	}
	target.Definition, err = c.Definition(ctx, revision)
	return target, err
}

// lead goes from what the ARN names to a revision.
func (c *Catalog) lead(ctx context.Context, m *Machine, arn ARN) (t Target, revision uint64, err error) {
	number, isVersion := arn.VersionNumber()
	switch {
	case isVersion:
		t.Version = number
	case arn.Qualified():
		alias, err := c.AliasOf(ctx, m, arn.Rest[1])
		if err != nil {
			return t, 0, missing(err, arn)
		}
		t.Alias, t.Version = alias.Name, alias.choose(c.roll(100))
	default:
		return t, m.Revision, nil
	}
	v, err := c.VersionOf(ctx, m, t.Version)
	if err != nil {
		return t, 0, err
	}
	return t, v.Revision, nil
}

// missing says of a machine or alias that does not exist what starting it
// says: that there is no machine with this ARN.
func missing(err error, arn ARN) error {
	if errors.Is(err, &Error{Code: StateMachineDoesNotExist}) || errors.Is(err, &Error{Code: ResourceNotFound}) {
		return NoMachine(arn.Text)
	}
	return err
}
