package main

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

const (
	passDefinition = `{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": {"hello": "world"}, "ResultPath": "$.said", "End": true}}}`
	waitDefinition = `{"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 3600, "End": true}}}`
	failDefinition = `{"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "NotToday", "Cause": "come back"}}}`
)

func TestCommandsAgainstAServer(t *testing.T) {
	server, folder := serve(t, "server", "--store", t.TempDir()), t.TempDir()
	at := "--endpoint=" + server.url
	contains(t, "list", must(t, "list", at), "no state machines")

	contains(t, "deploy", must(t, "deploy", at, write(t, folder, "hello.asl.json", passDefinition)), "created", "hello  arn:aws:states:us-east-1:123456789012:stateMachine:hello")
	contains(t, "deploy", must(t, "deploy", at, folder+"/hello.asl.json"), "unchanged")
	contains(t, "deploy", must(t, "deploy", at, "--name=hold", write(t, folder, "wait.json", waitDefinition)), "created", "hold")
	contains(t, "deploy", must(t, "deploy", at, "--name=no", write(t, folder, "no.json", failDefinition)), "created")
	contains(t, "list", must(t, "list", at), "STATE MACHINE", "hello", "STANDARD", "hold")
	contains(t, "list", must(t, "list", at, "hello"), "no executions; start one")

	arn := strings.TrimSpace(must(t, "start", at, "hello", "--name=first", `--input={"a":1}`))
	if arn != "arn:aws:states:us-east-1:123456789012:execution:hello:first" {
		t.Errorf("start answered %q", arn)
	}
	if out := must(t, "start", at, "hello", "--wait"); out != `{"said":{"hello":"world"}}`+"\n" {
		t.Errorf("start --wait printed %q", out)
	}
	contains(t, "describe", must(t, "describe", at, "hello/first"), "execution", arn, "status     SUCCEEDED", `input      {"a":1}`, `output     {"a":1,"said":{"hello":"world"}}`)
	contains(t, "history", must(t, "history", at, arn), "ExecutionStarted", "PassStateEntered", "Hello", "PassStateExited", "ExecutionSucceeded")
	contains(t, "history", must(t, "history", at, "--reverse", arn), "ExecutionSucceeded", "ExecutionStarted")

	failed := command(t, "start", at, "no", "--wait")
	if failed.status != 1 {
		t.Errorf("start --wait of a failing execution has status %d", failed.status)
	}
	contains(t, "its errors", failed.err, "No", "entered", "ended as FAILED: NotToday: come back")

	must(t, "start", at, "hold", "--name=long")
	contains(t, "stop", must(t, "stop", at, "hold", "--error=Enough", "--cause=of it"), "stopped", "hold:long")
	contains(t, "describe", must(t, "describe", at, "hold"), "ABORTED", "Enough", "of it")
	contains(t, "list", must(t, "list", at, "hold", "--status=aborted"), "long", "ABORTED")
	contains(t, "list", must(t, "list", at, "hold", "--status=running"), "no executions")
	if status := server.stop(); status != 0 {
		t.Errorf("the server ended with status %d\n%s", status, server.err)
	}
}

func TestJSONForScripts(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory"), t.TempDir()
	at := "--endpoint=" + server.url
	read := func(v any, args ...string) {
		t.Helper()
		if err := json.Unmarshal([]byte(must(t, append(args, "--json", at)...)), v); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
	}
	var done []deployed
	if read(&done, "deploy", write(t, folder, "hello.json", passDefinition)); len(done) != 1 || done[0].Change != "created" || done[0].Name != "hello" {
		t.Errorf("deploy: %+v", done)
	}
	var started struct{ ExecutionArn string }
	if read(&started, "start", "hello", "--name=x"); !strings.HasSuffix(started.ExecutionArn, ":hello:x") {
		t.Errorf("start: %+v", started)
	}
	var execution struct{ Status, Output string }
	if read(&execution, "start", "hello", "--wait"); execution.Status != "SUCCEEDED" || execution.Output != `{"said":{"hello":"world"}}` {
		t.Errorf("start --wait: %+v", execution)
	}
	var executions []struct{ Name, Status string }
	if read(&executions, "list", "hello"); len(executions) != 2 || executions[1].Name != "x" {
		t.Errorf("list hello: %+v", executions)
	}
	var machines []struct{ Name, Type string }
	if read(&machines, "list"); len(machines) != 1 || machines[0].Type != "STANDARD" {
		t.Errorf("list: %+v", machines)
	}
	var events []struct {
		ID   int
		Type string
	}
	if read(&events, "history", "hello/x"); len(events) != 4 || events[3].Type != "ExecutionSucceeded" || events[3].ID != 4 {
		t.Errorf("history: %+v", events)
	}
	if read(&execution, "describe", "hello/x"); execution.Status != "SUCCEEDED" {
		t.Errorf("describe: %+v", execution)
	}
}

