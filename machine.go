package fermata

import (
	"context"
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
)

// Machine is a deployed state machine.
type Machine struct {
	Name string
	ARN  string
}

// Deploy makes a state machine of a definition in JSON or YAML, or gives the one
// of that name the new definition. Executions under way stay with the one that
// they began with. A definition that is refused is a *catalog.Error with the code
// catalog.InvalidDefinition, which lists every fault with its location; one with
// catalog.StateMachineAlreadyExists says that the name is that of an Express
// machine.
func (f *Fermata) Deploy(ctx context.Context, name, definition string) (*Machine, error) {
	return f.deploy(ctx, catalog.Standard, name, definition)
}

// DeployExpress is Deploy for a machine whose executions run in memory only: at
// full speed, and lost in a crash.
func (f *Fermata) DeployExpress(ctx context.Context, name, definition string) (*Machine, error) {
	return f.deploy(ctx, catalog.Express, name, definition)
}

func (f *Fermata) deploy(ctx context.Context, t catalog.Type, name, source string) (*Machine, error) {
	text, faults := definition.ToJSON([]byte(source))
	if faults != nil {
		return nil, &catalog.Error{Code: catalog.InvalidDefinition, Message: definition.FormatInvalidDefinition(faults), Diagnostics: faults}
	}
	source = string(text)
	req := catalog.CreateRequest{Name: name, Type: t, Definition: source, Settings: catalog.Settings{RoleARN: f.roleARN()}}
	_, err := f.catalog.CreateMachine(ctx, req)
	var refused *catalog.Error
	if errors.As(err, &refused) && refused.Code == catalog.StateMachineAlreadyExists {
		err = f.redeploy(ctx, t, name, source)
	}
	if err != nil {
		return nil, err
	}
	return &Machine{Name: name, ARN: f.catalog.Machine(name)}, nil
}

// redeploy gives a machine that is there another definition.
func (f *Fermata) redeploy(ctx context.Context, t catalog.Type, name, source string) error {
	machine, err := f.catalog.MachineByName(ctx, name)
	if err != nil {
		return err
	}
	if machine.Type != t {
		return &catalog.Error{
			Code: catalog.StateMachineAlreadyExists, Resource: f.catalog.Machine(name),
			Message: fmt.Sprintf("the state machine %s is %s and cannot become %s: delete it, or take another name", name, machine.Type, t),
		}
	}
	_, err = f.catalog.UpdateMachine(ctx, name, catalog.UpdateRequest{Definition: &source})
	return err
}

// roleARN stands for the role that AWS asks every machine to have.
func (f *Fermata) roleARN() string {
	return "arn:" + f.catalog.Partition + ":iam::" + f.catalog.Account + ":role/fermata"
}
