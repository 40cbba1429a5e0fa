package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// Alias is a name for one or two versions of a machine, which share the
// executions that are started by it.
type Alias struct {
	Machine     uint64    `json:"machine"`
	MachineName string    `json:"machineName"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"` // zero if it never was
	Routes      []Route   `json:"routes"`
}

// Route gives a version its share of the executions, in per cent. The shares of
// an alias add up to 100.
type Route struct {
	Version uint64 `json:"version"`
	Weight  int    `json:"weight"`
}

// refers reports whether the alias leads to that version.
func (a *Alias) refers(number uint64) bool {
	return slices.ContainsFunc(a.Routes, func(r Route) bool { return r.Version == number })
}

// choose returns a version; roll is a number from 0 to 99.
func (a *Alias) choose(roll int) uint64 {
	for _, r := range a.Routes {
		if roll < r.Weight {
			return r.Version
		}
		roll -= r.Weight
	}
	return a.Routes[len(a.Routes)-1].Version
}

// AliasRequest asks for an alias. The routing says which machine it is for.
type AliasRequest struct {
	Name        string
	Description string
	Routing     []Routing
}

// CreateAlias makes an alias. Where the machine has the same one already that is
// the answer. The errors of a refusal are *Error: InvalidArn and
// ValidationException for the routing, ResourceNotFound for a version or machine
// that does not exist, StateMachineDeleting, ConflictException for an alias of
// that name with another routing or description, ServiceQuotaExceededException.
func (c *Catalog) CreateAlias(ctx context.Context, req AliasRequest) (*Alias, error) {
	name, routes, err := c.routes(req.Routing)
	if err != nil {
		return nil, err
	}
	for {
		machine, version, err := c.routed(ctx, name, routes)
		if err != nil {
			return nil, err
		}
		existing, err := c.storedAlias(ctx, machine, req.Name)
		if err == nil {
			return existing, existing.repeated(&req, routes)
		}
		if !errors.Is(err, &Error{Code: ResourceNotFound}) {
			return nil, err
		}
		if most := c.quotas.Aliases; most > 0 && machine.Aliases >= most {
			return nil, tooMany(fmt.Sprintf("The state machine has %d aliases already, as many as there may be", most), c.Machine(name))
		}
		now := c.instant()
		alias := &Alias{Machine: machine.ID, MachineName: name, Name: req.Name, Description: req.Description, Created: now, Routes: routes}
		machine.Aliases++
		if err := c.putAlias(ctx, machine, version, alias); !errors.Is(err, store.ErrConflict) {
			return alias, err
		}
	}
}

// repeated refuses a creation that differs from the one that made the alias.
func (a *Alias) repeated(req *AliasRequest, routes []Route) error {
	if a.Description == req.Description && slices.Equal(a.Routes, routes) {
		return nil
	}
	return &Error{Code: ConflictException, Resource: a.Name,
		Message: "Failed to create alias because an alias with the same name and a different routing configuration already exists."}
}

// routed reads the machine that an alias is for, with the version of its record,
// and refuses versions that do not exist.
func (c *Catalog) routed(ctx context.Context, name string, routes []Route) (*Machine, uint64, error) {
	machine, version, err := c.active(ctx, name)
	if errors.Is(err, &Error{Code: StateMachineDoesNotExist}) {
		err = NoReference(c.Machine(name))
	}
	if err != nil {
		return nil, 0, err
	}
	for _, r := range routes {
		_, err := c.storedVersion(ctx, machine, r.Version)
		if errors.Is(err, store.ErrNotFound) {
			err = NoReference(c.Version(name, r.Version))
		}
		if err != nil {
			return nil, 0, err
		}
	}
	return machine, version, nil
}

func (c *Catalog) putAlias(ctx context.Context, m *Machine, version uint64, a *Alias) error {
	key := aliasKey(m.ID, a.Name)
	err := c.rewrite(ctx, m, version, store.Change{Key: key, Blind: true, Value: encode(a)})
	c.aliases.forget(key)
	return err
}

