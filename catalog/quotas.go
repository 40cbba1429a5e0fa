package catalog

import (
	"context"
	"fmt"
	"strings"
)

// Quotas bound what a catalog keeps. The zero value bounds nothing.
type Quotas struct {
	Machines, Activities int
	Versions, Aliases    int // of one machine
	// Of Standard executions and map runs at a time; package launch keeps them.
	OpenExecutions, OpenMapRuns int
}

// tooMany says that a quota of a machine is used up.
func tooMany(why, resource string) *Error {
	return &Error{Code: ServiceQuotaExceeded, Message: why, Resource: resource}
}

// namePage is how many names countNames reads at once.
const namePage = 1000

// countNames counts the machines that there are, where a quota wants to know.
func (c *Catalog) countNames(ctx context.Context) error {
	if c.quotas.Machines == 0 {
		return nil
	}
	for after := ""; ; {
		page, err := c.list(ctx, namePrefix, after, namePage)
		if err != nil {
			return err
		}
		c.names += len(page)
		if len(page) < namePage {
			return nil
		}
		after = strings.TrimPrefix(page[len(page)-1].Key, namePrefix)
	}
}

// countName counts a machine that came (1) or went (-1).
func (c *Catalog) countName(change int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names += change
}

func (c *Catalog) checkMachines(name string) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if most := c.quotas.Machines; most > 0 && c.names >= most {
		return &Error{Code: StateMachineLimitExceeded, Resource: c.Machine(name),
			Message: fmt.Sprintf("State Machine Limit Exceeded: there are %d state machines, as many as there may be", most)}
	}
	return nil
}

func (c *Catalog) checkActivities(name string) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if most := c.quotas.Activities; most > 0 && len(c.activities) >= most {
		return &Error{Code: ActivityLimitExceeded, Resource: c.Activity(name),
			Message: fmt.Sprintf("Activity Limit Exceeded: there are %d activities, as many as there may be", most)}
	}
	return nil
}
