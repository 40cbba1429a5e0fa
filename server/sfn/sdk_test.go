package sfn

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/fermata-dev/fermata/internal/seen"
)

// sdk is AWS's own client, whose every request reaches the server, also those to
// "sync-<host>".
type sdk struct {
	*sfn.Client
	w *world

	mu    sync.Mutex // guards all below
	hosts []string   // that it has asked for
	used  []string   // operations that went well
}

func newSDK(t *testing.T) *sdk {
	t.Helper()
	c := &sdk{w: newWorld(t)}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}}
	t.Cleanup(transport.CloseIdleConnections)
	c.Client = sfn.New(sfn.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://fermata.test:8083"),
		HTTPClient:   &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
		RetryMaxAttempts: 1,
	})
	return c
}

// ServeHTTP notes what the client asks for.
func (c *sdk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	noted := &status{ResponseWriter: w}
	c.w.ServeHTTP(noted, r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hosts = append(c.hosts, r.Host)
	if noted.code == http.StatusOK {
		c.used = append(c.used, strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix))
	}
}

// status remembers the status of an answer.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// TestSDK uses every operation of docs/api.md with AWS's client for Go.
func TestSDK(t *testing.T) {
	var used []string
	for name, use := range map[string]func(*testing.T, *sdk){
		"machines": sdkMachines, "versions": sdkVersions, "aliases": sdkAliases,
		"executions": sdkExecutions, "synchronous": sdkSyncExecution, "activities": sdkActivities, "states": sdkTestState, "redrive": sdkRedrive,
		"map runs": sdkMapRuns,
	} {
		t.Run(name, func(t *testing.T) {
			c := newSDK(t)
			use(t, c)
			used = append(used, c.used...)
		})
	}
	seen.Check(t, seen.GoSDK, used)
}

func no(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sdkMachines(t *testing.T, c *sdk) {
	ctx := t.Context()
	created, err := c.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("m"), Definition: aws.String(passes), RoleArn: aws.String(roleARN), Type: types.StateMachineTypeStandard,
		LoggingConfiguration: &types.LoggingConfiguration{Level: types.LogLevelAll, IncludeExecutionData: true, Destinations: []types.LogDestination{
			{CloudWatchLogsLogGroup: &types.CloudWatchLogsLogGroup{LogGroupArn: aws.String("arn:aws:logs:us-east-1:1:log-group:g:*")}},
		}},
		EncryptionConfiguration: &types.EncryptionConfiguration{Type: types.EncryptionTypeAwsOwnedKey},
		Tags:                    []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	})
	no(t, err)
	if age := time.Since(*created.CreationDate); age < -time.Second || age > time.Minute {
		t.Errorf("created %v ago", age)
	}
	d, err := c.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineArn})
	no(t, err)
	if *d.Definition != passes || d.Status != types.StateMachineStatusActive || d.LoggingConfiguration.Level != types.LogLevelAll ||
		len(d.LoggingConfiguration.Destinations) != 1 || d.EncryptionConfiguration.Type != types.EncryptionTypeAwsOwnedKey {
		t.Errorf("got %+v", d)
	}
	updated, err := c.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: created.StateMachineArn, Definition: aws.String(waits)})
	no(t, err)
	if updated.RevisionId == nil || updated.UpdateDate == nil {
		t.Errorf("got %+v", updated)
	}
	machines, err := c.ListStateMachines(ctx, &sfn.ListStateMachinesInput{MaxResults: 10})
	no(t, err)
	if len(machines.StateMachines) != 1 || *machines.StateMachines[0].StateMachineArn != *created.StateMachineArn {
		t.Errorf("got %+v", machines)
	}
	_, err = c.TagResource(ctx, &sfn.TagResourceInput{ResourceArn: created.StateMachineArn, Tags: []types.Tag{{Key: aws.String("l"), Value: aws.String("w")}}})
	no(t, err)
	_, err = c.UntagResource(ctx, &sfn.UntagResourceInput{ResourceArn: created.StateMachineArn, TagKeys: []string{"k"}})
	no(t, err)
	tags, err := c.ListTagsForResource(ctx, &sfn.ListTagsForResourceInput{ResourceArn: created.StateMachineArn})
	no(t, err)
	if len(tags.Tags) != 1 || *tags.Tags[0].Key != "l" {
		t.Errorf("got %+v", tags)
	}
	valid, err := c.ValidateStateMachineDefinition(ctx, &sfn.ValidateStateMachineDefinitionInput{Definition: aws.String("{}")})
	no(t, err)
	if valid.Result != types.ValidateStateMachineDefinitionResultCodeFail || len(valid.Diagnostics) == 0 {
		t.Errorf("got %+v", valid)
	}
	_, err = c.DeleteStateMachine(ctx, &sfn.DeleteStateMachineInput{StateMachineArn: created.StateMachineArn})
	no(t, err)
	_, err = c.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineArn})
	var gone *types.StateMachineDoesNotExist
	if !errors.As(err, &gone) || !strings.Contains(gone.ErrorMessage(), *created.StateMachineArn) {
		t.Errorf("got %v", err)
	}
}