func TestTokens(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory"), t.TempDir()
	at, c := "--endpoint="+server.url, client.New(server.url)
	var activity struct{ ActivityArn string }
	if err := c.Call(t.Context(), "CreateActivity", map[string]string{"name": "approve"}, &activity); err != nil {
		t.Fatal(err)
	}
	must(t, "deploy", at, write(t, folder, "ask.json",
		`{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "`+activity.ActivityArn+`", "End": true}}}`))
	ask := func() (execution, token string) {
		execution = strings.TrimSpace(must(t, "start", at, "ask"))
		return execution, fetch(t, c, activity.ActivityArn)
	}
	status := func(arn string) string { return must(t, "describe", at, arn) }

	execution, token := ask()
	contains(t, "heartbeat", must(t, "token", "heartbeat", at, token), "the task lives")
	contains(t, "success", must(t, "token", "success", at, token, `--output={"ok":true}`), "the task has succeeded")
	contains(t, "describe", status(execution), "SUCCEEDED", `{"ok":true}`)

	execution, token = ask()
	contains(t, "failure", must(t, "token", "failure", at, "@"+write(t, folder, "token", token+"\n"), "--error=Denied", "--cause=no"), "the task has failed")
	contains(t, "describe", status(execution), "FAILED", "Denied", "no")

	if late := command(t, "token", "success", at, token); late.status != 1 || !strings.Contains(late.err, "TaskTimedOut") && !strings.Contains(late.err, "TaskDoesNotExist") {
		t.Errorf("a late answer: status %d, %s", late.status, late.err)
	}
	if forged := command(t, "token", "success", at, "rubbish"); forged.status != 1 || !strings.Contains(forged.err, "InvalidToken") {
		t.Errorf("a forged token: status %d, %s", forged.status, forged.err)
	}
}

// fetch takes a task from the queue of an activity.
func fetch(t *testing.T, c *client.Client, activity string) string {
	t.Helper()
	var task struct{ TaskToken string }
	if err := c.Call(context.Background(), "GetActivityTask", map[string]string{"activityArn": activity}, &task); err != nil || task.TaskToken == "" {
		t.Fatalf("GetActivityTask: %q, %v", task.TaskToken, err)
	}
	return task.TaskToken
}

