package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/project"
)

func newValidate(s streams) *cobra.Command {
	var kind string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check definitions and project files, and list all faults with their lines",
		Long: `Check definition files (JSON or YAML), project files and project folders. All
faults are listed, each as FILE:LINE:COLUMN with its place in the definition and
what would be right. The exit status is 1 if there is a fault of severity error.

Placeholders of deployment tools, such as ${FunctionArn} and {"Ref": ...}, are
warnings here, and errors when the state machine is created.`,
		Args: arguments(1, unlimited),
	}
	cmd.Flags().StringVar(&kind, "type", "STANDARD", "type to check definition files for: STANDARD or EXPRESS")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, for scripts")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		machine, err := machineType(kind)
		if err != nil {
			return usage(err)
		}
		all := findings{}
		var unread []error
		for _, path := range args {
			found, err := validatePath(path, machine)
			switch {
			case err != nil:
				unread = append(unread, err)
			case len(found) == 0 && !asJSON:
				fmt.Fprintf(s.out, "%s: ok\n", path)
			}
			all = append(all, found...)
		}
		err = s.printFindings(all, asJSON)
		if len(unread) > 0 {
			return errors.Join(unread...)
		}
		return err
	}
	return cmd
}

func (s streams) printFindings(all findings, asJSON bool) error {
	if asJSON {
		if err := s.printJSON(all); err != nil {
			return err
		}
	} else {
		for _, f := range all {
			fmt.Fprintln(s.out, f)
		}
	}
	if n := len(faults(all)); n > 0 {
		return &exit{status: 1, err: fmt.Errorf("%d faults", n), reported: true}
	}
	return nil
}

// validatePath checks one file or project folder.
func validatePath(path, kind string) (findings, error) {
	p, machine, err := openTarget(path)
	var problems project.Problems
	if errors.As(err, &problems) {
		return projectFindings(problems), nil
	}
	if err != nil {
		return nil, err
	}
	arns := project.ARNs{Region: "us-east-1", Account: "123456789012"}
	if machine != nil {
		if p.File == "" {
			machine.Type = kind
		}
		return checkTemplate(p, machine, arns), nil
	}
	var found findings
	for i := range p.StateMachines {
		found = append(found, checkTemplate(p, &p.StateMachines[i], arns)...)
	}
	return found, nil
}

// projectFindings are the problems of a project file as findings.
func projectFindings(problems project.Problems) findings {
	found := make(findings, len(problems))
	for i, p := range problems {
		found[i] = finding{File: p.File, Line: p.Line, Severity: "ERROR", Code: "PROJECT_FILE", Message: p.Message}
	}
	return found
}