func sdkVersions(t *testing.T, c *sdk) {
	ctx := t.Context()
	created, err := c.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("m"), Definition: aws.String(passes), RoleArn: aws.String(roleARN), Publish: true, VersionDescription: aws.String("first"),
	})
	no(t, err)
	first, err := c.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineVersionArn})
	no(t, err)
	if *first.StateMachineArn != *created.StateMachineArn+":1" || *first.Description != "first" {
		t.Errorf("got %+v", first)
	}
	updated, err := c.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: created.StateMachineArn, Definition: aws.String(waits)})
	no(t, err)
	second, err := c.PublishStateMachineVersion(ctx, &sfn.PublishStateMachineVersionInput{StateMachineArn: created.StateMachineArn, RevisionId: updated.RevisionId})
	no(t, err)
	_, err = c.PublishStateMachineVersion(ctx, &sfn.PublishStateMachineVersionInput{StateMachineArn: created.StateMachineArn, RevisionId: aws.String("INITIAL")})
	var conflict *types.ConflictException
	if !errors.As(err, &conflict) {
		t.Errorf("got %v", err)
	}
	all, err := c.ListStateMachineVersions(ctx, &sfn.ListStateMachineVersionsInput{StateMachineArn: created.StateMachineArn})
	no(t, err)
	if len(all.StateMachineVersions) != 2 || *all.StateMachineVersions[0].StateMachineVersionArn != *second.StateMachineVersionArn {
		t.Errorf("got %+v", all)
	}
	_, err = c.DeleteStateMachineVersion(ctx, &sfn.DeleteStateMachineVersionInput{StateMachineVersionArn: second.StateMachineVersionArn})
	no(t, err)
}

func sdkAliases(t *testing.T, c *sdk) {
	ctx := t.Context()
	arn := c.w.versioned("m")
	route := func(version string, weight int32) types.RoutingConfigurationListItem {
		return types.RoutingConfigurationListItem{StateMachineVersionArn: aws.String(arn + ":" + version), Weight: weight}
	}
	created, err := c.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{
		Name: aws.String("TEST"), RoutingConfiguration: []types.RoutingConfigurationListItem{route("2", 100)},
	})
	no(t, err)
	_, err = c.UpdateStateMachineAlias(ctx, &sfn.UpdateStateMachineAliasInput{
		StateMachineAliasArn: created.StateMachineAliasArn, RoutingConfiguration: []types.RoutingConfigurationListItem{route("1", 100), route("2", 0)},
	})
	no(t, err)
	d, err := c.DescribeStateMachineAlias(ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: created.StateMachineAliasArn})
	no(t, err)
	if len(d.RoutingConfiguration) != 2 || d.RoutingConfiguration[0].Weight != 100 || !d.CreationDate.Equal(*created.CreationDate) || d.UpdateDate.Before(*d.CreationDate) {
		t.Errorf("got %+v", d)
	}
	all, err := c.ListStateMachineAliases(ctx, &sfn.ListStateMachineAliasesInput{StateMachineArn: aws.String(arn)})
	no(t, err)
	if len(all.StateMachineAliases) != 2 {
		t.Errorf("got %+v", all)
	}
	started, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: created.StateMachineAliasArn})
	no(t, err)
	e, err := c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
	no(t, err)
	if *e.StateMachineAliasArn != *created.StateMachineAliasArn || *e.StateMachineVersionArn != arn+":1" || *e.StateMachineArn != arn {
		t.Errorf("got %+v", e)
	}
	_, err = c.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{
		Name: aws.String("A"), RoutingConfiguration: []types.RoutingConfigurationListItem{route("1", 99)},
	})
	var invalid *types.ValidationException
	if !errors.As(err, &invalid) || invalid.Reason != types.ValidationExceptionReasonInvalidRoutingConfiguration {
		t.Errorf("got %v", err)
	}
	_, err = c.DeleteStateMachineAlias(ctx, &sfn.DeleteStateMachineAliasInput{StateMachineAliasArn: created.StateMachineAliasArn})
	no(t, err)
}

