package catalog

import (
	"context"
	"errors"
	"regexp"

	"github.com/fermata-dev/fermata/store"
)

// CreateRequest asks for a new machine.
type CreateRequest struct {
	Name       string
	Type       Type // empty means Standard
	Definition string
	Settings
	Tags []Tag
}

var roleARN = regexp.MustCompile(`^arn:[a-z-]+:iam::[0-9]*:role/\S+$`)

// CreateMachine makes a machine. Where one of that name exists already it is
// the answer, unchanged, if definition, type and settings are the same; role and
// tags need not be. The errors of a refusal are *Error: InvalidName,
// InvalidArn, InvalidLoggingConfiguration, InvalidEncryptionConfiguration,
// InvalidDefinition, TooManyTags, StateMachineAlreadyExists,
// StateMachineDeleting.
func (c *Catalog) CreateMachine(ctx context.Context, req CreateRequest) (*Machine, error) {
	if req.Type == "" {
		req.Type = Standard
	}
	if err := req.check(); err != nil {
		return nil, err
	}
	if existing, err := c.existing(ctx, &req); existing != nil || err != nil {
		return existing, err
	}
	compiled, err := c.compiled(req.Definition, req.Type)
	if err != nil {
		return nil, err
	}
	machine, revision, err := c.newMachine(ctx, &req)
	if err != nil {
		return nil, err
	}
	err = c.write(ctx,
		store.Change{Key: nameKey(machine.Name), Value: encode(machine.ID)},
		store.Change{Key: machineKey(machine.ID), Value: encode(machine)},
		store.Change{Key: revisionKey(revision.ID), Value: encode(revision)})
	c.machines.forget(machine.Name)
	if errors.Is(err, store.ErrConflict) { // somebody else has made it in the meantime
		return c.CreateMachine(ctx, req)
	}
	if err != nil {
		return nil, err
	}
	c.programs.put(definitionOf(revision, compiled))
	return machine, nil
}

func (r *CreateRequest) check() error {
	if err := CheckName(r.Name); err != nil {
		return err
	}
	if r.Type != Standard && r.Type != Express {
		return &Error{Code: ValidationException, Message: "The type of a state machine is STANDARD or EXPRESS, not '" + string(r.Type) + "'"}
	}
	if err := checkRole(r.RoleARN); err != nil {
		return err
	}
	if err := r.Settings.check(); err != nil {
		return err
	}
	_, err := mergeTags(nil, r.Tags, r.Name)
	return err
}

// CheckRole refuses what is no ARN of a role: InvalidArn.
func CheckRole(arn string) error { return checkRole(arn) }

func checkRole(arn string) error {
	if !roleARN.MatchString(arn) {
		return about(InvalidArn, "Invalid Role Arn", arn)
	}
	return nil
}

// existing returns the machine of that name if the request repeats the one that
// made it, nil if there is none.
func (c *Catalog) existing(ctx context.Context, req *CreateRequest) (*Machine, error) {
	machine, _, err := c.machine(ctx, req.Name)
	if machine == nil || err != nil {
		return nil, err
	}
	arn := c.Machine(req.Name)
	if machine.Status == Deleting {
		return nil, deleting(arn)
	}
	revision, err := c.revision(ctx, machine.Revision)
	if err != nil {
		return nil, err
	}
	if machine.Type != req.Type || revision.Definition != req.Definition || !revision.Settings.same(&req.Settings) {
		return nil, about(StateMachineAlreadyExists, "State Machine Already Exists", arn)
	}
	return machine, nil
}

func (c *Catalog) newMachine(ctx context.Context, req *CreateRequest) (*Machine, *Revision, error) {
	id, err := c.sequence.id(ctx)
	if err != nil {
		return nil, nil, err
	}
	tags, err := mergeTags(nil, req.Tags, req.Name)
	if err != nil {
		return nil, nil, err
	}
	machine := &Machine{ID: id, Name: req.Name, Type: req.Type, Status: Active, Created: c.instant(), Tags: tags}
	revision, err := c.newRevision(ctx, machine, req.Definition, req.Settings)
	return machine, revision, err
}

// newRevision makes a revision and points the machine at it.
func (c *Catalog) newRevision(ctx context.Context, m *Machine, definition string, s Settings) (*Revision, error) {
	id, err := c.sequence.id(ctx)
	if err != nil {
		return nil, err
	}
	m.Revision = id
	return &Revision{
		ID: id, Machine: m.ID, MachineName: m.Name, MachineType: m.Type,
		Created: c.instant(), Definition: definition, Settings: s,
	}, nil
}
