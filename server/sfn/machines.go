package sfn

import (
	"context"

	"github.com/fermata-dev/fermata/catalog"
)

func (s *Server) createStateMachine(ctx context.Context, in input) ([]byte, error) {
	if err := checkPublish(in); err != nil {
		return nil, err
	}
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
		Tags: readTags(in),
	})
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("stateMachineArn", s.cfg.Catalog.Machine(machine.Name))
	o.date("creationDate", machine.Created)
	return o.done(), nil
}

// checkPublish refuses what needs versions.
func checkPublish(in input) error {
	switch {
	case in.flag("publish"):
		return validation("Versions are not supported yet: publish must be false")
	case in.has("versionDescription"):
		return validation("Version description can only be set when publish is true")
	}
	return nil
}

func (s *Server) updateStateMachine(ctx context.Context, in input) ([]byte, error) {
	arn, err := s.machineARN(in)
	if err != nil {
		return nil, err
	}
	if err := checkPublish(in); err != nil {
		return nil, err
	}
	revision, err := s.cfg.Catalog.UpdateMachine(ctx, arn.Name(), updateOf(in))
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.date("updateDate", revision.Created)
	o.nonEmpty("revisionId", revision.UUID)
	return o.done(), nil
}

func updateOf(in input) catalog.UpdateRequest {
	req := catalog.UpdateRequest{Definition: in.optional("definition"), RoleARN: in.optional("roleArn")}
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

// machineARN reads the ARN of a machine of this server; those of versions and
// aliases name nothing yet.
func (s *Server) machineARN(in input) (catalog.ARN, error) {
	arn, err := catalog.ParseMachine(in.text("stateMachineArn"))
	if err == nil && (arn.Qualified() || arn.Place != s.cfg.Catalog.Place) {
		err = catalog.NoMachine(arn.Text)
	}
	return arn, err
}

func (s *Server) describeStateMachine(ctx context.Context, in input) ([]byte, error) {
	arn, err := s.machineARN(in)
	if err != nil {
		return nil, err
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, arn.Name())
	if err != nil {
		return nil, err
	}
	def, err := s.cfg.Catalog.Definition(ctx, machine.Revision)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("stateMachineArn", arn.Text)
	o.text("name", machine.Name)
	o.text("status", string(machine.Status))
	o.text("type", string(machine.Type))
	o.date("creationDate", machine.Created)
	o.revision(catalog.DetailOf(def), in)
	return o.done(), nil
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
	run, err := s.run(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	d := catalog.DetailOf(run.Definition)
	o := newOutput()
	o.text("stateMachineArn", s.cfg.Catalog.Machine(d.MachineName))
	o.text("name", d.MachineName)
	o.date("updateDate", d.Created)
	o.revision(d, in)
	return o.done(), nil
}

func (s *Server) deleteStateMachine(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseMachine(in.text("stateMachineArn"))
	if err != nil || arn.Qualified() || arn.Place != s.cfg.Catalog.Place {
		return nil, err
	}
	return nil, s.cfg.Catalog.DeleteMachine(ctx, arn.Name())
}

func (s *Server) listStateMachines(ctx context.Context, in input) ([]byte, error) {
	after, err := nameToken(in, "machines")
	if err != nil {
		return nil, err
	}
	machines, err := s.cfg.Catalog.ListMachines(ctx, after, in.pageSize()+1)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	more := len(machines) > in.pageSize()
	machines = machines[:min(len(machines), in.pageSize())]
	o.array("stateMachines", func() {
		for _, m := range machines {
			o.next()
			o.item(func() {
				o.text("stateMachineArn", s.cfg.Catalog.Machine(m.Name))
				o.text("name", m.Name)
				o.text("type", string(m.Type))
				o.date("creationDate", m.Created)
			})
		}
	})
	if more {
		o.text("nextToken", token("machines", machines[len(machines)-1].Name))
	}
	return o.done(), nil
}
