package sfn

import (
	"context"
	"strconv"

	"github.com/fermata-dev/fermata/catalog"
)

func (s *Server) publishVersion(ctx context.Context, in input) ([]byte, error) {
	arn, err := s.machineARN(in)
	if err != nil {
		return nil, err
	}
	version, err := s.cfg.Catalog.PublishVersion(ctx, arn.Name(), catalog.PublishRequest{
		Description: in.text("description"), RevisionID: in.text("revisionId"),
	})
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.date("creationDate", version.Created)
	o.text("stateMachineVersionArn", s.cfg.Catalog.Version(arn.Name(), version.Number))
	return o.done(), nil
}

func (s *Server) deleteVersion(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseMachine(in.text("stateMachineVersionArn"))
	if err != nil {
		return nil, err
	}
	number, ok := arn.VersionNumber()
	switch {
	case arn.Label() != "":
		return nil, catalog.LabelledARN(arn.Text)
	case !ok:
		return nil, validation("The ARN must be that of a state machine version: '" + arn.Text + "'")
	case arn.Place != s.cfg.Catalog.Place:
		return nil, nil
	}
	return nil, s.cfg.Catalog.DeleteVersion(ctx, arn.Rest[0], number)
}

// listVersions lists the versions of a machine, newest first.
func (s *Server) listVersions(ctx context.Context, in input) ([]byte, error) {
	arn, err := s.machineARN(in)
	if err != nil {
		return nil, err
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, arn.Name())
	if err != nil {
		return nil, err
	}
	listing := "versions " + strconv.FormatUint(machine.ID, 16)
	before, err := s.numberToken(in, listing)
	if err != nil {
		return nil, err
	}
	versions, err := s.cfg.Catalog.ListVersions(ctx, machine, before, in.pageSize()+1)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	page(o, "stateMachineVersions", versions, in.pageSize(), func(v *catalog.Version) {
		o.date("creationDate", v.Created)
		o.text("stateMachineVersionArn", s.cfg.Catalog.Version(machine.Name, v.Number))
	}, func(last *catalog.Version) string { return s.token(listing, strconv.FormatUint(last.Number, 10)) })
	return o.done(), nil
}
