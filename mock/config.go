// Package mock knows what a state answers in a test instead of the service that
// it calls: the mock configuration file of Step Functions Local, and which of its
// answers belongs to which invocation. It knows nothing of engines and servers.
//
//	{
//	  "StateMachines": {
//	    "orders": {"TestCases": {"CardIsBusy": {"Charge card": "BusyTwice"}}}
//	  },
//	  "MockedResponses": {
//	    "BusyTwice": {
//	      "0-1": {"Throw": {"Error": "Card.Busy", "Cause": "try again"}},
//	      "2":   {"Return": {"receipt": "R-1"}}
//	    }
//	  }
//	}
//
// Invocations of a state are counted from 0, over a whole execution: retries,
// further visits of the state and further iterations of a Map around it go on
// counting. (Step Functions Local 2.0.0 does the same.)
package mock

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/internal/located"
)

// Config is a mock configuration. It never changes.
type Config struct {
	machines map[string]map[string]Case
}

// Case is a test case: the mocked states by name.
type Case map[string]*Responses

// NotFoundError says that a configuration has no such test case.
type NotFoundError struct {
	Machine, Case string
	// Known are the test cases of the machine; nil if it has none.
	Known []string
}

func (e *NotFoundError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("the mock configuration has no test cases for the state machine '%s'", e.Machine)
	}
	return fmt.Sprintf("the mock configuration has no test case '%s' for the state machine '%s'; there are %s",
		e.Case, e.Machine, strings.Join(e.Known, ", "))
}

// Case finds a test case of a state machine. The error is a *NotFoundError.
func (c *Config) Case(machine, name string) (Case, error) {
	cases := c.machines[machine]
	if found, ok := cases[name]; ok {
		return found, nil
	}
	return nil, &NotFoundError{Machine: machine, Case: name, Known: sorted(cases)}
}

// Machines are the names of the state machines that have test cases.
func (c *Config) Machines() []string { return sorted(c.machines) }

func sorted[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Load reads a mock configuration file.
func Load(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("mock configuration: %w", err)
	}
	return Parse(path, text)
}

// Parse reads the text of a mock configuration. The error lists everything that
// is wrong, with lines of the file of that name.
func Parse(name string, text []byte) (*Config, error) {
	tree, err := value.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: the mock configuration is not JSON: %w", name, err)
	}
	file := located.NewFile(name, string(text))
	c := readConfig(file.Root(tree))
	if err := file.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

func readConfig(root located.Node) *Config {
	root.Only("StateMachines", "MockedResponses")
	responses := map[string]*Responses{}
	if all, ok := root.Get("MockedResponses"); ok {
		for name, node := range all.Fields() {
			responses[name] = readResponses(name, node)
		}
	}
	c := &Config{machines: map[string]map[string]Case{}}
	machines, ok := root.Get("StateMachines")
	if !ok {
		return c
	}
	for name, node := range machines.Fields() {
		node.Only("TestCases")
		c.machines[name] = map[string]Case{}
		cases, ok := node.Get("TestCases")
		if !ok {
			continue
		}
		for test, node := range cases.Fields() {
			c.machines[name][test] = readCase(node, responses)
		}
	}
	return c
}

// readCase resolves the responses that the states of a test case name.
func readCase(node located.Node, responses map[string]*Responses) Case {
	c := Case{}
	for state, node := range node.Fields() {
		name := node.Text()
		if name == "" {
			continue
		}
		found, ok := responses[name]
		if !ok {
			node.Report("is %q, but MockedResponses has nothing of that name", name)
			continue
		}
		c[state] = found
	}
	return c
}
