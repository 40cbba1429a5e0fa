package local

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/connector/lambda"
)

func node(t *testing.T, handler string) *lambda.Router {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("skipped: this test needs node (Debian: apt-get install nodejs)")
	}
	return set(t, Function{Runtime: "nodejs20.x", Handler: handler, Dir: "testdata/node"}, nil)
}

func TestNodeHandler(t *testing.T) {
	r := node(t, "index.handler")
	for event, want := range map[string]string{
		`{"a":[1,2,null]}`: `{"a":[1,2,null]}`,
		`{"about":true}`:   `{"functionName":"f","memory":"128","key":"key-1","inTime":true,"id":36}`,
	} {
		if got := invoke(t, r, event); got != want {
			t.Errorf("%s: got %s", event, got)
		}
	}
	for _, c := range []struct{ event, name, message string }{
		{`{"fail":"no"}`, "TypeError", "no"},
		{`{"crash":true}`, "RangeError", "later"},
		{`{"circular":true}`, "Runtime.MarshalError", "Unable to stringify response body"},
	} {
		if name, message := failing(t, r, c.event); name != c.name || !strings.HasPrefix(message, c.message) {
			t.Errorf("%s: got %s: %s", c.event, name, message)
		}
	}
}

func TestNodeCallbacks(t *testing.T) {
	r := node(t, "index.callback")
	for event, want := range map[string]string{`1`: `{"after":1}`, `{"nothing":true}`: `null`} {
		if got := invoke(t, r, event); got != want {
			t.Errorf("%s: got %s", event, got)
		}
	}
	if name, message := failing(t, r, `{"fail":"no"}`); name != "Error" || message != "no" {
		t.Errorf("got %s: %s", name, message)
	}
	if name, message := failing(t, node(t, "index.text"), `1`); name != "string" || message != "just text" {
		t.Errorf("got %s: %s", name, message)
	}
}

func TestNodeModules(t *testing.T) {
	if got := invoke(t, node(t, "module.handler"), `1`); got != `{"esm":1}` {
		t.Errorf("got %s", got)
	}
	if got := invoke(t, node(t, "module.nested.inner.handler"), `1`); got != `null` {
		t.Errorf("got %s", got)
	}
	for handler, want := range map[string]string{
		"nowhere.handler": "Runtime.ImportModuleError",
		"module.nothing":  "Runtime.HandlerNotFound",
		"broken.handler":  "Runtime.UserCodeSyntaxError",
	} {
		if name, message := failing(t, node(t, handler), `1`); name != want {
			t.Errorf("%s: got %s: %s", handler, name, message)
		}
	}
}

func TestPythonHandler(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("skipped: this test needs python3 (Debian: apt-get install python3)")
	}
	f := Function{
		Runtime: "python3.12", Handler: "app.handler", Dir: "testdata/python",
		Env: map[string]string{"PYTHONDONTWRITEBYTECODE": "1"},
	}
	r := set(t, f, nil)
	if got := invoke(t, r, `{"a": [1.5, "é"]}`); got != `{"a": [1.5, "é"]}` {
		t.Errorf("got %s", got)
	}
	if got := invoke(t, r, `{"about":1}`); got != `{"name": "f", "key": "key-1", "inTime": true}` {
		t.Errorf("got %s", got)
	}
	if name, message := failing(t, r, `{"fail":"no"}`); name != "ValueError" || message != "no" {
		t.Errorf("got %s: %s", name, message)
	}
	f.Handler = "gone.handler"
	if name, _ := failing(t, set(t, f, nil), `1`); name != "Runtime.ImportModuleError" {
		t.Errorf("got %s", name)
	}
}
