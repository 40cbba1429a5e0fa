package client

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// Time is a point in time as AWS JSON writes it: seconds with a fraction.
type Time struct{ time.Time }

// UnmarshalJSON reads the number.
func (t *Time) UnmarshalJSON(text []byte) error {
	var seconds float64
	if err := json.Unmarshal(text, &seconds); err != nil {
		return err
	}
	t.Time = time.UnixMilli(int64(seconds*1000 + 0.5)).UTC()
	return nil
}

// MarshalJSON writes RFC 3339, for people and scripts.
func (t Time) MarshalJSON() ([]byte, error) { return json.Marshal(t.Time) }

// Machine is a state machine.
type Machine struct {
	ARN        string `json:"stateMachineArn"`
	Name       string `json:"name"`
	Type       string `json:"type"`
	Status     string `json:"status,omitempty"`
	Definition string `json:"definition,omitempty"`
	RoleARN    string `json:"roleArn,omitempty"`
	RevisionID string `json:"revisionId,omitempty"`
	Created    Time   `json:"creationDate"`
}

// Execution is one execution; listings have no input and output.
type Execution struct {
	ARN     string  `json:"executionArn"`
	Machine string  `json:"stateMachineArn"`
	Name    string  `json:"name"`
	Status  string  `json:"status"`
	Started Time    `json:"startDate"`
	Stopped *Time   `json:"stopDate,omitempty"`
	Input   *string `json:"input,omitempty"`
	Output  *string `json:"output,omitempty"`
	Error   *string `json:"error,omitempty"`
	Cause   *string `json:"cause,omitempty"`
	// Incident says what has stopped the execution, which is open, or is empty. Other
	// servers than Fermata's do not tell.
	Incident string `json:"incident,omitempty"`
}

// Open reports whether the execution has not ended.
func (e *Execution) Open() bool { return e.Status == "RUNNING" || e.Status == "PENDING_REDRIVE" }

// Server is what the server says of itself.
type Server struct {
	Version string `json:"version"`
	Account string `json:"account"`
	Region  string `json:"region"`
	Store   string `json:"store"`
}

