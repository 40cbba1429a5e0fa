package catalog

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/store"
)

// UpdateRequest asks for a change of a machine. What is nil stays as it is.
type UpdateRequest struct {
	Definition *string
	RoleARN    *string
	Logging    *Logging
	Tracing    *Tracing
	Encryption *Encryption
	// Publish makes a version of what the machine is then, with
	// VersionDescription, which must be empty otherwise.
	Publish            bool
	VersionDescription string
}

// Updated is what a machine does now, and the version that it was published
// under, nil if that was not asked for.
type Updated struct {
	*Revision
	Version *Version
}

func (r *UpdateRequest) empty() bool {
	return r.Definition == nil && r.RoleARN == nil && r.Logging == nil && r.Tracing == nil && r.Encryption == nil
}

// UpdateMachine gives a machine a new revision, which executions that start
// after it has returned follow, and returns it. Where nothing would change the
// revision that stands is the answer, and is published if that is asked for. The
// errors of a refusal are *Error: MissingRequiredParameter,
// StateMachineDoesNotExist, StateMachineDeleting, ConflictException (somebody
// else changed it at the same time), ServiceQuotaExceededException, and those of
// CreateMachine for the members.
func (c *Catalog) UpdateMachine(ctx context.Context, name string, req UpdateRequest) (*Updated, error) {
	if req.empty() {
		return nil, &Error{Code: MissingRequiredParameter, Message: "Either the definition, the role ARN, " +
			"the LoggingConfiguration, or the TracingConfiguration must be specified"}
	}
	machine, version, err := c.active(ctx, name)
	if err != nil {
		return nil, err
	}
	current, err := c.revision(ctx, machine.Revision)
	if err != nil {
		return nil, err
	}
	text, settings, changed := req.apply(current)
	if err := req.check(&settings, c.ignoreKMS); err != nil {
		return nil, err
	}
	if changed {
		return c.revise(ctx, machine, version, &req, text, settings)
	}
	updated := &Updated{Revision: current}
	if req.Publish {
		updated.Version, err = c.PublishVersion(ctx, name, PublishRequest{Description: req.VersionDescription})
	}
	return updated, err
}

// apply returns what the revision would become, and whether that is anything new.
func (r *UpdateRequest) apply(current *Revision) (text string, s Settings, changed bool) {
	text, s = current.Definition, current.Settings
	if r.Definition != nil {
		text = *r.Definition
	}
	if r.RoleARN != nil {
		s.RoleARN = *r.RoleARN
	}
	if r.Logging != nil {
		s.Logging = *r.Logging
	}
	if r.Tracing != nil {
		s.Tracing = *r.Tracing
	}
	if r.Encryption != nil {
		s.Encryption = *r.Encryption
	}
	return text, s, text != current.Definition || s.RoleARN != current.RoleARN || !s.same(&current.Settings)
}

func (r *UpdateRequest) check(s *Settings, ignoreKMS bool) error {
	if err := checkDescription(r.Publish, r.VersionDescription); err != nil {
		return err
	}
	if r.RoleARN != nil {
		if err := checkRole(*r.RoleARN); err != nil {
			return err
		}
	}
	if err := s.check(ignoreKMS); err != nil {
		return err
	}
	if r.Encryption != nil && r.Definition == nil { // it would have to be encrypted anew
		return &Error{Code: MissingRequiredParameter, Message: "The definition must be specified when updating the EncryptionConfiguration"}
	}
	return nil
}

// revise makes the new revision durable, if the machine's record still has that
// version.
func (c *Catalog) revise(ctx context.Context, machine *Machine, version uint64, req *UpdateRequest, text string, s Settings) (*Updated, error) {
	compiled, err := c.compiled(text, machine.Type, req.Definition == nil)
	if err != nil {
		return nil, err
	}
	revision, err := c.newRevision(ctx, machine, text, s)
	if err != nil {
		return nil, err
	}
	revision.UUID = c.uuid()
	updated := &Updated{Revision: revision}
	changes := []store.Change{{Key: revisionKey(revision.ID), Value: encode(revision)}}
	if req.Publish {
		if updated.Version, err = c.publish(machine, req.VersionDescription); err != nil {
			return nil, err
		}
		changes = append(changes, store.Change{Key: versionKey(machine.ID, updated.Version.Number), Value: encode(updated.Version)})
	}
	err = c.rewrite(ctx, machine, version, changes...)
	if errors.Is(err, store.ErrConflict) {
		return nil, &Error{Code: ConflictException, Resource: c.Machine(machine.Name),
			Message: "State Machine was changed by another request at the same time: '" + c.Machine(machine.Name) + "'"}
	}
	if err != nil {
		return nil, err
	}
	c.programs.put(definitionOf(revision, compiled))
	return updated, nil
}

// active reads a machine for a change, with the version of its record.
func (c *Catalog) active(ctx context.Context, name string) (*Machine, uint64, error) {
	machine, version, err := c.machine(ctx, name)
	if err != nil {
		return nil, 0, err
	}
	if machine == nil {
		return nil, 0, NoMachine(c.Machine(name))
	}
	if machine.Status == Deleting {
		return nil, 0, BeingDeleted(c.Machine(name))
	}
	return machine, version, nil
}
