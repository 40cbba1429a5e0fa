package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/project"
)

func newServer(s streams) *cobra.Command {
	var flags serverFlags
	var folder string
	cmd := &cobra.Command{
		Use:   "server",
		Short: "Run a durable server",
		Long: `Run a server that speaks the AWS Step Functions API. When it is ready it prints
one line with its address; GET /healthz then answers 200.

SIGTERM or SIGINT stops it: it takes no more work, lets tasks under way end for up
to ten seconds, and what is left goes on when it is started again. A second
signal ends it at once; nothing acknowledged is lost.`,
		Args: arguments(0, 0),
	}
	flags.add(cmd, "warn")
	cmd.Flags().StringVar(&folder, "project", "", "project folder: its functions are run and its state machines deployed")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		settings, err := flags.settings(s)
		if err != nil {
			return err
		}
		var p *project.Project
		if folder != "" {
			if p, err = project.Load(folder); err != nil {
				return err
			}
		}
		listener, err := listen(flags.listen)
		if err != nil {
			return err
		}
		n, err := openNode(cmd.Context(), settings, p)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		if p != nil {
			_, err := deployProject(cmd.Context(), n.client(), p, n.arns())
			if err != nil && !onlyDeletions(err) {
				return errors.Join(err, n.Close(), listener.Close())
			}
			if err != nil { // their executions need the server to end
				fmt.Fprintln(s.err, err)
			}
		}
		fmt.Fprintf(s.out, "Fermata listens on http://%s (store %s)\n", listener.Addr(), n.storeText())
		return serveUntil(cmd.Context(), n, listener)
	}
	return cmd
}
