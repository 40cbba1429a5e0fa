package remote

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"go.uber.org/goleak"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/lambda"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// at makes a router whose remote is a server on this machine.
func at(t testing.TB, h http.HandlerFunc) *lambda.Router {
	t.Helper()
	s := httptest.NewServer(h)
	for key, v := range map[string]string{
		"AWS_ENDPOINT_URL": s.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PROFILE": "",
	} {
		t.(interface{ Setenv(k, v string) }).Setenv(key, v)
	}
	router := &lambda.Router{Remote: New(Config{})}
	t.Cleanup(func() { _ = router.Close(); s.Close() })
	return router
}

func call(action, payload string) *connector.Call {
	return &connector.Call{
		Resource: "arn:aws:lambda:us-east-1:111111111111:function:f", Action: action, Payload: []byte(payload),
		IdempotencyKey: "k", TraceHeader: "Root=1-2-3",
	}
}

// With an endpoint of its own a client reads no AWS configuration and assumes no
// role, for there is nobody who would know it.
func TestAnEndpointNeedsNoConfiguration(t *testing.T) {
	var signed []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed = append(signed, r.URL.Path+" "+r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, `{}`)
	}))
	defer s.Close()
	client := New(Config{Endpoint: s.URL, Region: "eu-west-1", Load: func(context.Context) (aws.Config, error) {
		return aws.Config{}, errors.New("the configuration was read")
	}})
	router := &lambda.Router{Remote: client}
	defer func() { _ = router.Close() }()
	asked := call(lambda.ActionFunction, `{}`)
	asked.RoleARN = "arn:aws:iam::123456789012:role/unknown"
	if _, err := router.Invoke(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	if len(signed) != 1 || !strings.Contains(signed[0], "/eu-west-1/lambda/aws4_request") {
		t.Errorf("the server got %q", signed)
	}
}

