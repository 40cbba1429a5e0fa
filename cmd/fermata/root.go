package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
	"github.com/fermata-dev/fermata/project"
)

const defaultEndpoint = "http://127.0.0.1:8083"

// newRoot makes the whole command tree.
func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "fermata",
		Short: "Durable workflows in one binary, in the Amazon States Language",
		Long: `Fermata runs durable workflows: a crash, a deploy or a year of waiting, and each
execution goes on at the exact step. It runs Amazon States Language definitions
and speaks the AWS Step Functions API.

  fermata dev my-project     a server for a project folder, redeployed on change
  fermata run order.asl.json --input '{"id": 7}'
                             one execution, here and now
  fermata test my-project    its test cases, in virtual time
  fermata server             a durable server`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          known,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(flagError)
	root.AddGroup(&cobra.Group{ID: "run", Title: "Run workflows:"}, &cobra.Group{ID: "client", Title: "Talk to a server:"})
	group(root, "run", newServer(s), newDev(s), newRun(s), newTest(s), newTestState(s), newValidate(s))
	group(root, "client", newDeploy(s), newStart(s), newList(s), newDescribe(s), newHistory(s), newStop(s), newRedrive(s), newResume(s), newDelete(s), newToken(s))
	root.AddCommand(newBench(s), newVersion(s))
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.HasSubCommands() {
			c.Args, c.RunE = known, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = knownTopic
	}
	completeFlags(root)
	return root
}

// knownTopic refuses to explain a command that there is not.
func knownTopic(help *cobra.Command, args []string) error {
	cmd, rest, err := help.Root().Find(args)
	if err != nil || !cmd.HasSubCommands() {
		return usage(err)
	}
	return known(cmd, rest)
}

// known refuses the name of a command that there is not, and names those like it.
func known(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	like := ""
	if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
		like = " (did you mean " + strings.Join(names, " or ") + "?)"
	}
	return usage(fmt.Errorf("unknown command %q for %q%s; %s --help lists the commands", args[0], cmd.CommandPath(), like, cmd.CommandPath()))
}

func group(root *cobra.Command, id string, commands ...*cobra.Command) {
	for _, c := range commands {
		c.GroupID = id
		root.AddCommand(c)
	}
}

// connection are the flags of commands that talk to a server.
type connection struct {
	streams
	endpoint string
	json     bool
}

// addConnection adds the flags to a command.
func addConnection(cmd *cobra.Command, s streams) *connection {
	r := &connection{streams: s}
	endpoint := os.Getenv("FERMATA_ENDPOINT")
	if endpoint == "" {
		endpoint = defaultEndpoint
	}
	cmd.Flags().StringVar(&r.endpoint, "endpoint", endpoint, "URL of the server (environment: FERMATA_ENDPOINT)")
	cmd.Flags().BoolVar(&r.json, "json", false, "print JSON, for scripts")
	cmd.PreRunE = func(*cobra.Command, []string) error { return usage(r.checkEndpoint()) }
	return r
}

// checkEndpoint completes the URL of the server, and refuses what is none.
func (r *connection) checkEndpoint() error {
	text := r.endpoint
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	at, err := url.Parse(text)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return fmt.Errorf("--endpoint: %q is not a URL such as %s", r.endpoint, defaultEndpoint)
	}
	r.endpoint = text
	return nil
}

func (r *connection) client() *client.Client { return client.New(r.endpoint) }

// printJSON writes a value as indented JSON.
func (s streams) printJSON(v any) error {
	encoder := json.NewEncoder(s.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// readInput reads a text argument: the text itself, @FILE, or - for standard
// input.
func (s streams) readInput(argument string) (string, error) {
	switch {
	case argument == "-":
		text, err := io.ReadAll(s.in)
		return string(text), err
	case strings.HasPrefix(argument, "@"):
		text, err := project.ReadText(argument[1:])
		return string(text), err
	default:
		return argument, nil
	}
}

// readJSON is readInput for JSON text.
func (s streams) readJSON(flag, argument string) (string, error) {
	text, err := s.readInput(argument)
	if err != nil {
		return "", fmt.Errorf("%s: %w", flag, err)
	}
	var v json.RawMessage
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return "", usage(fmt.Errorf("%s is not JSON: %w; write JSON such as '{\"id\": 7}', @FILE or - for standard input", flag, err))
	}
	return strings.TrimSpace(text), nil
}
