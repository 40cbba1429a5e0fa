package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/interpreter"
)

var update = flag.Bool("update", false, "write docs/cli.md instead of comparing it")

// TestCLIPage keeps docs/cli.md the same as what the commands say of themselves.
func TestCLIPage(t *testing.T) {
	t.Setenv("FERMATA_ENDPOINT", "")
	t.Setenv("AWS_REGION", "")
	for _, name := range []string{"SFN_MOCK_CONFIG", "AWS_DEFAULT_REGION", "AWS_ACCOUNT_ID", "LAMBDA_ENDPOINT", "WAIT_TIME_SCALE"} {
		t.Setenv(name, "")
	}
	var b strings.Builder
	b.WriteString("# The command line\n\nWritten by `go test ./cmd/fermata -run CLIPage -update`.\n\n" +
		"Exit status: 0 if all went well, 1 if not (or if the execution that was waited for did not succeed), 2 if the command line was wrong.\n")
	writeCommand(&b, newRoot(streams{}))
	const page = "../../docs/cli.md"
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(page)
	if err != nil || string(text) != b.String() {
		t.Errorf("docs/cli.md is not what the commands say (%v); write it anew with -update", err)
	}
}

func writeCommand(b *strings.Builder, cmd *cobra.Command) {
	if cmd.Runnable() && cmd.HasParent() && !cmd.HasSubCommands() {
		about := cmd.Long
		if about == "" {
			about = cmd.Short + "."
		}
		fmt.Fprintf(b, "\n## %s\n\n%s\n\n```\n%s\n", cmd.CommandPath(), about, cmd.UseLine())
		if usages := cmd.LocalFlags().FlagUsages(); usages != "" {
			b.WriteString("\n" + usages)
		}
		b.WriteString("```\n")
	}
	for _, sub := range cmd.Commands() {
		if sub.Name() != "help" && sub.Name() != "completion" {
			writeCommand(b, sub)
		}
	}
}

// TestLimitsPage keeps the numbers in docs/limits.md those of the code.
func TestLimitsPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	fermata, _ := limitSet("fermata")
	aws, _ := limitSet("aws")
	rows := []struct {
		what string
		get  func(*interpreter.Limits) int
		size bool
	}{
		{"payload: one input, output, result or state's data", func(l *interpreter.Limits) int { return l.PayloadBytes }, true},
		{"events of a history", func(l *interpreter.Limits) int { return l.HistoryEvents }, false},
		{"iterations of an inline Map at a time, if it does not say", func(l *interpreter.Limits) int { return l.InlineIterations }, false},
		{"all variables of one Assign", func(l *interpreter.Limits) int { return l.VariableBytes }, true},
		{"all variables of an execution", func(l *interpreter.Limits) int { return l.VariablesBytes }, true},
	}
	for what, get := range map[string]func(quotas) int{
		"state machines":              func(q quotas) int { return q.Machines },
		"activities":                  func(q quotas) int { return q.Activities },
		"versions of a state machine": func(q quotas) int { return q.Versions },
		"aliases of a state machine":  func(q quotas) int { return q.Aliases },
		"Standard executions that are open, without the children of map runs": func(q quotas) int { return q.OpenExecutions },
		"map runs that are open":                                func(q quotas) int { return q.OpenMapRuns },
		"calls of `GetActivityTask` that wait for one activity": func(q quotas) int { return q.pollers },
	} {
		want := fmt.Sprintf("| %s | - | %s |", what, number(get(quotaSet("aws")), false))
		if !strings.Contains(string(text), want) || get(quotaSet("fermata")) != 0 {
			t.Errorf("docs/limits.md lacks the row %s", want)
		}
	}
	for _, row := range rows {
		want := fmt.Sprintf("| %s | %s | %s |", row.what, number(row.get(fermata.Limits), row.size), number(row.get(aws.Limits), row.size))
		if !strings.Contains(string(text), want) {
			t.Errorf("docs/limits.md lacks the row %s", want)
		}
	}
}

// number writes a limit as the page does: 16 MiB, 262,144 bytes, 1,000.
func number(n int, size bool) string {
	if size && n%(1<<20) == 0 {
		return strconv.Itoa(n>>20) + " MiB"
	}
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if size {
		text += " bytes"
	}
	return text
}

// TestExpressLimits keeps what docs/limits.md says of times.
func TestExpressLimits(t *testing.T) {
	for name, want := range map[string][2]time.Duration{"fermata": {0, time.Hour}, "aws": {365 * 24 * time.Hour, 5 * time.Minute}} {
		l, err := limitSet(name)
		if err != nil || l.ExecutionTime != want[0] || l.express.ExecutionTime != want[1] || l.express.HistoryEvents != 10_000_000 {
			t.Errorf("%s: %v, %v, %d events (%v)", name, l.ExecutionTime, l.express.ExecutionTime, l.express.HistoryEvents, err)
		}
	}
}
