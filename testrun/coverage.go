package testrun

// Coverage counts which states tests have entered.
type Coverage struct {
	// Machines in the order in which they were added.
	Machines []*Machine
	entered  map[string]map[string]bool // by file of the definition
}

// Add counts a result in.
func (c *Coverage) Add(r *Result) {
	if c.entered == nil {
		c.entered = map[string]map[string]bool{}
	}
	c.machine(r.Suite.Machine)
	for m, states := range r.Entered {
		c.machine(m)
		for state := range states {
			c.entered[m.File][state] = true
		}
	}
}

func (c *Coverage) machine(m *Machine) {
	if c.entered[m.File] == nil {
		c.entered[m.File] = map[string]bool{}
		c.Machines = append(c.Machines, m)
	}
}

// Of says how many states a machine has, and which of them no test has entered,
// in the order of the definition.
func (c *Coverage) Of(m *Machine) (states int, missed []string) {
	all := m.Program.Machine().All
	for _, state := range all {
		if !c.entered[m.File][state.Name] {
			missed = append(missed, state.Name)
		}
	}
	return len(all), missed
}