func TestMistakes(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory"), t.TempDir()
	at := "--endpoint=" + server.url
	hello := write(t, folder, "hello.json", passDefinition)
	must(t, "deploy", at, hello)
	must(t, "deploy", at, hello, "--name=quick", "--type=express")
	write(t, folder, "project/fermata.yaml", "stateMachines:\n  orders: {definition: ../hello.json}\n")
	bad := write(t, folder, "bad.json", "{\n\"StartAt\": \"A\",\n\"States\": {\"A\": {\"Type\": \"Pass\",\n\"Next\": \"B\"}}}")
	lost := write(t, folder, "lost.json", `{"StartAt": "A", "States": {
"A": {"Type": "Task", "Next": "B", "Parameters": {},
"Resource": "arn:aws:states:::aws-sdk:s3:getThing"}, "B": {"Type": "Task", "End": true, "Parameters": {},
"Resource": "arn:aws:states:::aws-sdk:s3:getThings"}}}`)
	must(t, "start", at, "hello", "--name=taken", "--wait")
	tests := []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"unknown command", []string{"sing"}, 2, `unknown command "sing" for "fermata"; fermata --help lists the commands`},
		{"misspelt command", []string{"strat"}, 2, `unknown command "strat" for "fermata" (did you mean start?)`},
		{"help for what is not there", []string{"help", "sing"}, 2, `unknown command "sing" for "fermata"`},
		{"unknown workload", []string{"bench", "nope"}, 2, `there is no workload "nope"; usage: fermata bench one|`},
		{"workload", []string{"bench"}, 2, "one|seq|fanout|sleep|express|map|recover is missing; usage: fermata bench one|"},
		{"size of a workload", []string{"bench", "one", "-n", "0", "--concurrency=-1", "--payload=5"}, 2,
			"--executions is 0; it must be at least 1\n--concurrency is -1; it must be at least 1\n--payload is 5; it must be at least 32"},
		{"who works", []string{"bench", "one", "--tasks=me"}, 2, `--tasks is "me"; there are inprocess, http, lambda`},
		{"no number", []string{"list", at, "hello", "--limit=many"}, 2, `--limit is "many"; it must be a whole number; see fermata list --help`},
		{"too large a number", []string{"list", at, "hello", "--limit=99999999999999999999"}, 2, "--limit is 99999999999999999999, which is too large"},
		{"neither true nor false", []string{"list", at, "--json=maybe"}, 2, `--json is "maybe"; it must be true or false`},
		{"two arguments", []string{"start", at, "hello", "there"}, 2, `"there" is one argument too many; usage: fermata start MACHINE`},
		{"an argument for none", []string{"version", "7"}, 2, `"7" is an argument, and fermata version takes none; usage: fermata version`},
		{"wait or not", []string{"start", at, "quick", "--wait", "--async"}, 2, "--wait and --async contradict each other"},
		{"test case without mocks", []string{"start", at, "hello#Slow"}, 1, "#Slow asks for a test case, for which the server needs --mock-config"},
		{"account", []string{"deploy", at, "--account=7", hello}, 2, `--account: "7" is not an account; it must have 12 digits`},
		{"region", []string{"deploy", at, "--region=A", hello}, 2, `--region: "A" is not a region such as us-east-1`},
		{"no tests there", []string{"test", folder + "/none"}, 1, "there is no such file or folder; name a test file, or a folder with some"},
		{"level", []string{"test-state", "--level=loud", "--validation=some", hello}, 2,
			`--level is "loud"; there are info, debug, trace` + "\n" + `--validation is "some"; there are strict, present, none`},
		{"a state of a state", []string{"test-state", "--state=A", write(t, folder, "state.json", `{"Type": "Succeed"}`)}, 2, "is a state; leave --state out"},
		{"two mocks", []string{"test-state", "--result={}", "--error=E", hello}, 2, "--result and --error are two mocks; leave one of them out"},
		{"a cause of nothing", []string{"test-state", "--cause=c", hello}, 2, "--cause is that of an error; name it with --error"},
		{"without a mock", []string{"test-state", "--retries=1", "--context={}", hello}, 2,
			"--context goes with a mock; add --result or --error\n--retries goes with a mock; add --result or --error"},
		{"unknown level", []string{"run", "x.json", "--log-level=loud"}, 2, "there are debug, info, warn and error"},
		{"unknown flag", []string{"list", "--loud"}, 2, "unknown flag: --loud; see fermata list --help"},
		{"arguments", []string{"start"}, 2, "MACHINE is missing; usage: fermata start MACHINE"},
		{"unknown machine", []string{"start", at, "helo"}, 1, `no state machine "helo"`},
		{"unknown machine, the others", []string{"start", at, "helo"}, 1, "there are hello"},
		{"unknown ARN", []string{"describe", at, "arn:aws:states:us-east-1:123456789012:stateMachine:helo"}, 1, "'fermata list' shows the state machines"},
		{"unknown execution", []string{"describe", at, "hello/none"}, 1, "'fermata list MACHINE' shows the executions of a state machine"},
		{"no execution", []string{"describe", at, "quick"}, 1, "has no execution"},
		{"input", []string{"start", at, "hello", "--input", "{id: 7}"}, 2, "--input is not JSON"},
		{"input file", []string{"start", at, "hello", "--input", "@nowhere.json"}, 1, "nowhere.json"},
		{"no server", []string{"list", "--endpoint", "127.0.0.1:1"}, 1, "no Fermata server answers at http://127.0.0.1:1"},
		{"faulty definition", []string{"deploy", at, bad}, 1, "bad.json:4:1: error MISSING_TRANSITION_TARGET"},
		{"unknown operations", []string{"deploy", at, lost}, 1, "lost.json:3:1: error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:s3:getThing is not recognized."},
		{"all unknown operations", []string{"run", lost}, 1, "lost.json:4:1: error"},
		{"type change", []string{"deploy", at, "--type=EXPRESS", hello}, 1, "a type cannot change"},
		{"type", []string{"deploy", at, "--type=fast", hello}, 2, `--type is "fast"; it must be STANDARD or EXPRESS`},
		{"role", []string{"deploy", at, "--role=me", hello}, 2, `--role: "me" is not the ARN of a role`},
		{"name", []string{"deploy", at, "--name=a b", hello}, 1, "a name has 1 to 80 characters"},
		{"name of a project", []string{"deploy", at, "--name=a", folder + "/project"}, 2, "--name is for a definition file"},
		{"nothing there", []string{"deploy", at, folder + "/none"}, 1, "there is no such file or folder; name a definition file"},
		{"no project there", []string{"dev", folder + "/none"}, 1, "there is no such file or folder; name the folder of a fermata.yaml"},
		{"no project there for a server", []string{"server", "--project", folder + "/none"}, 1, "there is no such file or folder; name the folder of a fermata.yaml"},
		{"machine of a file", []string{"run", "--machine=hello", hello}, 2, "--machine chooses a state machine of a project"},
		{"state of a machine", []string{"test-state", hello}, 2, "name the state to test with --state"},
		{"one of two files", []string{"validate", folder + "/none", bad}, 1, "there is no such file"},
		{"no name", []string{"start", at, ""}, 1, "the name of the state machine is empty"},
		{"taken name", []string{"start", at, "hello", "--name=taken", "--input=1"}, 1, "take another name"},
		{"test case of an Express machine", []string{"start", at, "quick#case"}, 1, "quick#case"},
		{"status", []string{"list", at, "hello", "--status=gone"}, 2, `--status is "gone"; there are running, succeeded`},
		{"limit", []string{"list", at, "hello", "--limit=0"}, 2, "--limit is 0; it must be at least 1"},
		{"status of nothing", []string{"list", at, "--status=running"}, 2, "name the state machine"},
		{"token file", []string{"token", "heartbeat", at, "@" + folder + "/none"}, 1, "TOKEN: "},
		{"empty token", []string{"token", "heartbeat", at, " "}, 2, "TOKEN is empty"},
		{"unknown answer", []string{"token", "nope"}, 2, "unknown command"},
		{"unknown shell", []string{"completion", "nosh"}, 2, "unknown command"},
		{"no URL", []string{"list", "--endpoint", "ftp://x"}, 2, `--endpoint: "ftp://x" is not a URL such as http`},
		{"empty URL", []string{"list", "--endpoint", ""}, 2, `--endpoint: "" is not a URL`},
		{"no project", []string{"deploy", at, t.TempDir()}, 1, "no project file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := command(t, test.args...)
			if r.status != test.status || !strings.Contains(r.err, test.want) {
				t.Errorf("status %d, want %d; errors, which should have %q:\n%s", r.status, test.status, test.want, r.err)
			}
		})
	}
}

