package sfn

import (
	"context"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
)

// validateDefinition answers 200 whatever is wrong with the definition. What a
// deployment tool has still to replace is a warning here, and refused when a
// state machine is created.
func (s *Server) validateDefinition(_ context.Context, in input) ([]byte, error) {
	t := catalog.Type(in.text("type"))
	if t == "" {
		t = catalog.Standard
	}
	_, diagnostics := s.cfg.Catalog.Compile(in.text("definition"), t)
	diagnostics = definition.ForTemplates(diagnostics)
	result := "OK"
	if definition.HasErrors(diagnostics) {
		result = "FAIL"
	}
	shown := shownDiagnostics(diagnostics, in.text("severity"))
	most := in.integer("maxResults", 0)
	if most == 0 {
		most = 100
	}
	o := newOutput()
	o.text("result", result)
	o.array("diagnostics", func() {
		for _, d := range shown[:min(len(shown), most)] {
			o.next()
			o.item(func() {
				o.text("severity", string(d.Severity))
				o.text("code", string(d.Code))
				o.text("message", d.Message)
				o.nonEmpty("location", d.Location)
			})
		}
	})
	o.flag("truncated", len(shown) > most)
	return o.done(), nil
}

// shownDiagnostics leaves the warnings out unless they are asked for.
func shownDiagnostics(all []definition.Diagnostic, severity string) []definition.Diagnostic {
	if severity == string(definition.Warning) {
		return all
	}
	var errors []definition.Diagnostic
	for _, d := range all {
		if d.Severity == definition.Error {
			errors = append(errors, d)
		}
	}
	return errors
}
