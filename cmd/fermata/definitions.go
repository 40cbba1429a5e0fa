package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/project"
)

// finding is a diagnostic of a definition with its place in a file.
type finding struct {
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Location string `json:"location,omitempty"`
	Pointer  string `json:"pointer,omitempty"`
	Hint     string `json:"hint,omitempty"`
}

func (f finding) String() string {
	place := f.File
	if f.Line > 0 {
		place = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	if f.Column > 0 {
		place = fmt.Sprintf("%s:%d", place, f.Column)
	}
	message, _, _ := strings.Cut(f.Message, "\n") // what follows quotes the text
	text := fmt.Sprintf("%s: %s %s: %s", place, strings.ToLower(f.Severity), f.Code, message)
	if f.Pointer != "" {
		text += " at " + f.Pointer
	}
	if f.Hint != "" {
		text += " (" + f.Hint + ")"
	}
	return text
}

// findings is an error that lists them.
type findings []finding

func (f findings) Error() string {
	var b strings.Builder
	for _, one := range f {
		b.WriteString("\n  " + one.String())
	}
	return b.String()
}

// faults are those of the findings that are errors.
func faults(all findings) findings {
	var errors findings
	for _, f := range all {
		if f.Severity == string(definition.Error) {
			errors = append(errors, f)
		}
	}
	return errors
}

// checkMachine says what there is to say about a state machine's definition.
// services is asl.Options.Services.
func checkMachine(p *project.Project, m *project.StateMachine, arns project.ARNs, services func(service, action string) bool) findings {
	return findingsOf(m, diagnose(p, m, arns, services))
}

// checkTemplate is checkMachine for a definition that a deployment tool may
// still have to work on.
func checkTemplate(p *project.Project, m *project.StateMachine, arns project.ARNs) findings {
	return findingsOf(m, definition.ForTemplates(diagnose(p, m, arns, nil)))
}

func diagnose(p *project.Project, m *project.StateMachine, arns project.ARNs, services func(service, action string) bool) []definition.Diagnostic {
	text := p.DefinitionText(m, arns)
	_, diagnostics := asl.Compile([]byte(text), asl.Options{Express: m.Type == string(catalog.Express), Services: services})
	return diagnostics
}

// findingsOf are the diagnostics of a state machine's definition with its file,
// in the order of its lines.
func findingsOf(m *project.StateMachine, diagnostics []definition.Diagnostic) findings {
	file := shownFile(m.DefinitionFile)
	var found findings
	for _, d := range diagnostics {
		found = append(found, finding{
			File: file, Line: d.Line, Column: d.Column, Severity: string(d.Severity), Code: string(d.Code),
			Message: d.Message, Location: d.Location, Pointer: d.Pointer, Hint: d.Hint,
		})
	}
	slices.SortStableFunc(found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return found
}

// anyService admits every integration: whether there is a connector for it, or a
// mock, is for somebody else to say.
func anyService(string, string) bool { return true }

// definitionJSON is the definition as the API takes it: a definition in YAML,
// which has been checked, becomes JSON.
func definitionJSON(text string) string {
	converted, diagnostics := definition.ToJSON([]byte(text))
	if definition.HasErrors(diagnostics) {
		return text
	}
	return string(converted)
}