// TestWhatHasEnded stays as it ended, and whoever stops it or takes it up is told.
func TestWhatHasEnded(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory"), t.TempDir()
	at := "--endpoint=" + server.url
	must(t, "deploy", at, write(t, folder, "hello.json", passDefinition))
	must(t, "start", at, "hello", "--wait")
	contains(t, "stop", must(t, "stop", at, "hello"), "had ended already as SUCCEEDED")
	contains(t, "stop --json", must(t, "stop", "--json", at, "hello"), `"status": "SUCCEEDED"`)
	contains(t, "resume", must(t, "resume", at, "hello"), "has ended as SUCCEEDED")
	must(t, "deploy", at, "--name=hold", write(t, folder, "hold.json", waitDefinition))
	must(t, "start", at, "hold")
	contains(t, "resume", must(t, "resume", at, "hold"), "goes on")
	contains(t, "stop", must(t, "stop", at, "hold"), "stopped")
	contains(t, "redrive", must(t, "redrive", at, "hold"), "goes on")
	contains(t, "stop", must(t, "stop", at, "hold", "--json"), `"status": "ABORTED"`)
	if r := command(t, "redrive", at, "hello"); r.status != 1 || !strings.Contains(r.err, "ExecutionNotRedrivable") {
		t.Errorf("redrive of one that succeeded: status %d, %s", r.status, r.err)
	}
}

