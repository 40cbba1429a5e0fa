package sfn

import (
	"context"
	"errors"
	"strings"

	"github.com/fermata-dev/fermata/catalog"
)

func (s *Server) createStateMachine(ctx context.Context, in input) ([]byte, error) {
	machine, err := s.cfg.Catalog.CreateMachine(ctx, catalog.CreateRequest{
		Name:       in.text("name"),
		Type:       catalog.Type(in.text("type")),
		Definition: in.text("definition"),
		Settings: catalog.Settings{
			RoleARN:    in.text("roleArn"),
			Logging:    readLogging(in.structure("loggingConfiguration")),
			Tracing:    readTracing(in.structure("tracingConfiguration")),
			Encryption: readEncryption(in.structure("encryptionConfiguration")),
		},
		Tags:               readTags(in),
		Publish:            in.flag("publish"),
		VersionDescription: in.text("versionDescription"),
	})
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("stateMachineArn", s.cfg.Catalog.Machine(machine.Name))
	o.date("creationDate", machine.Created)
	if in.flag("publish") {
		o.text("stateMachineVersionArn", s.cfg.Catalog.Version(machine.Name, 1))
	}
	return o.done(), nil
}

func (s *Server) updateStateMachine(ctx context.Context, in input) ([]byte, error) {
	arn, err := s.machineARN(in)
	if err != nil {
		return nil, err
	}
	updated, err := s.cfg.Catalog.UpdateMachine(ctx, arn.Name(), updateOf(in))
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.date("updateDate", updated.Created)
	o.nonEmpty("revisionId", updated.UUID)
	if updated.Version != nil {
		o.text("stateMachineVersionArn", s.cfg.Catalog.Version(arn.Name(), updated.Version.Number))
	}
	return o.done(), nil
}

func updateOf(in input) catalog.UpdateRequest {
	req := catalog.UpdateRequest{
		Definition: in.optional("definition"), RoleARN: in.optional("roleArn"),
		Publish: in.flag("publish"), VersionDescription: in.text("versionDescription"),
	}
	if in.has("loggingConfiguration") {
		l := readLogging(in.structure("loggingConfiguration"))
		req.Logging = &l
	}
	if in.has("tracingConfiguration") {
		t := readTracing(in.structure("tracingConfiguration"))
		req.Tracing = &t
	}
	if in.has("encryptionConfiguration") {
		e := readEncryption(in.structure("encryptionConfiguration"))
		req.Encryption = &e
	}
	return req
}

// machineARN reads the ARN of a machine of this server. Those of versions and
// aliases name no machine.
func (s *Server) machineARN(in input) (catalog.ARN, error) {
	arn, err := s.anyMachineARN(in)
	if err == nil && arn.Qualified() {
		err = catalog.NoMachine(arn.Text)
	}
	return arn, err
}

// anyMachineARN reads the ARN of a machine, version or alias of this server.
func (s *Server) anyMachineARN(in input) (catalog.ARN, error) {
	arn, err := catalog.ParseMachine(in.text("stateMachineArn"))
	switch {
	case err != nil:
		return arn, err
	case arn.Label() != "":
		return arn, catalog.LabelledARN(arn.Text)
	case arn.Place != s.cfg.Catalog.Place:
		return arn, catalog.NoMachine(arn.Text)
	}
	return arn, nil
}

// describeStateMachine describes a machine, or one version of it.
func (s *Server) describeStateMachine(ctx context.Context, in input) ([]byte, error) {
	arn, err := s.anyMachineARN(in)
	if err != nil {
		return nil, err
	}
	machine, version, err := s.describedMachine(ctx, arn)
	if err != nil {
		return nil, err
	}
	revision, created := machine.Revision, machine.Created
	if version != nil {
		revision, created = version.Revision, version.Created
	}
	def, err := s.cfg.Catalog.Definition(ctx, revision)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("stateMachineArn", arn.Text)
	o.text("name", machine.Name)
	o.text("status", string(machine.Status))
	o.text("type", string(machine.Type))
	o.date("creationDate", created)
	if version != nil {
		o.nonEmpty("description", version.Description)
	}
	o.revision(catalog.DetailOf(def), in)
	return o.done(), nil
}

// describedMachine finds a machine and, if the ARN is that of a version, the
// version.
func (s *Server) describedMachine(ctx context.Context, arn catalog.ARN) (*catalog.Machine, *catalog.Version, error) {
	if arn.AliasName() != "" {
		return nil, nil, catalog.NoMachine(arn.Text)
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, arn.Rest[0])
	if errors.Is(err, &catalog.Error{Code: catalog.StateMachineDoesNotExist}) {
		err = catalog.NoMachine(arn.Text)
	}
	if err != nil {
		return nil, nil, err
	}
	number, ok := arn.VersionNumber()
	if !ok {
		return machine, nil, nil
	}
	version, err := s.cfg.Catalog.VersionOf(ctx, machine, number)
	return machine, version, err
}

// revision writes what the two Describe operations for machines share.
func (o *output) revision(d *catalog.Detail, in input) {
	definition := d.Definition
	if metadataOnly(in) {
		definition = "{}"
	}
	o.text("definition", definition)
	o.text("roleArn", d.RoleARN)
	o.nonEmpty("revisionId", d.UUID)
	o.settings(&d.Settings)
	if len(d.VariableReferences) > 0 && !metadataOnly(in) {
		o.variables(d.VariableReferences)
	}
}

func metadataOnly(in input) bool { return in.text("includedData") == "METADATA_ONLY" }

func (s *Server) describeStateMachineForExecution(ctx context.Context, in input) ([]byte, error) {
	run, err := s.describable(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	d := catalog.DetailOf(run.Definition)
	name, _, _ := strings.Cut(d.MachineName, "/") // of a part: that of the whole
	o := newOutput()
	o.text("stateMachineArn", s.cfg.Catalog.Machine(d.MachineName))
	o.text("name", name)
	o.date("updateDate", d.Created)
	o.revision(d, in)
	o.nonEmpty("mapRunArn", s.mapRunARN(ctx, run))
	o.nonEmpty("label", d.Label)
	return o.done(), nil
}

func (s *Server) deleteStateMachine(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseMachine(in.text("stateMachineArn"))
	switch {
	case err != nil:
		return nil, err
	case arn.Label() != "":
		return nil, catalog.LabelledARN(arn.Text)
	case arn.Qualified():
		return nil, validation("The ARN of a version or alias does not name a state machine to delete: '" + arn.Text + "'")
	case arn.Place != s.cfg.Catalog.Place:
		return nil, nil
	}
	return nil, s.cfg.Catalog.DeleteMachine(ctx, arn.Name())
}

func (s *Server) listStateMachines(ctx context.Context, in input) ([]byte, error) {
	return s.machines(ctx, in, func(*output, *catalog.Machine) {})
}

// machines answers a page of state machines, and writes more of each.
func (s *Server) machines(ctx context.Context, in input, more func(*output, *catalog.Machine)) ([]byte, error) {
	after, err := s.nameToken(in, "machines")
	if err != nil {
		return nil, err
	}
	machines, err := s.cfg.Catalog.ListMachines(ctx, after, in.pageSize()+1)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	page(o, "stateMachines", machines, in.pageSize(), func(m *catalog.Machine) {
		o.text("stateMachineArn", s.cfg.Catalog.Machine(m.Name))
		o.text("name", m.Name)
		o.text("type", string(m.Type))
		o.date("creationDate", m.Created)
		more(o, m)
	}, func(last *catalog.Machine) string { return s.token("machines", last.Name) })
	return o.done(), nil
}
