package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/project"
)

func newDev(s streams) *cobra.Command {
	var flags serverFlags
	cmd := &cobra.Command{
		Use:   "dev [PROJECT]",
		Short: "Run a server for a project folder and redeploy it on change",
		Long: `Run a server for a project folder (default: this one): the functions of its
fermata.yaml are run and its state machines deployed, and again whenever a file
in the folder changes. A change with a fault is reported, and what ran before it
goes on.`,
		Args: arguments(0, 1),
	}
	flags.add(cmd, "info")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		folder := "."
		if len(args) == 1 {
			folder = args[0]
		}
		settings, err := flags.settings(s)
		if err != nil {
			return err
		}
		return s.dev(cmd.Context(), settings, folder, flags.listen)
	}
	return cmd
}

// dev serves the project of a folder until the context ends.
func (s streams) dev(ctx context.Context, settings settings, folder, address string) error {
	file, err := project.Find(folder)
	if err != nil {
		return err
	}
	// What is changed while the project is read is seen, too.
	watcher, err := watch(filepath.Dir(file))
	if err != nil {
		return fmt.Errorf("cannot watch %s: %w", filepath.Dir(file), err)
	}
	p, err := project.Load(file)
	if err != nil {
		return errors.Join(err, watcher.close())
	}
	listener, err := listen(address)
	if err != nil {
		return errors.Join(err, watcher.close())
	}
	n, err := openNode(ctx, settings, p)
	if err != nil {
		return errors.Join(err, watcher.close(), listener.Close())
	}
	url := "http://" + listener.Addr().String()
	fmt.Fprintf(s.out, "Fermata listens on %s (store %s)\n", url, n.storeText())
	s.deploy(ctx, n, p)
	s.printNext(url, n, p)
	return s.watchAndServe(ctx, n, watcher, file, listener)
}

func (s streams) watchAndServe(ctx context.Context, n *node, watcher *watcher, file string, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watcher.run(ctx, func(changed string) {
			fmt.Fprintf(s.out, "\n%s has changed\n", changed)
			s.redeploy(ctx, n, file)
		})
	}()
	err := serveUntil(ctx, n, listener)
	stop()
	<-watched
	return errors.Join(err, watcher.close())
}

// redeploy reads the project again and reports what came of it.
func (s streams) redeploy(ctx context.Context, n *node, file string) {
	p, err := project.Load(file)
	if err == nil {
		err = n.functions.load(ctx, p)
	}
	if err != nil {
		s.complain(ctx, err)
		return
	}
	s.deploy(ctx, n, p)
}

// deploy deploys the state machines of a project.
func (s streams) deploy(ctx context.Context, n *node, p *project.Project) {
	done, err := deployProject(ctx, n.client(), p, n.arns())
	for _, d := range done {
		fmt.Fprintf(s.out, "%-10s %s\n", d.Change, d.Name)
	}
	s.complain(ctx, err)
}

func (s streams) complain(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(s.err, "%v\nwhat ran before goes on; mend the fault and it is deployed\n", err)
	}
}

// printNext prints the commands that a newcomer wants next.
func (s streams) printNext(url string, n *node, p *project.Project) {
	if len(p.StateMachines) == 0 {
		fmt.Fprintf(s.out, "\nThe project has no state machine yet: add one to %s.\n", p.File)
		return
	}
	name, endpoint := p.StateMachines[0].Name, ""
	if url != defaultEndpoint {
		endpoint = " --endpoint " + url
	}
	fmt.Fprintf(s.out, `
Start an execution and watch it:

  fermata start %[1]s --wait%[2]s --input '{}'
  fermata list %[1]s%[2]s
  fermata history %[1]s%[2]s

or with the AWS CLI (any credentials will do):

  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=%[3]s
  aws stepfunctions start-execution --endpoint-url %[4]s \
    --state-machine-arn %[5]s --input '{}'

Files are watched; Ctrl-C stops.
`, name, endpoint, n.place.Region, url, n.arns().StateMachine(name))
}