// TestDelete frees the name of a machine, at once where no execution runs, or where
// those that run are stopped.
func TestDelete(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory"), t.TempDir()
	at := "--endpoint=" + server.url
	hold := write(t, folder, "hold.json", waitDefinition)
	must(t, "deploy", at, hold)
	must(t, "start", at, "hold")
	for range 2 {
		contains(t, "delete", must(t, "delete", at, "hold"), "deleting", "stateMachine:hold", "--stop-executions")
	}
	contains(t, "list", must(t, "list", at, "hold"), "RUNNING")
	contains(t, "list", must(t, "list", at), "hold", "DELETING")
	if r := command(t, "start", at, "hold"); r.status != 1 || !strings.Contains(r.err, "StateMachineDeleting") {
		t.Errorf("start of one that is being deleted: status %d, %s", r.status, r.err)
	}
	contains(t, "delete", must(t, "delete", at, "hold", "--stop-executions"), "deleted", "stateMachine:hold")
	if r := command(t, "delete", at, "none"); r.status != 1 || !strings.Contains(r.err, `no state machine "none"`) {
		t.Errorf("delete of none: status %d, %s", r.status, r.err)
	}
	must(t, "deploy", at, hold, "--name=other")
	contains(t, "delete --json", must(t, "delete", at, "other", "--json"), "stateMachineArn", "other")
	contains(t, "list", must(t, "list", at, "--json"), "[")
	if out := must(t, "list", at, "--json"); strings.Contains(out, "other") {
		t.Errorf("it is still there: %s", out)
	}
}

// TestValidateReadsAll files, also where one of them is not there.
func TestValidateReadsAll(t *testing.T) {
	folder := t.TempDir()
	good, bad := write(t, folder, "good.json", passDefinition), write(t, folder, "bad.json", "{}")
	r := command(t, "validate", good, folder+"/none", bad)
	if r.status != 1 {
		t.Errorf("status %d", r.status)
	}
	contains(t, "validate", r.out, "good.json: ok", "bad.json:1:1: error SCHEMA_VALIDATION_FAILED")
}

func TestExpress(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory"), t.TempDir()
	at := "--endpoint=" + server.url
	must(t, "deploy", at, "--type=express", write(t, folder, "quick.json", passDefinition))
	if out := must(t, "start", at, "quick"); out != `{"said":{"hello":"world"}}`+"\n" {
		t.Errorf("start printed %q", out)
	}
}

