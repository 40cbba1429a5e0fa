package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/fermata-dev/fermata/internal/seen"
)

// awsCLI is the AWS CLI of Debian.
const awsCLI = "/usr/bin/aws"

// process starts a real server process and answers with its URL.
func process(t *testing.T, args ...string) string {
	t.Helper()
	needs(t, "go")
	binary := filepath.Join(t.TempDir(), "fermata")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	server := exec.Command(binary, append([]string{"server", "--listen=127.0.0.1:0"}, args...)...)
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Process.Signal(syscall.SIGTERM) // as who signals its group and the process
		if err := server.Wait(); err != nil {
			t.Errorf("the server did not end well: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, url, _ := strings.Cut(line, "listens on ")
	url, _, _ = strings.Cut(url, " ")
	return url
}

// cli is the AWS CLI against one server.
type cli struct {
	t    *testing.T
	url  string
	used *[]string // the operations that went well
}

// run carries out an operation of Step Functions; the answer is read into v,
// unless that is nil.
func (c cli) run(v any, args ...string) {
	c.t.Helper()
	out, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("aws %v: %v\n%s", args, err, out)
	}
	*c.used = append(*c.used, operationName(args[0]))
	if v == nil {
		return
	}
	if err := json.Unmarshal(out, v); err != nil {
		c.t.Fatalf("aws %v: %v\n%s", args, err, out)
	}
}

// operationName makes DescribeExecution of describe-execution.
func operationName(command string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(command, "-") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// try carries out an operation that may be refused. The server stands as proxy,
// too: for a synchronous start the CLI asks for the host sync-127.0.0.1, which
// there is not.
func (c cli) try(args ...string) ([]byte, error) {
	command := exec.Command(awsCLI, append([]string{"stepfunctions", "--endpoint-url", c.url, "--output", "json"}, args...)...)
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + c.t.TempDir(), "AWS_PAGER=", "LANG=C.UTF-8",
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_DEFAULT_REGION=us-east-1", "HTTP_PROXY=" + c.url,
	}
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	if err := command.Run(); err != nil {
		return problems.Bytes(), err
	}
	return out.Bytes(), nil
}

func TestAWSCLI(t *testing.T) {
	if _, err := os.Stat(awsCLI); err != nil {
		t.Skipf("skipped: this test needs the AWS CLI at %s (Debian: apt-get install awscli)", awsCLI)
	}
	aws := cli{t, process(t, "--store", t.TempDir()), new([]string)}
	activity, machine := aws.create()
	first := aws.start(machine, "first", `{"order": 1}`)
	if input, token := aws.task(activity); input != `{"order": 1}` {
		t.Errorf("the activity got %s", input)
	} else {
		aws.run(nil, "send-task-heartbeat", "--task-token", token)
		aws.run(nil, "send-task-success", "--task-token", token, "--task-output", `{"approved": true}`)
	}
	if e := aws.describe(first); e.Status != "SUCCEEDED" || e.Output != `{"approved": true}` {
		t.Errorf("the first execution: %+v", e)
	}
	aws.checkHistory(first)

	second := aws.start(machine, "second", `{}`)
	aws.run(nil, "stop-execution", "--execution-arn", second, "--error", "Enough", "--cause", "of it")
	if e := aws.describe(second); e.Status != "ABORTED" || e.Error != "Enough" || e.Cause != "of it" {
		t.Errorf("the second execution: %+v", e)
	}
	aws.checkList(machine)

	third := aws.start(machine, "third", `{}`)
	_, token := aws.task(activity)
	aws.run(nil, "send-task-failure", "--task-token", token, "--error", "Refused")
	if e := aws.describe(third); e.Status != "FAILED" || e.Error != "Refused" {
		t.Errorf("the third execution: %+v", e)
	}
	if out, err := aws.try("describe-execution", "--execution-arn", first+"x"); err == nil || !strings.Contains(string(out), "(ExecutionDoesNotExist)") {
		t.Errorf("an unknown execution: %v, %s", err, out)
	}
	aws.checkUpdate(machine, first)
	aws.checkTags(machine)
	aws.checkExpress()
	aws.checkMapRuns(activity)
	aws.run(nil, "delete-state-machine", "--state-machine-arn", machine)
	aws.run(nil, "delete-activity", "--activity-arn", activity)
	seen.Check(t, seen.CLI, *aws.used)
}

// create makes an activity and a state machine that waits for it.
func (c cli) create() (activity, machine string) {
	c.t.Helper()
	var made, described struct{ ActivityArn string }
	c.run(&made, "create-activity", "--name", "approve")
	c.run(&described, "describe-activity", "--activity-arn", made.ActivityArn)
	var all struct {
		Activities []struct{ ActivityArn string }
	}
	c.run(&all, "list-activities")
	if len(all.Activities) != 1 || all.Activities[0] != made || described != made {
		c.t.Errorf("made %+v, described as %+v, listed as %+v", made, described, all)
	}
	definition := `{"StartAt": "Approve", "States": {"Approve": {"Type": "Task", "Resource": "` + made.ActivityArn + `", "End": true}}}`
	var created struct{ StateMachineArn string }
	c.run(&created, "create-state-machine", "--name", "orders", "--definition", definition, "--role-arn", anyRole)
	return made.ActivityArn, created.StateMachineArn
}

const anyRole = "arn:aws:iam::123456789012:role/any"

// task takes a task of an activity.
func (c cli) task(activity string) (input, token string) {
	c.t.Helper()
	var task struct{ TaskToken, Input string }
	c.run(&task, "get-activity-task", "--activity-arn", activity, "--worker-name", "me")
	return task.Input, task.TaskToken
}

// checkUpdate changes a state machine; an execution keeps what it began with.
func (c cli) checkUpdate(machine, execution string) {
	c.t.Helper()
	definition := `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`
	c.run(nil, "update-state-machine", "--state-machine-arn", machine, "--definition", definition)
	var now, then struct{ Definition string }
	c.run(&now, "describe-state-machine", "--state-machine-arn", machine)
	c.run(&then, "describe-state-machine-for-execution", "--execution-arn", execution)
	if now.Definition != definition || !strings.Contains(then.Definition, "Approve") {
		c.t.Errorf("the machine is %s, the execution follows %s", now.Definition, then.Definition)
	}
}

func (c cli) checkTags(machine string) {
	c.t.Helper()
	c.run(nil, "tag-resource", "--resource-arn", machine, "--tags", "key=a,value=1", "key=b,value=2")
	c.run(nil, "untag-resource", "--resource-arn", machine, "--tag-keys", "a")
	var left struct{ Tags []struct{ Key, Value string } }
	c.run(&left, "list-tags-for-resource", "--resource-arn", machine)
	if len(left.Tags) != 1 || left.Tags[0].Key != "b" {
		c.t.Errorf("the tags: %+v", left)
	}
}

func (c cli) checkExpress() {
	c.t.Helper()
	definition := `{"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 7, "End": true}}}`
	var created struct{ StateMachineArn string }
	c.run(&created, "create-state-machine", "--name", "quick", "--type", "EXPRESS", "--definition", definition, "--role-arn", anyRole)
	var e execution
	c.run(&e, "start-sync-execution", "--state-machine-arn", created.StateMachineArn)
	if e.Status != "SUCCEEDED" || e.Output != "7" {
		c.t.Errorf("the synchronous execution: %+v", e)
	}
}

// checkMapRuns looks at the map run of a distributed Map whose child waits for an
// activity, and changes it.
func (c cli) checkMapRuns(activity string) {
	c.t.Helper()
	definition := `{"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "Part", "End": true, "ItemProcessor": {
		"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A",
		"States": {"A": {"Type": "Task", "Resource": "` + activity + `", "End": true}}}}}}`
	var created struct{ StateMachineArn string }
	c.run(&created, "create-state-machine", "--name", "each", "--definition", definition, "--role-arn", anyRole)
	whole := c.start(created.StateMachineArn, "whole", `[7]`)
	input, token := c.task(activity)
	var list struct{ MapRuns []struct{ MapRunArn string } }
	c.run(&list, "list-map-runs", "--execution-arn", whole)
	if len(list.MapRuns) != 1 || input != "7" {
		c.t.Fatalf("the map runs: %+v; the activity got %s", list, input)
	}
	arn := list.MapRuns[0].MapRunArn
	c.run(nil, "update-map-run", "--map-run-arn", arn, "--max-concurrency", "5")
	var mapRun struct {
		Status, ExecutionArn string
		MaxConcurrency       int
	}
	c.run(&mapRun, "describe-map-run", "--map-run-arn", arn)
	if mapRun.Status != "RUNNING" || mapRun.ExecutionArn != whole || mapRun.MaxConcurrency != 5 {
		c.t.Errorf("the map run: %+v", mapRun)
	}
	c.run(nil, "send-task-success", "--task-token", token, "--task-output", "8")
}

// execution is what describe-execution and list-executions answer.
type execution struct{ Name, Status, Output, Error, Cause string }

func (c cli) start(machine, name, input string) string {
	c.t.Helper()
	var started struct{ ExecutionArn string }
	c.run(&started, "start-execution", "--state-machine-arn", machine, "--name", name, "--input", input)
	return started.ExecutionArn
}

func (c cli) describe(arn string) (e execution) {
	c.t.Helper()
	c.run(&e, "describe-execution", "--execution-arn", arn)
	return e
}

func (c cli) checkHistory(arn string) {
	c.t.Helper()
	var history struct {
		Events []struct {
			ID   int
			Type string
		}
	}
	c.run(&history, "get-execution-history", "--execution-arn", arn)
	var types []string
	for _, e := range history.Events {
		types = append(types, e.Type)
	}
	want := "ExecutionStarted TaskStateEntered ActivityScheduled ActivityStarted ActivitySucceeded TaskStateExited ExecutionSucceeded"
	if got := strings.Join(types, " "); got != want {
		c.t.Errorf("the history is\n%s\nwant\n%s", got, want)
	}
}

func (c cli) checkList(machine string) {
	c.t.Helper()
	var list struct{ Executions []execution }
	c.run(&list, "list-executions", "--state-machine-arn", machine)
	if len(list.Executions) != 2 || list.Executions[0].Name != "second" || list.Executions[1].Status != "SUCCEEDED" {
		c.t.Errorf("the executions: %+v", list.Executions)
	}
	var machines struct{ StateMachines []struct{ Name string } }
	c.run(&machines, "list-state-machines")
	if len(machines.StateMachines) != 1 || machines.StateMachines[0].Name != "orders" {
		c.t.Errorf("the state machines: %+v", machines)
	}
}
