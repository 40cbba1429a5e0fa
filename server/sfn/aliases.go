package sfn

import (
	"context"
	"strconv"

	"github.com/fermata-dev/fermata/catalog"
)

// readRouting is nil if there is none.
func readRouting(in input) []catalog.Routing {
	if !in.has("routingConfiguration") {
		return nil
	}
	routing := make([]catalog.Routing, len(in.list("routingConfiguration")))
	for i := range routing {
		r := in.element("routingConfiguration", i)
		routing[i] = catalog.Routing{VersionARN: r.text("stateMachineVersionArn"), Weight: r.integer("weight", 0)}
	}
	return routing
}

func (s *Server) createAlias(ctx context.Context, in input) ([]byte, error) {
	alias, err := s.cfg.Catalog.CreateAlias(ctx, catalog.AliasRequest{
		Name: in.text("name"), Description: in.text("description"), Routing: readRouting(in),
	})
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("stateMachineAliasArn", s.cfg.Catalog.Alias(alias.MachineName, alias.Name))
	o.date("creationDate", alias.Created)
	return o.done(), nil
}

// aliasARN reads the ARN of an alias.
func aliasARN(in input) (catalog.ARN, error) {
	arn, err := catalog.ParseMachine(in.text("stateMachineAliasArn"))
	switch {
	case err != nil:
		return arn, err
	case arn.Label() != "":
		return arn, catalog.LabelledARN(arn.Text)
	case arn.AliasName() == "":
		return arn, validation("The ARN must be that of a state machine alias: '" + arn.Text + "'")
	}
	return arn, nil
}

func (s *Server) updateAlias(ctx context.Context, in input) ([]byte, error) {
	arn, err := aliasARN(in)
	if err != nil {
		return nil, err
	}
	if arn.Place != s.cfg.Catalog.Place {
		return nil, catalog.NoReference(arn.Text)
	}
	alias, err := s.cfg.Catalog.UpdateAlias(ctx, arn.Rest[0], arn.AliasName(), in.optional("description"), readRouting(in))
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.date("updateDate", alias.Updated)
	return o.done(), nil
}

func (s *Server) describeAlias(ctx context.Context, in input) ([]byte, error) {
	arn, err := aliasARN(in)
	if err != nil {
		return nil, err
	}
	alias, err := s.cfg.Catalog.AliasByARN(ctx, arn)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("stateMachineAliasArn", arn.Text)
	o.text("name", alias.Name)
	o.nonEmpty("description", alias.Description)
	o.array("routingConfiguration", func() {
		for _, r := range alias.Routes {
			o.next()
			o.item(func() {
				o.text("stateMachineVersionArn", s.cfg.Catalog.Version(alias.MachineName, r.Version))
				o.integer("weight", int64(r.Weight))
			})
		}
	})
	o.date("creationDate", alias.Created)
	if !alias.Updated.IsZero() {
		o.date("updateDate", alias.Updated)
	}
	return o.done(), nil
}

func (s *Server) deleteAlias(ctx context.Context, in input) ([]byte, error) {
	arn, err := aliasARN(in)
	if err != nil || arn.Place != s.cfg.Catalog.Place {
		return nil, err
	}
	return nil, s.cfg.Catalog.DeleteAlias(ctx, arn.Rest[0], arn.AliasName())
}

// listAliases lists the aliases of a machine, or those that lead to a version of
// it, in the order of their names.
func (s *Server) listAliases(ctx context.Context, in input) ([]byte, error) {
	arn, err := s.anyMachineARN(in)
	if err != nil {
		return nil, err
	}
	machine, version, err := s.describedMachine(ctx, arn)
	if err != nil {
		return nil, err
	}
	if machine.Status == catalog.Deleting {
		return nil, catalog.BeingDeleted(arn.Text)
	}
	number := uint64(0)
	if version != nil {
		number = version.Number
	}
	listing := "aliases " + strconv.FormatUint(machine.ID, 16) + " " + strconv.FormatUint(number, 10)
	after, err := s.nameToken(in, listing)
	if err != nil {
		return nil, err
	}
	aliases, err := s.cfg.Catalog.ListAliases(ctx, machine, number, after, in.pageSize()+1)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	page(o, "stateMachineAliases", aliases, in.pageSize(), func(a *catalog.Alias) {
		o.text("stateMachineAliasArn", s.cfg.Catalog.Alias(a.MachineName, a.Name))
		o.date("creationDate", a.Created)
	}, func(last *catalog.Alias) string { return s.token(listing, last.Name) })
	return o.done(), nil
}