// Server asks a Fermata server what it is. Other servers answer with an error.
func (c *Client) Server(ctx context.Context) (*Server, error) {
	var s Server
	if err := c.get(ctx, "/fermata/v1/server", &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// object is the input of an operation.
type object = map[string]any

// Machines lists all state machines. Other servers than Fermata's give no status.
func (c *Client) Machines(ctx context.Context) ([]Machine, error) {
	all := []Machine{}
	for token := ""; ; {
		var page struct {
			Machines []Machine `json:"stateMachines"`
			Next     string    `json:"nextToken"`
		}
		in := paged(object{"maxResults": 1000}, token)
		if err := c.look(ctx, ownMachines+"?"+query(in), "ListStateMachines", in, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Machines...)
		if token = page.Next; token == "" {
			return all, nil
		}
	}
}

func paged(in object, token string) object {
	if token != "" {
		in["nextToken"] = token
	}
	return in
}

// CreateMachine creates a state machine and answers with its ARN.
func (c *Client) CreateMachine(ctx context.Context, name, kind, definition, role string) (string, error) {
	var out struct {
		ARN string `json:"stateMachineArn"`
	}
	in := object{"name": name, "type": kind, "definition": definition, "roleArn": role}
	return out.ARN, c.Call(ctx, "CreateStateMachine", in, &out)
}

// UpdateMachine gives a state machine another definition and role.
func (c *Client) UpdateMachine(ctx context.Context, arn, definition, role string) error {
	return c.Call(ctx, "UpdateStateMachine", object{"stateMachineArn": arn, "definition": definition, "roleArn": role}, nil)
}

// DeleteMachine begins to delete a state machine; its executions fail at their next
// transition first.
func (c *Client) DeleteMachine(ctx context.Context, arn string) error {
	return c.Call(ctx, "DeleteStateMachine", object{"stateMachineArn": arn}, nil)
}

// Machine describes a state machine.
func (c *Client) Machine(ctx context.Context, arn string) (*Machine, error) {
	var m Machine
	return &m, c.Call(ctx, "DescribeStateMachine", object{"stateMachineArn": arn}, &m)
}

// Start starts an execution and answers with its ARN; an empty name lets the
// server make one.
func (c *Client) Start(ctx context.Context, machine, name, input string) (string, error) {
	in := object{"stateMachineArn": machine, "input": input}
	if name != "" {
		in["name"] = name
	}
	var out struct {
		ARN string `json:"executionArn"`
	}
	return out.ARN, c.Call(ctx, "StartExecution", in, &out)
}

// StartSync runs an Express execution to its end.
func (c *Client) StartSync(ctx context.Context, machine, name, input string) (*Execution, error) {
	in := object{"stateMachineArn": machine, "input": input}
	if name != "" {
		in["name"] = name
	}
	var e Execution
	return &e, c.Call(ctx, "StartSyncExecution", in, &e)
}

// Execution describes an execution.
func (c *Client) Execution(ctx context.Context, arn string) (*Execution, error) {
	var e Execution
	path := ownExecutions + "/" + url.PathEscape(arn)
	if isExpress(arn) { // which AWS's operation refuses
		return &e, c.get(ctx, path, &e)
	}
	return &e, c.look(ctx, path, "DescribeExecution", object{"executionArn": arn}, &e)
}

// Executions lists up to limit executions of a state machine, newest first;
// status selects one status, empty all of them.
func (c *Client) Executions(ctx context.Context, machine, status string, limit int) ([]Execution, error) {
	all := []Execution{}
	for token := ""; len(all) < limit; {
		in := object{"stateMachineArn": machine, "maxResults": min(limit-len(all), 1000)}
		if status != "" {
			in["statusFilter"] = strings.ToUpper(status)
		}
		var page struct {
			Executions []Execution `json:"executions"`
			Next       string      `json:"nextToken"`
		}
		in = paged(in, token)
		if err := c.look(ctx, ownExecutions+"?"+query(in), "ListExecutions", in, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Executions...)
		if token = page.Next; token == "" {
			break
		}
	}
	return all, nil
}

// Stop aborts an execution; empty texts are left out.
func (c *Client) Stop(ctx context.Context, arn, name, cause string) error {
	in := object{"executionArn": arn}
	addTexts(in, "error", name, "cause", cause)
	if isExpress(arn) {
		return c.post(ctx, ownExecutions+"/stop", "stop", in, nil)
	}
	return c.Call(ctx, "StopExecution", in, nil)
}

// stopPage is how many executions StopAll lists at once.
const stopPage = 1000

// StopAll aborts the executions of a state machine that run, until none does or the
// others cannot be stopped, and the error says why; it answers how many that were. One
// that is gone has none.
func (c *Client) StopAll(ctx context.Context, machine string) (stopped int, err error) {
	for {
		page, err := c.Executions(ctx, machine, "RUNNING", stopPage)
		if IsCode(err, "StateMachineDoesNotExist") {
			return stopped, nil
		}
		if err != nil || len(page) == 0 {
			return stopped, err
		}
		n, err := c.stopEach(ctx, page)
		stopped += n
		if n == 0 && err != nil {
			return stopped, err
		}
	}
}

// stopEach aborts executions. The error is that of the first that could not be stopped.
func (c *Client) stopEach(ctx context.Context, all []Execution) (stopped int, failed error) {
	for _, e := range all {
		switch err := c.Stop(ctx, e.ARN, "", ""); {
		case IsCode(err, "ExecutionDoesNotExist"): // it was the last, or somebody else stopped that
		case err == nil:
			stopped++
		case failed == nil:
			failed = err
		}
	}
	return stopped, failed
}

// Redrive lets an execution that failed or was stopped go on where it ended.
func (c *Client) Redrive(ctx context.Context, arn string) error {
	return c.Call(ctx, "RedriveExecution", object{"executionArn": arn}, nil)
}

// Resume takes up an execution that an incident has stopped.
func (c *Client) Resume(ctx context.Context, arn string) error {
	return c.post(ctx, ownExecutions+"/resume", "resume", object{"executionArn": arn}, nil)
}

// TaskSuccess ends the task of a token with an output, which is JSON text.
func (c *Client) TaskSuccess(ctx context.Context, token, output string) error {
	return c.Call(ctx, "SendTaskSuccess", object{"taskToken": token, "output": output}, nil)
}

// TaskFailure fails the task of a token; empty texts are left out.
func (c *Client) TaskFailure(ctx context.Context, token, name, cause string) error {
	in := object{"taskToken": token}
	addTexts(in, "error", name, "cause", cause)
	return c.Call(ctx, "SendTaskFailure", in, nil)
}

// TaskHeartbeat says that the task of a token is alive.
func (c *Client) TaskHeartbeat(ctx context.Context, token string) error {
	return c.Call(ctx, "SendTaskHeartbeat", object{"taskToken": token}, nil)
}

// addTexts adds pairs of name and text, but not the empty texts.
func addTexts(in object, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			in[pairs[i]] = pairs[i+1]
		}
	}
}
