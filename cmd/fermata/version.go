package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker for releases.
var version = ""

// versionText is the version of this binary: that of the release, else the
// commit that it was built from.
func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return "devel"
}

func newVersion(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  arguments(0, 0),
	}
	var asJSON bool
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, for scripts")
	cmd.RunE = func(*cobra.Command, []string) error {
		platform := runtime.GOOS + "/" + runtime.GOARCH
		if asJSON {
			return s.printJSON(map[string]string{"version": versionText(), "go": runtime.Version(), "platform": platform})
		}
		fmt.Fprintf(s.out, "fermata %s (%s, %s)\n", versionText(), runtime.Version(), platform)
		return nil
	}
	return cmd
}