// UpdateAlias changes the description, the routing or both of an alias; nil
// leaves as it is. The errors of a refusal are *Error: ResourceNotFound,
// StateMachineDeleting, and for the routing those of CreateAlias.
func (c *Catalog) UpdateAlias(ctx context.Context, machineName, name string, description *string, routing []Routing) (*Alias, error) {
	if description == nil && routing == nil {
		return nil, Missing("Either description or routing configuration must be specified")
	}
	var routes []Route
	if routing != nil {
		var err error
		if routes, err = c.routesOf(machineName, routing); err != nil {
			return nil, err
		}
	}
	for {
		machine, version, err := c.routed(ctx, machineName, routes)
		if err != nil {
			return nil, err
		}
		current, err := c.storedAlias(ctx, machine, name)
		if err != nil {
			return nil, err
		}
		alias := *current
		alias.Updated = c.instant()
		if description != nil {
			alias.Description = *description
		}
		if routes != nil {
			alias.Routes = routes
		}
		if err := c.putAlias(ctx, machine, version, &alias); !errors.Is(err, store.ErrConflict) {
			return &alias, err
		}
	}
}

// DeleteAlias removes an alias. Removing one that does not exist is no error.
func (c *Catalog) DeleteAlias(ctx context.Context, machineName, name string) error {
	for {
		machine, version, err := c.machine(ctx, machineName)
		if machine == nil || err != nil {
			return err
		}
		_, err = c.storedAlias(ctx, machine, name)
		if errors.Is(err, &Error{Code: ResourceNotFound}) {
			return nil
		}
		if err != nil {
			return err
		}
		machine.Aliases--
		key := aliasKey(machine.ID, name)
		err = c.rewrite(ctx, machine, version, store.Change{Key: key, Blind: true})
		c.aliases.forget(key)
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
}

// AliasOf returns an alias of a machine. The caller must not change it. The
// error is an *Error with code ResourceNotFound if there is none.
func (c *Catalog) AliasOf(ctx context.Context, m *Machine, name string) (*Alias, error) {
	key := aliasKey(m.ID, name)
	a, epoch := c.aliases.get(key)
	if a != nil {
		return a, nil
	}
	a, err := c.storedAlias(ctx, m, name)
	if err == nil {
		c.aliases.put(key, a, epoch)
	}
	return a, err
}

// storedAlias is AliasOf for a caller that goes on to change something: it does
// not trust what is in memory.
func (c *Catalog) storedAlias(ctx context.Context, m *Machine, name string) (*Alias, error) {
	a := new(Alias)
	_, found, err := c.read(ctx, aliasKey(m.ID, name), a)
	if err == nil && !found {
		err = NoReference(c.Alias(m.Name, name))
	}
	return a, err
}

// AliasByARN returns the alias that an ARN names. The error is an *Error with code
// ResourceNotFound if there is none.
func (c *Catalog) AliasByARN(ctx context.Context, arn ARN) (*Alias, error) {
	if arn.Place != c.Place {
		return nil, noResource(arn.Text)
	}
	m, err := c.MachineByName(ctx, arn.Rest[0])
	if errors.Is(err, &Error{Code: StateMachineDoesNotExist}) {
		return nil, noResource(arn.Text)
	}
	if err != nil {
		return nil, err
	}
	alias, err := c.AliasOf(ctx, m, arn.AliasName())
	if errors.Is(err, &Error{Code: ResourceNotFound}) {
		err = noResource(arn.Text)
	}
	return alias, err
}

// aliasPage is how many aliases are read at once where those of one version are
// looked for.
const aliasPage = 100

// ListAliases gives at most limit aliases of a machine in the order of their
// names, from the one after the name after on; with a version number those that
// lead to it only.
func (c *Catalog) ListAliases(ctx context.Context, m *Machine, version uint64, after string, limit int) ([]*Alias, error) {
	if version == 0 {
		return readPage[Alias](ctx, c, aliasesOf(m.ID), after, limit)
	}
	var found []*Alias
	for {
		page, err := readPage[Alias](ctx, c, aliasesOf(m.ID), after, aliasPage)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			if after = a.Name; a.refers(version) {
				found = append(found, a)
			}
		}
		if len(page) < aliasPage || len(found) >= limit {
			return found[:min(len(found), limit)], nil
		}
	}
}
