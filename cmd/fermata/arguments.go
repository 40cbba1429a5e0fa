package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// unlimited is how many arguments a command takes that takes any number.
const unlimited = -1

// arguments checks how many arguments a command gets. What they are is in its line
// of usage.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		what := ""
		switch {
		case len(args) < least:
			_, name, _ := strings.Cut(cmd.Use, " ")
			what = name + " is missing"
		case most == 0 && len(args) > 0:
			what = fmt.Sprintf("%q is an argument, and %s takes none", args[0], cmd.CommandPath())
		case most != unlimited && len(args) > most:
			what = fmt.Sprintf("%q is one argument too many", args[most])
		default:
			return nil
		}
		return usage(fmt.Errorf("%s; usage: %s", what, cmd.UseLine()))
	}
}

// kinds say what the value of a flag of a type is.
var kinds = map[string]string{"int": "a whole number", "bool": "true or false"}

// flagError says of a flag that cannot be read what would be right.
func flagError(cmd *cobra.Command, err error) error {
	if invalid := (*pflag.InvalidValueError)(nil); errors.As(err, &invalid) {
		flag := invalid.GetFlag()
		if kind := kinds[flag.Value.Type()]; kind != "" {
			err = fmt.Errorf("--%s is %q; it must be %s", flag.Name, invalid.GetValue(), kind)
		}
		if errors.Is(invalid, strconv.ErrRange) {
			err = fmt.Errorf("--%s is %s, which is too large", flag.Name, invalid.GetValue())
		}
	}
	return usage(fmt.Errorf("%w; see %s --help", err, cmd.CommandPath()))
}

// chosen refuses values of flags that are not among their choices. Letters count as
// capital ones.
func chosen(cmd *cobra.Command, names ...string) error {
	var problems []error
	for _, name := range names {
		is := func(choice string) bool { return strings.EqualFold(choice, cmd.Flag(name).Value.String()) }
		if !slices.ContainsFunc(choices[name], is) {
			problems = append(problems, fmt.Errorf("--%s is %q; there are %s", name, cmd.Flag(name).Value, strings.Join(choices[name], ", ")))
		}
	}
	return usage(errors.Join(problems...))
}

// atLeast refuses flags that are given and less than they must be.
func atLeast(cmd *cobra.Command, least int, names ...string) error {
	var problems []error
	for _, name := range names {
		if n, _ := cmd.Flags().GetInt(name); cmd.Flags().Changed(name) && n < least {
			problems = append(problems, fmt.Errorf("--%s is %d; it must be at least %d", name, n, least))
		}
	}
	return usage(errors.Join(problems...))
}
