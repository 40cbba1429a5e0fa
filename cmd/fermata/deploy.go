package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/cmd/fermata/client"
	"github.com/fermata-dev/fermata/project"
)

// deployed is one state machine that was deployed.
type deployed struct {
	Name   string `json:"name"`
	ARN    string `json:"stateMachineArn"`
	Change string `json:"change"` // created, updated, unchanged
}

func newDeploy(s streams) *cobra.Command {
	var name, kind, role, account, region string
	cmd := &cobra.Command{
		Use:   "deploy [PROJECT|FILE]",
		Short: "Create or update the state machines of a project, or that of one file",
		Long: `Create or update the state machines of a project folder (default: this one),
or the one of a definition file. What has not changed is left alone. Executions
that run keep the definition that they began with.

The functions of a project run where the project is: in 'fermata dev' or
'fermata server --project'.`,
		Args: arguments(0, 1),
	}
	r := addConnection(cmd, s)
	cmd.Flags().StringVar(&name, "name", "", "name of the state machine of a definition file (default: the file's name)")
	cmd.Flags().StringVar(&kind, "type", "STANDARD", "type of the state machine of a definition file: STANDARD or EXPRESS")
	cmd.Flags().StringVar(&role, "role", "", "ARN of the role of the state machine of a definition file")
	cmd.Flags().StringVar(&account, "account", "", "account in the ARNs of functions (default: the server's)")
	cmd.Flags().StringVar(&region, "region", "", "region in the ARNs of functions (default: the server's)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		path := "."
		if len(args) == 1 {
			path = args[0]
		}
		p, machine, err := openTarget(path)
		if err != nil {
			return err
		}
		if machine != nil && p.File == "" {
			err = describeMachine(machine, name, kind, role)
		} else {
			err = onlyForFiles(cmd, "name", "type", "role")
		}
		if err != nil {
			return usage(err)
		}
		c := r.client()
		arns, err := serverARNs(cmd.Context(), c, account, region)
		if err != nil {
			return err
		}
		done, err := deployProject(cmd.Context(), c, p, arns)
		if printed := r.printDeployed(done); printed != nil {
			return printed
		}
		return err
	}
	return cmd
}

// describeMachine gives the state machine of a definition file what the flags say.
func describeMachine(m *project.StateMachine, name, kind, role string) (err error) {
	if name != "" {
		m.Name = name
	}
	if role != "" && catalog.CheckRole(role) != nil {
		return fmt.Errorf("--role: %q is not the ARN of a role, such as arn:aws:iam::123456789012:role/orders", role)
	}
	m.RoleARN = role
	m.Type, err = machineType(kind)
	return err
}

// machineType reads the flag --type.
func machineType(text string) (string, error) {
	t := strings.ToUpper(text)
	if t != string(catalog.Standard) && t != string(catalog.Express) {
		return "", fmt.Errorf("--type is %q; it must be STANDARD or EXPRESS", text)
	}
	return t, nil
}

// onlyForFiles refuses flags that say what a project file says itself.
func onlyForFiles(cmd *cobra.Command, flags ...string) error {
	for _, flag := range flags {
		if cmd.Flags().Changed(flag) {
			return fmt.Errorf("--%s is for a definition file of its own; the project file says it for the state machines of a project", flag)
		}
	}
	return nil
}

// serverARNs finds the account and region that the server makes ARNs of.
func serverARNs(ctx context.Context, c *client.Client, account, region string) (project.ARNs, error) {
	arns := project.ARNs{Account: account, Region: region}
	if account != "" && !accountID.MatchString(account) {
		return arns, usage(fmt.Errorf("--account: %w", notAnAccount(account)))
	}
	if region != "" && !regionName.MatchString(region) {
		return arns, usage(fmt.Errorf("--region: %w", notARegion(region)))
	}
	if account != "" && region != "" {
		return arns, nil
	}
	server, err := c.Server(ctx)
	if unreachable := (*client.UnreachableError)(nil); errors.As(err, &unreachable) {
		return arns, err
	}
	if err != nil {
		return arns, fmt.Errorf("%s does not tell its account and region (%w); say --account and --region", c.Endpoint(), err)
	}
	if account == "" {
		arns.Account = server.Account
	}
	if region == "" {
		arns.Region = server.Region
	}
	return arns, nil
}

