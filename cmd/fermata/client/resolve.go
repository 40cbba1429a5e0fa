package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MachineARN turns the name of a state machine into its ARN, and NAME:VERSION or
// NAME:ALIAS into that of a version or alias. An ARN stays as it is.
func (c *Client) MachineARN(ctx context.Context, name string) (string, error) {
	if strings.HasPrefix(name, "arn:") {
		return name, nil
	}
	if name == "" {
		return "", errors.New("the name of the state machine is empty; 'fermata list' shows them")
	}
	machines, err := c.Machines(ctx)
	if err != nil {
		return "", err
	}
	name, qualifier, qualified := strings.Cut(name, ":")
	names := make([]string, len(machines))
	for i, m := range machines {
		switch {
		case m.Name == name && qualified:
			return m.ARN + ":" + qualifier, nil
		case m.Name == name:
			return m.ARN, nil
		}
		names[i] = m.Name
	}
	if len(names) == 0 {
		return "", fmt.Errorf("no state machine %.100q at %s, nor any other; deploy one with 'fermata deploy'", name, c.endpoint)
	}
	return "", fmt.Errorf("no state machine %.100q at %s; there are %s", name, c.endpoint, some(names))
}

// mostNamed is how many names an error lists.
const mostNamed = 10

// some lists the first names, and how many more there are.
func some(names []string) string {
	slices.Sort(names)
	if more := len(names) - mostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	return strings.Join(names, ", ")
}

// Unqualified is the ARN of the state machine that the ARN of a version or alias
// belongs to.
func Unqualified(arn string) string {
	parts := strings.Split(arn, ":")
	return strings.Join(parts[:min(len(parts), 7)], ":")
}

// ExecutionARN turns MACHINE/EXECUTION into the ARN of the execution. An ARN
// stays as it is. MACHINE alone is its newest execution.
func (c *Client) ExecutionARN(ctx context.Context, name string) (string, error) {
	if strings.HasPrefix(name, "arn:") {
		return name, nil
	}
	machine, execution, named := strings.Cut(name, "/")
	arn, err := c.MachineARN(ctx, machine)
	if err != nil {
		return "", err
	}
	if named {
		return c.named(ctx, Unqualified(arn), execution)
	}
	newest, err := c.Executions(ctx, arn, "", 1)
	if err != nil {
		return "", err
	}
	if len(newest) == 0 {
		return "", fmt.Errorf("state machine %s has no execution; start one with 'fermata start %s'", machine, machine)
	}
	return newest[0].ARN, nil
}

// named is the ARN of an execution of a machine. Names of Express executions need
// not be unique, and say only a part of the ARN: the newest of that name counts.
func (c *Client) named(ctx context.Context, machine, name string) (string, error) {
	m, err := c.Machine(ctx, machine)
	if err != nil {
		return "", err
	}
	if m.Type != "EXPRESS" {
		return strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":" + name, nil
	}
	executions, err := c.Executions(ctx, machine, "", mostSearched)
	if err != nil {
		return "", err
	}
	for _, e := range executions {
		if e.Name == name {
			return e.ARN, nil
		}
	}
	return "", fmt.Errorf("no execution %.100q among the newest %d of %s; 'fermata list %s' shows them, their ARN names them too", name, len(executions), m.Name, m.Name)
}

// mostSearched is how many Express executions are looked through for a name.
const mostSearched = 10_000