func TestAWSLimits(t *testing.T) {
	server, folder := serve(t, "server", "--store=memory", "--limits=aws"), t.TempDir()
	at := "--endpoint=" + server.url
	must(t, "deploy", at, write(t, folder, "hello.json", passDefinition))
	fits := `"` + strings.Repeat("x", 262_144-2) + `"`
	long := `"` + strings.Repeat("x", 262_144-1) + `"`
	must(t, "deploy", at, "--name=echo", write(t, folder, "echo.json", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`))
	must(t, "start", at, "echo", "--wait", "--input", fits)
	if r := command(t, "start", at, "echo", "--wait", "--input", long); r.status != 1 {
		t.Errorf("an input over AWS's limit: status %d", r.status)
	}
	var refused *client.Error
	err := client.New(server.url).Call(t.Context(), "StartExecution", map[string]string{"input": strings.Repeat("x", 1<<20)}, nil)
	if !errors.As(err, &refused) || refused.Code != "RequestEntityTooLargeException" {
		t.Errorf("a request over AWS's limit: %v", err)
	}
	wide := serve(t, "server", "--store=memory")
	must(t, "deploy", "--endpoint="+wide.url, folder+"/echo.json")
	must(t, "start", "--endpoint="+wide.url, "echo", "--wait", "--input", long)
}

func TestVersionsSurviveARestart(t *testing.T) {
	store, folder := t.TempDir(), t.TempDir()
	server := serve(t, "server", "--store", store)
	at, c := "--endpoint="+server.url, client.New(server.url)
	must(t, "deploy", at, write(t, folder, "hello.json", passDefinition))
	arn := "arn:aws:states:us-east-1:123456789012:stateMachine:hello"
	call := func(operation string, in any) {
		t.Helper()
		if err := c.Call(t.Context(), operation, in, nil); err != nil {
			t.Fatal(err)
		}
	}
	call("PublishStateMachineVersion", map[string]any{"stateMachineArn": arn})
	call("CreateStateMachineAlias", map[string]any{"name": "PROD", "routingConfiguration": []any{map[string]any{"stateMachineVersionArn": arn + ":1", "weight": 100}}})
	must(t, "start", at, "hello:PROD", "--name=before", "--wait")
	server.stop()

	server = serve(t, "server", "--store", store)
	at = "--endpoint=" + server.url
	must(t, "deploy", at, "--name=hello", write(t, folder, "fail.json", failDefinition))
	must(t, "start", at, "hello:1", "--name=after", "--wait")
	for machine, want := range map[string][]string{"hello:PROD": {"before"}, "hello:1": {"after", "before"}} {
		contains(t, machine, must(t, "list", at, machine), want...)
	}
	if out := must(t, "list", at, "hello:PROD"); strings.Contains(out, "after") {
		t.Errorf("an execution of the version is listed under the alias:\n%s", out)
	}
}

func TestKeysAreIgnoredOnDemand(t *testing.T) {
	activity := map[string]any{"name": "a", "encryptionConfiguration": map[string]any{"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/k"}}
	for flag, refused := range map[string]bool{"--log-format=text": true, "--insecure-ignore-kms": false} {
		server := serve(t, "server", "--store=memory", flag)
		err := client.New(server.url).Call(t.Context(), "CreateActivity", activity, nil)
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "--insecure-ignore-kms") {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

func TestCompletionAndVersion(t *testing.T) {
	contains(t, "completion", must(t, "completion", "bash"), "bash completion", "fermata")
	contains(t, "version", must(t, "version"), "fermata ", "go1.")
	contains(t, "help", must(t), "fermata dev", "server", "start", "token")
}

// TestServerOfAProjectThatIsBeingDeleted: a server starts although a state machine of
// its project is being deleted, for the executions could not end without it.
func TestServerOfAProjectThatIsBeingDeleted(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "hold.json", waitDefinition)
	write(t, folder, "fermata.yaml", "stateMachines:\n  hold:\n    definition: hold.json\n")
	args := []string{"server", "--store=" + filepath.Join(folder, "store"), "--project=" + folder}
	first := serve(t, args...)
	at := "--endpoint=" + first.url
	must(t, "start", at, "hold", "--name=x")
	must(t, "delete", at, "hold")
	if r := command(t, "deploy", at, folder); r.status != 1 || !strings.Contains(r.err, "state machine hold was not deployed: StateMachineDeleting") || !strings.Contains(r.err, "--stop-executions") {
		t.Errorf("deploy: status %d, %s", r.status, r.err)
	}
	first.stop()
	second := serve(t, args...)
	contains(t, "the log of the server", second.err.String(), "state machine hold was not deployed: StateMachineDeleting")
	contains(t, "delete", must(t, "delete", "--endpoint="+second.url, "hold", "--stop-executions"), "deleted")
}