func sdkExecutions(t *testing.T, c *sdk) {
	w := c.w
	ctx := t.Context()
	arn := aws.String(w.machine("m", waits, "STANDARD"))
	started, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: arn, Name: aws.String("n"), Input: aws.String(`{}`)})
	no(t, err)
	d, err := c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
	no(t, err)
	if d.Status != types.ExecutionStatusRunning || !d.StartDate.Equal(*started.StartDate) || d.StopDate != nil || d.Output != nil {
		t.Errorf("got %+v", d)
	}
	machine, err := c.DescribeStateMachineForExecution(ctx, &sfn.DescribeStateMachineForExecutionInput{ExecutionArn: started.ExecutionArn})
	no(t, err)
	if *machine.StateMachineArn != *arn {
		t.Errorf("got %+v", machine)
	}
	stopped, err := c.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: started.ExecutionArn, Error: aws.String("E")})
	no(t, err)
	listed, err := c.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: arn, StatusFilter: types.ExecutionStatusAborted})
	no(t, err)
	if len(listed.Executions) != 1 || !listed.Executions[0].StopDate.Equal(*stopped.StopDate) {
		t.Errorf("got %+v", listed)
	}
	history, err := c.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: started.ExecutionArn, ReverseOrder: true})
	no(t, err)
	if len(history.Events) != 3 || history.Events[0].Type != types.HistoryEventTypeExecutionAborted || *history.Events[0].ExecutionAbortedEventDetails.Error != "E" {
		t.Errorf("got %+v", history.Events)
	}
	_, err = c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: arn, Input: aws.String(`nonsense`)})
	var invalid *types.InvalidExecutionInput
	if !errors.As(err, &invalid) || !strings.Contains(invalid.ErrorMessage(), "Unrecognized token 'nonsense'") {
		t.Errorf("got %v", err)
	}
}

func sdkSyncExecution(t *testing.T, c *sdk) {
	arn := aws.String(c.w.machine("x", passes, "EXPRESS"))
	out, err := c.StartSyncExecution(t.Context(), &sfn.StartSyncExecutionInput{StateMachineArn: arn})
	no(t, err)
	if out.Status != types.SyncExecutionStatusSucceeded || *out.Output != `{"done":true}` || out.BillingDetails.BilledMemoryUsedInMB != 64 || out.StopDate.Before(*out.StartDate) {
		t.Errorf("got %+v", out)
	}
	if host := c.hosts[len(c.hosts)-1]; host != "sync-fermata.test:8083" {
		t.Errorf("the client asked for the host %q", host)
	}
}

func sdkActivities(t *testing.T, c *sdk) {
	w := c.w
	ctx := t.Context()
	created, err := c.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("work")})
	no(t, err)
	arn := created.ActivityArn
	d, err := c.DescribeActivity(ctx, &sfn.DescribeActivityInput{ActivityArn: arn})
	no(t, err)
	all, err := c.ListActivities(ctx, &sfn.ListActivitiesInput{})
	no(t, err)
	if *d.Name != "work" || len(all.Activities) != 1 {
		t.Errorf("got %+v, %+v", d, all)
	}
	empty, err := c.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: arn})
	no(t, err)
	if empty.TaskToken != nil {
		t.Errorf("got %+v", empty)
	}
	machine := w.machine("m", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+*arn+`","End":true}}}`, "STANDARD")
	for _, fail := range []bool{false, true} {
		execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine})["executionArn"].(string)
		task := &sfn.GetActivityTaskOutput{}
		for i := 0; task.TaskToken == nil && i < 100; i++ {
			task, err = c.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: arn, WorkerName: aws.String("me")})
			no(t, err)
		}
		_, err = c.SendTaskHeartbeat(ctx, &sfn.SendTaskHeartbeatInput{TaskToken: task.TaskToken})
		no(t, err)
		if fail {
			_, err = c.SendTaskFailure(ctx, &sfn.SendTaskFailureInput{TaskToken: task.TaskToken, Error: aws.String("E"), Cause: aws.String("C")})
		} else {
			_, err = c.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String("1")})
		}
		no(t, err)
		if got := w.ended(execution); (got["error"] == "E") != fail {
			t.Errorf("got %v", got)
		}
	}
	_, err = c.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: aws.String("none"), Output: aws.String("1")})
	var invalid *types.InvalidToken
	if !errors.As(err, &invalid) {
		t.Errorf("got %v", err)
	}
	_, err = c.DeleteActivity(ctx, &sfn.DeleteActivityInput{ActivityArn: arn})
	no(t, err)
}
