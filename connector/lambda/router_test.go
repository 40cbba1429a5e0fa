package lambda

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:"

// endpoint is a remote that answers with a fixed response and keeps the request.
type endpoint struct {
	response Response
	got      *Request
}

func (e *endpoint) Invoke(_ context.Context, r *Request) (*Response, error) {
	e.got = r
	resp := e.response
	if resp.Status == 0 {
		resp.Status = http.StatusOK
	}
	return &resp, nil
}

func call(action, payload string) *connector.Call {
	return &connector.Call{Resource: arn + "f", Action: action, Payload: []byte(payload), IdempotencyKey: "k"}
}

func failed(t *testing.T, b []byte, err error) *connector.Error {
	t.Helper()
	var e *connector.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %s, %v; want a failure of the task", b, err)
	}
	return e
}

func TestNames(t *testing.T) {
	for text, want := range map[string]Name{
		"f":                                  {Function: "f"},
		"f:3":                                {Function: "f", Qualifier: "3"},
		"function:f":                         {Function: "f"},
		"123456789012:function:f":            {Account: "123456789012", Function: "f"},
		"123456789012:function:f:live":       {Account: "123456789012", Function: "f", Qualifier: "live"},
		arn + "f":                            {Region: "eu-west-1", Account: "123456789012", Function: "f"},
		arn + "f:$LATEST":                    {Region: "eu-west-1", Account: "123456789012", Function: "f", Qualifier: "$LATEST"},
		"arn:aws:lambda:r:1:layer:f":         {Function: "arn:aws:lambda:r:1:layer:f"},
		"a:b:c":                              {Function: "a:b:c"},
		"":                                   {},
		"arn:aws-cn:lambda:r:1:function:f:v": {Region: "r", Account: "1", Function: "f", Qualifier: "v"},
	} {
		if got := ParseName(text); got != want {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

func TestPayloadOfInvoke(t *testing.T) { // recorded, but for the last
	for parameters, want := range map[string]string{
		`{"FunctionName":"f","Payload":{"a": 0.0}}`:              `{"a":0.0}`,
		`{"FunctionName":"f","Payload":"0.0"}`:                   `0.0`,
		`{"FunctionName":"f","Payload":"\"Hello\""}`:             `"Hello"`,
		`{"FunctionName":"f","Payload":null}`:                    ``,
		`{"FunctionName":"f"}`:                                   ``,
		`{"FunctionName":"f","Payload":[1, 2],"Qualifier":null}`: `[1,2]`,
	} {
		e := &endpoint{}
		if _, err := (&Router{Remote: e}).Invoke(context.Background(), call(ActionInvoke, parameters)); err != nil {
			t.Fatal(err)
		}
		if got := string(e.got.Payload); got != want {
			t.Errorf("%s: sent %q", parameters, got)
		}
	}
}

func TestParametersAreChecked(t *testing.T) {
	for parameters, want := range map[string]string{
		`1`:                                    "[The Parameters must be a JSON object]",
		`{}`:                                   "[The field 'FunctionName' is required but was missing]",
		`{"FunctionName":null}`:                "[The field 'FunctionName' is required but was missing]",
		`{"FunctionName":1}`:                   "[The value of the field 'FunctionName' has an invalid format]",
		`{"FunctionName":"f","Name":1}`:        `[The field "Name" is not supported by Step Functions]`,
		`{"FunctionName":"f","LogType":"All"}`: "[The value of the field 'LogType' has an invalid format]",
		`{"FunctionName":"f","InvocationType":1}`: "[The value of the field 'InvocationType' has an invalid format]",
	} {
		b, err := (&Router{}).Invoke(context.Background(), call(ActionInvoke, parameters))
		e := failed(t, b, err)
		if cause := "The Parameters '" + parameters + "' could not be used to start the Task: " + want; e.Name != "States.Runtime" || e.Cause != cause {
			t.Errorf("got %v", e)
		}
	}
}

func TestEnvelopeIsThatOfTheRecordings(t *testing.T) {
	e := &endpoint{response: Response{
		Payload: []byte(`{"a": 1.0}`), ExecutedVersion: "$LATEST", LogResult: "bG9n", RequestID: "id-1",
		Header: http.Header{
			"X-Amz-Executed-Version": {"$LATEST"}, "X-Amzn-Remapped-Content-Length": {"0"}, "Connection": {"keep-alive"},
			"X-Amzn-Requestid": {"id-1"}, "Content-Length": {"10"}, "Date": {"date"}, "X-Amzn-Trace-Id": {"Root=1"},
			"Content-Type": {"application/json"}, "X-Amz-Log-Result": {"bG9n"},
		},
	}}
	b, err := (&Router{Remote: e}).Invoke(context.Background(), call(ActionInvoke, `{"FunctionName":"f","LogType":"Tail"}`))
	want := `{"ExecutedVersion":"$LATEST","LogResult":"bG9n","Payload":{"a":1.0},"SdkHttpMetadata":{"AllHttpHeaders":{` +
		`"X-Amz-Log-Result":["bG9n"],"X-Amz-Executed-Version":["$LATEST"],"x-amzn-Remapped-Content-Length":["0"],` +
		`"Connection":["keep-alive"],"x-amzn-RequestId":["id-1"],"Content-Length":["10"],"Date":["date"],` +
		`"X-Amzn-Trace-Id":["Root=1"],"Content-Type":["application/json"]},"HttpHeaders":{"Connection":"keep-alive",` +
		`"Content-Length":"10","Content-Type":"application/json","Date":"date","X-Amz-Executed-Version":"$LATEST",` +
		`"X-Amz-Log-Result":"bG9n","x-amzn-Remapped-Content-Length":"0","x-amzn-RequestId":"id-1","X-Amzn-Trace-Id":"Root=1"},` +
		`"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"id-1"},"StatusCode":200}`
	if err != nil || string(b) != want {
		t.Errorf("got  %s, %v\nwant %s", b, err, want)
	}
}

func TestFunctionErrors(t *testing.T) {
	report := `{"errorMessage": "no", "errorType": "Custom"}`
	for _, c := range []struct{ action, payload, name, cause string }{
		{ActionFunction, report, "Custom", report},
		{ActionInvoke, report, "Custom", `{"errorMessage":"no","errorType":"Custom"}`},
		{ActionFunction, `{"errorMessage":"late"}`, Unknown,
			`The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"late"}`},
		{ActionFunction, `nonsense`, Unknown,
			`The cause could not be determined because Lambda did not return an error type. Returned payload: nonsense`},
		{ActionInvoke, `"text"`, Unknown,
			`The cause could not be determined because Lambda did not return an error type. Returned payload: "text"`},
	} {
		router := &Router{Remote: &endpoint{response: Response{Payload: []byte(c.payload), Failed: true}}}
		b, err := router.Invoke(context.Background(), call(c.action, `{"FunctionName":"f"}`))
		if e := failed(t, b, err); e.Name != c.name || e.Cause != c.cause {
			t.Errorf("%s: got %v", c.payload, e)
		}
	}
}

func TestResultOfAFunction(t *testing.T) {
	for payload, want := range map[string]string{`{"a": 1.0}`: `{"a": 1.0}`, `plain`: `"plain"`, `"x"`: `"x"`, ``: `""`} {
		b, err := (&Router{Remote: &endpoint{response: Response{Payload: []byte(payload)}}}).Invoke(context.Background(), call(ActionFunction, `1`))
		if err != nil || string(b) != want {
			t.Errorf("%s: got %s, %v", payload, b, err)
		}
	}
}

func TestClientContextCarriesTheKey(t *testing.T) {
	own := base64.StdEncoding.EncodeToString([]byte(`{"custom":{"a":"b"}}`))
	for parameters, want := range map[string]string{
		`{"FunctionName":"f"}`:                               `{"custom":{"fermata.idempotencyKey":"k"}}`,
		`{"FunctionName":"f","ClientContext":"` + own + `"}`: `{"custom":{"a":"b"}}`,
		`{"FunctionName":"f","ClientContext":"not base64"}`:  ``,
		`{"FunctionName":"f","InvocationType":"Event"}`:      ``,
	} {
		e := &endpoint{}
		if _, err := (&Router{Remote: e}).Invoke(context.Background(), call(ActionInvoke, parameters)); err != nil {
			t.Fatal(err)
		}
		if got := e.got.ClientContextJSON(); got != want {
			t.Errorf("%s: got %s", parameters, got)
		}
	}
}

func TestWhoRunsAFunction(t *testing.T) {
	reg := &Registry{}
	say := func(what string) Handler {
		return func(context.Context, []byte) ([]byte, error) { return json.Marshal(what) }
	}
	reg.Handle("here", say("here"))
	reg.Handle("here:v2", say("here:v2"))
	local := &Registry{} // any Source will do
	local.Handle("project", say("project"))
	router := &Router{Local: local, Functions: reg, Remote: &endpoint{response: Response{Payload: []byte(`"away"`)}}}
	defer router.Close()
	for resource, want := range map[string]string{
		arn + "here": `"here"`, arn + "here:v2": `"here:v2"`, arn + "here:v3": `"here"`,
		arn + "project": `"project"`, "project": `"project"`, arn + "other": `"away"`,
	} {
		c := call(ActionFunction, `1`)
		c.Resource = resource
		if b, err := router.Invoke(context.Background(), c); err != nil || string(b) != want {
			t.Errorf("%s: got %s, %v", resource, b, err)
		}
	}
	router.Remote = nil
	c := call(ActionFunction, `1`)
	c.Resource = arn + "other"
	b, err := router.Invoke(context.Background(), c)
	e := failed(t, b, err)
	if e.Name != "Lambda.ResourceNotFoundException" || !strings.HasPrefix(e.Cause, "Function not found: "+arn+"other:$LATEST") ||
		!strings.Contains(e.Cause, "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: ") {
		t.Errorf("got %v", e)
	}
}

func TestUnknownAction(t *testing.T) {
	b, err := (&Router{}).Invoke(context.Background(), call("list", `1`))
	if e := failed(t, b, err); e.Name != "States.Runtime" {
		t.Errorf("got %v", e)
	}
}

func BenchmarkEnvelope(b *testing.B) {
	e := &endpoint{response: Response{Payload: []byte(`{"a":1}`), RequestID: NewRequestID(), ExecutedVersion: "$LATEST"}}
	router, c := &Router{Remote: e}, call(ActionInvoke, `{"FunctionName":"f","Payload":{"order":1,"items":["a","b"]}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := router.Invoke(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzInvokeParameters(f *testing.F) {
	f.Add(`{"FunctionName":"f","Payload":"x","LogType":"Tail","InvocationType":"Event"}`, `{"errorType":"E"}`)
	f.Fuzz(func(t *testing.T, parameters, payload string) {
		e := &endpoint{response: Response{Payload: []byte(payload)}}
		b, err := (&Router{Remote: e}).Invoke(context.Background(), call(ActionInvoke, parameters))
		if err == nil && value.Valid(b) != nil {
			t.Errorf("the result is no JSON: %s", b)
		}
	})
}
