package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

var _ engine.Catalog = (*Catalog)(nil)

// Detail is what Definition.Detail holds: the revision, and what compiling it
// has told.
type Detail struct {
	*Revision
	VariableReferences map[string][]string
	// Role says what of the machine it is; for a part of it, MachineName has the
	// Label as well, and MachineType is that of the children.
	Role  Role
	Label string

	parts [][2]*engine.Definition // of the whole machine: by part, map run and item
	whole *Detail                 // of a part: that of the machine
}

// DetailOf returns the detail of a definition that came from a Catalog.
func DetailOf(def *engine.Definition) *Detail { return def.Detail.(*Detail) }

// Definition returns a revision by its id, compiled, or a part of one. It is
// store.ErrNotFound if there is none.
func (c *Catalog) Definition(ctx context.Context, id uint64) (*engine.Definition, error) {
	revision, part, role := ofPart(id)
	def, err := c.whole(ctx, revision)
	if err != nil || role == Whole {
		return def, err
	}
	return DetailOf(def).part(part, role)
}

func (c *Catalog) whole(ctx context.Context, id uint64) (*engine.Definition, error) {
	if def := c.programs.get(id); def != nil {
		return def, nil
	}
	var revision Revision
	_, found, err := c.read(ctx, revisionKey(id), &revision)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("catalog: revision %d: %w", id, store.ErrNotFound)
	}
	compiled, err := c.compiled(revision.Definition, revision.MachineType, true)
	if err != nil {
		return nil, fmt.Errorf("catalog: revision %d of %s can no longer be compiled: %w", id, revision.MachineName, err)
	}
	return c.programs.put(definitionOf(&revision, compiled)), nil
}

func definitionOf(r *Revision, compiled *Compiled) *engine.Definition {
	detail := &Detail{Revision: r, VariableReferences: compiled.VariableReferences}
	detail.derive(compiled.Parts)
	return &engine.Definition{ID: r.ID, Machine: r.Machine, Program: compiled.Program, Detail: detail}
}

// QueueExists reports whether resource is the ARN of an activity.
func (c *Catalog) QueueExists(resource string) bool {
	name, ok := strings.CutPrefix(resource, c.Activity(""))
	return ok && c.hasActivity(name)
}

// Info is what an execution of that definition and name knows of itself.
func (c *Catalog) Info(def *engine.Definition, name string) interpreter.Info {
	r := DetailOf(def)
	shown := name
	arn := c.Execution(r.MachineType, r.MachineName, name)
	switch {
	case r.Role == MapRun:
		arn = c.MapRun(r.MachineName, name)
	case r.MachineType == Express:
		shown, _, _ = strings.Cut(name, ":")
	}
	return interpreter.Info{
		ExecutionARN: arn,
		Name:         shown,
		RoleARN:      r.RoleARN,
		MachineARN:   c.Machine(r.MachineName),
		MachineName:  r.MachineName,
		Followed:     r.Logging.Level.On() && r.Role != MapRun,
	}
}