// deployProject creates or updates every state machine of a project. One that
// cannot be deployed does not keep the others from it.
func deployProject(ctx context.Context, c *client.Client, p *project.Project, arns project.ARNs) ([]deployed, error) {
	machines, err := c.Machines(ctx)
	if err != nil {
		return nil, err
	}
	existing := map[string]client.Machine{}
	for _, m := range machines {
		existing[m.Name] = m
	}
	var done []deployed
	var problems []error
	for i := range p.StateMachines {
		m := &p.StateMachines[i]
		d, err := deployMachine(ctx, c, p, m, arns, existing)
		if err != nil {
			problems = append(problems, fmt.Errorf("state machine %s was not deployed: %w", m.Name, err))
			continue
		}
		done = append(done, d)
	}
	return done, errors.Join(problems...)
}

// machineDeleting is the code of what is asked of a state machine that is being
// deleted.
const machineDeleting = "StateMachineDeleting"

// onlyDeletions reports whether nothing but deletions that are under way kept state
// machines of a project from being deployed.
func onlyDeletions(err error) bool {
	problems, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return false
	}
	for _, problem := range problems.Unwrap() {
		if !client.IsCode(problem, machineDeleting) {
			return false
		}
	}
	return true
}

func deployMachine(ctx context.Context, c *client.Client, p *project.Project, m *project.StateMachine, arns project.ARNs, existing map[string]client.Machine) (deployed, error) {
	if found := faults(checkMachine(p, m, arns, anyService)); len(found) > 0 {
		return deployed{}, found
	}
	text, role := definitionJSON(p.DefinitionText(m, arns)), m.RoleARN
	if role == "" {
		role = arns.Role()
	}
	old, exists := existing[m.Name]
	if !exists {
		arn, err := c.CreateMachine(ctx, m.Name, m.Type, text, role)
		return deployed{Name: m.Name, ARN: arn, Change: "created"}, withLines(err, p, m, arns)
	}
	d := deployed{Name: m.Name, ARN: old.ARN, Change: "unchanged"}
	if old.Type != m.Type {
		return d, fmt.Errorf("it is %s on the server and %s in the project, and a type cannot change; delete it with 'fermata delete', or take another name", old.Type, m.Type)
	}
	now, err := c.Machine(ctx, old.ARN)
	if err == nil && now.Status == "DELETING" {
		err = &client.Error{Code: machineDeleting, Message: "State Machine is being deleted: '" + old.ARN + "'"}
	}
	if err != nil || now.Definition == text && now.RoleARN == role {
		return d, err
	}
	d.Change = "updated"
	return d, withLines(c.UpdateMachine(ctx, old.ARN, text, role), p, m, arns)
}

// withLines lists the faults of a definition that the server has refused with their
// lines, which AWS's words do not have: operations of services are left to the server,
// who knows what there are connectors for.
func withLines(err error, p *project.Project, m *project.StateMachine, arns project.ARNs) error {
	if client.IsCode(err, "InvalidDefinition") {
		if found := faults(checkMachine(p, m, arns, nil)); len(found) > 0 {
			return found
		}
	}
	return err
}

func (r *connection) printDeployed(done []deployed) error {
	if r.json {
		if done == nil {
			done = []deployed{}
		}
		return r.printJSON(done)
	}
	for _, d := range done {
		fmt.Fprintf(r.out, "%-10s %s  %s\n", d.Change, d.Name, d.ARN)
	}
	return nil
}

// machineName makes the name of a state machine of that of its file:
// orders.asl.json is orders.
func machineName(file string) string {
	name := filepath.Base(file)
	for _, extension := range []string{".json", ".yaml", ".yml", ".asl"} {
		name = strings.TrimSuffix(name, extension)
	}
	return name
}
