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
	t   *testing.T
	url string
}

// run carries out an operation of Step Functions; the answer is read into v,
// unless that is nil.
func (c cli) run(v any, args ...string) {
	c.t.Helper()
	out, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("aws %v: %v\n%s", args, err, out)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(out, v); err != nil {
		c.t.Fatalf("aws %v: %v\n%s", args, err, out)
	}
}

func (c cli) try(args ...string) ([]byte, error) {
	command := exec.Command(awsCLI, append([]string{"stepfunctions", "--endpoint-url", c.url, "--output", "json"}, args...)...)
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + c.t.TempDir(), "AWS_PAGER=", "LANG=C.UTF-8",
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_DEFAULT_REGION=us-east-1",
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
	aws := cli{t, process(t, "--store", t.TempDir())}
	var activity struct{ ActivityArn string }
	aws.run(&activity, "create-activity", "--name", "approve")
	definition := `{"StartAt": "Approve", "States": {"Approve": {"Type": "Task", "Resource": "` + activity.ActivityArn + `", "End": true}}}`
	var machine struct{ StateMachineArn string }
	aws.run(&machine, "create-state-machine", "--name", "orders", "--definition", definition, "--role-arn", "arn:aws:iam::123456789012:role/any")

	first := aws.start(machine.StateMachineArn, "first", `{"order": 1}`)
	var task struct{ TaskToken, Input string }
	aws.run(&task, "get-activity-task", "--activity-arn", activity.ActivityArn, "--worker-name", "me")
	if task.TaskToken == "" || task.Input != `{"order": 1}` {
		t.Errorf("the activity got %+v", task)
	}
	aws.run(nil, "send-task-heartbeat", "--task-token", task.TaskToken)
	aws.run(nil, "send-task-success", "--task-token", task.TaskToken, "--task-output", `{"approved": true}`)
	if e := aws.describe(first); e.Status != "SUCCEEDED" || e.Output != `{"approved": true}` {
		t.Errorf("the first execution: %+v", e)
	}
	aws.checkHistory(first)

	second := aws.start(machine.StateMachineArn, "second", `{}`)
	aws.run(nil, "stop-execution", "--execution-arn", second, "--error", "Enough", "--cause", "of it")
	if e := aws.describe(second); e.Status != "ABORTED" || e.Error != "Enough" || e.Cause != "of it" {
		t.Errorf("the second execution: %+v", e)
	}
	aws.checkList(machine.StateMachineArn)

	if out, err := aws.try("describe-execution", "--execution-arn", first+"x"); err == nil || !strings.Contains(string(out), "(ExecutionDoesNotExist)") {
		t.Errorf("an unknown execution: %v, %s", err, out)
	}
	aws.run(nil, "delete-state-machine", "--state-machine-arn", machine.StateMachineArn)
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
