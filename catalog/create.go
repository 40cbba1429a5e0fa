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
	// Publish makes version 1 of the machine, with VersionDescription, which must
	// be empty otherwise.
	Publish            bool
	VersionDescription string
}

var roleARN = regexp.MustCompile(`^arn:[a-z-]+:iam::[0-9]*:role/\S+$`)

// CreateMachine makes a machine. Where one of that name exists already it is
// the answer, unchanged, if type, definition and settings are what it has now,
// and Publish and VersionDescription say whether version 1 was ever published and
// how it is described; role and tags need not be the same. The errors of a refusal
// are *Error: InvalidName, InvalidArn, InvalidLoggingConfiguration, InvalidEncryptionConfiguration,
// InvalidDefinition, TooManyTags, ValidationException, StateMachineAlreadyExists,
// StateMachineDeleting, StateMachineLimitExceeded.
func (c *Catalog) CreateMachine(ctx context.Context, req CreateRequest) (*Machine, error) {
	if req.Type == "" {
		req.Type = Standard
	}
	if err := req.check(c.ignoreKMS); err != nil {
		return nil, err
	}
	if existing, err := c.existing(ctx, &req); existing != nil || err != nil {
		return existing, err
	}
	compiled, err := c.compiled(req.Definition, req.Type, false)
	if err != nil {
		return nil, err
	}
	if err := c.checkMachines(req.Name); err != nil {
		return nil, err
	}
	machine, revision, err := c.newMachine(ctx, &req)
	if err != nil {
		return nil, err
	}
	err = c.writeMachine(ctx, machine, revision)
	c.machines.forget(machine.Name)
	if errors.Is(err, store.ErrConflict) { // somebody else has made it in the meantime
		return c.CreateMachine(ctx, req)
	}
	if err != nil {
		return nil, err
	}
	c.countName(1)
	c.programs.put(definitionOf(revision, compiled))
	return machine, nil
}

// writeMachine commits a new machine with its first revision, and its first
// version if that is to be published.
func (c *Catalog) writeMachine(ctx context.Context, m *Machine, r *Revision) error {
	changes := []store.Change{
		{Key: nameKey(m.Name), Value: encode(m.ID)},
		{Key: revisionKey(r.ID), Value: encode(r)},
	}
	if m.Publish {
		version, err := c.publish(m, m.VersionDescription)
		if err != nil {
			return err
		}
		changes = append(changes, store.Change{Key: versionKey(m.ID, version.Number), Value: encode(version)})
	}
	return c.write(ctx, append(changes, store.Change{Key: machineKey(m.ID), Value: encode(m)})...)
}

func (r *CreateRequest) check(ignoreKMS bool) error {
	if err := CheckName(r.Name); err != nil {
		return err
	}
	if err := checkDescription(r.Publish, r.VersionDescription); err != nil {
		return err
	}
	if r.Type != Standard && r.Type != Express {
		return &Error{Code: ValidationException, Message: "The type of a state machine is STANDARD or EXPRESS, not '" + string(r.Type) + "'"}
	}
	if err := checkRole(r.RoleARN); err != nil {
		return err
	}
	if err := r.Settings.check(ignoreKMS); err != nil {
		return err
	}
	_, err := mergeTags(nil, r.Tags, r.Name)
	return err
}

// checkDescription refuses the description of a version that is not published.
func checkDescription(publish bool, description string) error {
	if description != "" && !publish {
		return &Error{Code: ValidationException, Message: "Version description can only be set when publish is true"}
	}
	return nil
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
		return nil, BeingDeleted(arn)
	}
	revision, err := c.revision(ctx, machine.Revision)
	if err != nil {
		return nil, err
	}
	published := machine.LastVersion > 0
	switch {
	case machine.Type != req.Type, revision.Definition != req.Definition, !revision.Settings.same(&req.Settings), req.Publish && !published:
		return nil, about(StateMachineAlreadyExists, "State Machine Already Exists", arn)
	case published && !req.Publish:
		return nil, alreadyPublished(arn, "")
	case machine.VersionDescription != req.VersionDescription:
		return nil, alreadyPublished(arn, " using a different description")
	}
	return machine, nil
}

// alreadyPublished refuses to create a machine again that differs in its first
// version only.
func alreadyPublished(arn, how string) error {
	return &Error{Code: StateMachineAlreadyExists, Resource: arn,
		Message: "State Machine Already Exists: This state machine was already created with a published version" + how + "."}
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
	machine := &Machine{
		ID: id, Name: req.Name, Type: req.Type, Status: Active, Created: c.instant(), Tags: tags,
		Publish: req.Publish, VersionDescription: req.VersionDescription,
	}
	revision, err := c.newRevision(ctx, machine, req.Definition, req.Settings)
	return machine, revision, err
}

// newRevision makes a revision and points the machine at it.
func (c *Catalog) newRevision(ctx context.Context, m *Machine, definition string, s Settings) (*Revision, error) {
	id, err := c.sequence.id(ctx)
	if err != nil {
		return nil, err
	}
	m.Revision, m.Published = id, 0
	m.Logs = m.Logs || s.Logging.Level.On()
	return &Revision{
		ID: id, Machine: m.ID, MachineName: m.Name, MachineType: m.Type,
		Created: c.instant(), Definition: definition, Settings: s,
	}, nil
}