func TestInvokeOverTheWire(t *testing.T) {
	var path, body, clientContext, trace string
	router := at(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		path, body, trace = r.URL.RequestURI(), string(b), r.Header.Get("X-Amzn-Trace-Id")
		decoded, _ := base64.StdEncoding.DecodeString(r.Header.Get("X-Amz-Client-Context"))
		clientContext = string(decoded)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amz-Executed-Version", "$LATEST")
		w.Header()["x-amzn-RequestId"] = []string{"id-1"}
		_, _ = io.WriteString(w, `{"ok": 1.0}`)
	})
	b, err := router.Invoke(context.Background(), call(lambda.ActionFunction, `{"a": 1.0}`))
	if err != nil || string(b) != `{"ok": 1.0}` {
		t.Fatalf("got %s, %v", b, err)
	}
	if body != `{"a": 1.0}` || clientContext != `{"custom":{"fermata.idempotencyKey":"k"}}` || trace != "Root=1-2-3" {
		t.Errorf("sent %s, %s, %s", body, clientContext, trace)
	}
	if want := "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3Af/invocations"; path != want {
		t.Errorf("asked for %s", path)
	}
	b, err = router.Invoke(context.Background(), call(lambda.ActionInvoke, `{"FunctionName":"f","Qualifier":"v1","Payload":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	if path != "/2015-03-31/functions/f/invocations?Qualifier=v1" {
		t.Errorf("asked for %s", path)
	}
	for _, want := range []string{`{"ExecutedVersion":"$LATEST","Payload":{"ok":1.0},`, `"x-amzn-RequestId":["id-1"]`, `"RequestId":"id-1"`, `"StatusCode":200}`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s", want, b)
		}
	}
}

func TestServiceErrors(t *testing.T) {
	for _, c := range []struct {
		status            int
		code, name, cause string
		calls             int32
	}{
		{404, "ResourceNotFoundException", "Lambda.ResourceNotFoundException",
			"it says (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: id-1; Proxy: null)", 1},
		{500, "ServiceException", "Lambda.ServiceException",
			"it says (Service: AWSLambda; Status Code: 500; Error Code: ServiceException; Request ID: id-1; Proxy: null)", 1},
		{429, "TooManyRequestsException", "Lambda.TooManyRequestsException",
			"it says (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; Request ID: id-1; Proxy: null)", attempts},
		{400, "StrangeException", "Lambda.AWSLambdaException",
			"it says (Service: AWSLambda; Status Code: 400; Error Code: StrangeException; Request ID: id-1; Proxy: null)", 1},
	} {
		var calls atomic.Int32
		router := at(t, func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.Header().Set("X-Amzn-Requestid", "id-1")
			w.Header().Set("X-Amzn-Errortype", c.code)
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, `{"Type":"User","Message":"it says"}`)
		})
		_, err := router.Invoke(context.Background(), call(lambda.ActionFunction, `1`))
		var e *connector.Error
		if !errors.As(err, &e) || e.Name != c.name || e.Cause != c.cause || calls.Load() != c.calls {
			t.Errorf("%s: got %v after %d calls", c.code, err, calls.Load())
		}
	}
}

func TestFunctionErrorKeepsItsText(t *testing.T) {
	const report = `{"errorMessage": "no", "errorType": "Custom"}`
	router := at(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		_, _ = io.WriteString(w, report)
	})
	_, err := router.Invoke(context.Background(), call(lambda.ActionFunction, `1`))
	var e *connector.Error
	if !errors.As(err, &e) || e.Name != "Custom" || e.Cause != report {
		t.Errorf("got %v", err)
	}
}

func TestEventIsTaken(t *testing.T) {
	router := at(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Invocation-Type") == "Event" {
			w.WriteHeader(http.StatusAccepted)
		}
	})
	b, err := router.Invoke(context.Background(), call(lambda.ActionInvoke, `{"FunctionName":"f","InvocationType":"Event"}`))
	if err != nil || !strings.Contains(string(b), `"Payload":""`) || !strings.Contains(string(b), `"StatusCode":202}`) {
		t.Errorf("got %s, %v", b, err)
	}
}

func TestNoAnswer(t *testing.T) {
	var calls atomic.Int32
	router := at(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		conn, _, _ := http.NewResponseController(w).Hijack()
		_ = conn.Close()
	})
	_, err := router.Invoke(context.Background(), call(lambda.ActionFunction, `1`))
	var e *connector.Error
	if !errors.As(err, &e) || e.Name != "Lambda.SdkClientException" || calls.Load() != 1 {
		t.Errorf("got %v after %d calls", err, calls.Load())
	}
	t.Setenv("AWS_REGION", "")
	_, err = (&lambda.Router{Remote: New(Config{})}).Invoke(context.Background(), call(lambda.ActionFunction, `1`))
	if !errors.As(err, &e) || e.Name != "Lambda.SdkClientException" || !strings.Contains(e.Cause, "AWS_REGION") {
		t.Errorf("got %v", err)
	}
}

func TestContextEndsTheCall(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	router := at(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	})
	if _, err := router.Invoke(ctx, call(lambda.ActionFunction, `1`)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRoleIsAssumedOnce(t *testing.T) {
	var assumed atomic.Int32
	router := at(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if strings.Contains(string(b), "Action=AssumeRole") {
			assumed.Add(1)
			fmt.Fprint(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`+
				`<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
			return
		}
		fmt.Fprint(w, strings.Contains(r.Header.Get("Authorization"), "Credential=ASIA/"))
	})
	for range 3 {
		c := call(lambda.ActionFunction, `1`)
		c.RoleARN = "arn:aws:iam::111111111111:role/task"
		if b, err := router.Invoke(context.Background(), c); err != nil || string(b) != "true" {
			t.Fatalf("signed by the role: %s, %v", b, err)
		}
	}
	if assumed.Load() != 1 {
		t.Errorf("assumed %d times", assumed.Load())
	}
}

func TestCloseDropsTheConnections(t *testing.T) {
	idle, closed := make(chan struct{}, 1), make(chan struct{}, 1)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `1`) }))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateIdle:
			idle <- struct{}{}
		case http.StateClosed:
			closed <- struct{}{}
		}
	}
	s.Start()
	defer s.Close()
	client := New(Config{Load: func(context.Context) (aws.Config, error) {
		return aws.Config{Region: "r", BaseEndpoint: &s.URL, Credentials: aws.AnonymousCredentials{}}, nil
	}})
	if _, err := (&lambda.Router{Remote: client}).Invoke(context.Background(), call(lambda.ActionFunction, `1`)); err != nil {
		t.Fatal(err)
	}
	<-idle
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	<-closed
}

func BenchmarkInvoke(b *testing.B) {
	router := at(b, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	c := call(lambda.ActionFunction, `{"a":1}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := router.Invoke(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// TestRolesAreBounded: those of which a client is remembered.
func TestRolesAreBounded(t *testing.T) {
	c := New(Config{})
	for i := range 3 * mostRoles {
		c.keep(aws.Config{Region: "us-east-1"}, fmt.Sprint("arn:aws:iam::111111111111:role/", i))
	}
	if n := len(c.byRole); n > mostRoles {
		t.Errorf("clients of %d roles are kept", n)
	}
}
