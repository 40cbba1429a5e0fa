package mock_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/mock"
)

const orders = `{
  "StateMachines": {
    "orders": {"TestCases": {"Busy": {"Charge": "BusyTwice", "Notify": "Sent"}, "Real": {}}}
  },
  "MockedResponses": {
    "BusyTwice": {
      "2": {"Return": {"receipt": 1.50}},
      "0-1": {"Throw": {"Error": "Card.Busy", "Cause": "later"}}
    },
    "Sent": {"0": {"Return": null}, "1": {"Throw": {"Error": "Gone"}}},
    "Nothing": {}
  }
}`

func parse(t *testing.T, text string) *mock.Config {
	t.Helper()
	c, err := mock.Parse("mocks.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestResponsesAreFoundByInvocation(t *testing.T) {
	c, err := parse(t, orders).Case("orders", "Busy")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		state      string
		invocation int
		want       string
	}{
		{"Charge", 0, "Card.Busy: later"},
		{"Charge", 1, "Card.Busy: later"},
		{"Charge", 2, `{"receipt":1.50}`},
		{"Charge", 3, "nothing"},
		{"Notify", 0, "null"},
		{"Notify", 1, "Gone without a cause"},
		{"Notify", 2, "nothing"},
	} {
		if got := shown(c[test.state].At(test.invocation)); got != test.want {
			t.Errorf("invocation %d of %s: got %s, want %s", test.invocation, test.state, got, test.want)
		}
	}
	if _, mocked := c["Other"]; mocked {
		t.Error("a state that the test case does not name is mocked")
	}
}

func shown(r mock.Response, ok bool) string {
	switch {
	case !ok:
		return "nothing"
	case r.Failure == nil:
		return string(r.Output)
	case r.Failure.NoCause:
		return r.Failure.Error + " without a cause"
	}
	return r.Failure.Error + ": " + r.Failure.Cause
}

func TestTestCasesThatAreNotThere(t *testing.T) {
	c := parse(t, orders)
	for _, test := range [][3]string{
		{"orders", "busy", "no test case 'busy' for the state machine 'orders'; there are Busy, Real"},
		{"Orders", "Busy", "no test cases for the state machine 'Orders'"},
	} {
		_, err := c.Case(test[0], test[1])
		var missing *mock.NotFoundError
		if !errors.As(err, &missing) || !strings.Contains(err.Error(), test[2]) {
			t.Errorf("%s#%s: %v", test[0], test[1], err)
		}
	}
}

func TestFaultsAreLocated(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`{"StateMachines"`, "mocks.json: the mock configuration is not JSON: "},
		{`[]`, "mocks.json: the file is an array; it must be an object"},
		{`{"StateMachine": {}}`, "mocks.json:1: StateMachine is not known; there are StateMachines, MockedResponses"},
		{"{\"StateMachines\": {\"m\": {\n\"Testcases\": {}}}}", "mocks.json:2: StateMachines.m.Testcases is not known"},
		{"{\"StateMachines\": {\"m\": {\"TestCases\": {\"c\": {\n\"S\": \"R\"}}}}}", `mocks.json:2: StateMachines.m.TestCases.c.S is "R", but MockedResponses has nothing of that name`},
		{`{"StateMachines": {"m": {"TestCases": {"c": {"S": 1}}}}}`, "StateMachines.m.TestCases.c.S is a number; it must be a text"},
		{"{\"MockedResponses\": {\"r\": {\n\n\"first\": {\"Return\": 1}}}}", `mocks.json:3: MockedResponses.r.first does not say which invocations it is for`},
		{`{"MockedResponses": {"r": {"2-1": {"Return": 1}}}}`, "MockedResponses.r.2-1 does not say which invocations"},
		{`{"MockedResponses": {"r": {"0-2": {"Return": 1}, "1": {"Return": 1}}}}`, "MockedResponses.r.1 is for an invocation that has a response already"},
		{`{"MockedResponses": {"r": {"0": {}}}}`, "MockedResponses.r.0 must have either Return or Throw"},
		{`{"MockedResponses": {"r": {"0": {"Return": 1, "Throw": {"Error": "E"}}}}}`, "MockedResponses.r.0 must have either Return or Throw"},
		{`{"MockedResponses": {"r": {"0": {"Throw": {"Cause": "c"}}}}}`, "MockedResponses.r.0.Throw has no Error"},
		{`{"MockedResponses": {"r": {"0": {"Throw": {"Error": ""}}}}}`, "MockedResponses.r.0.Throw.Error is empty"},
		{`{"MockedResponses": {"r": {"0": {"Throw": {"Error": "E", "Cause": {}}}}}}`, "MockedResponses.r.0.Throw.Cause is an object; it must be a text"},
		{`{"MockedResponses": {"r": {"0": {"Throw": "E"}}}}`, "MockedResponses.r.0.Throw is a string; it must be an object"},
	} {
		_, err := mock.Parse("mocks.json", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\n got %v\nwant %s", test.text, err, test.want)
		}
	}
}

func TestAllFaultsAreListedTogether(t *testing.T) {
	_, err := mock.Parse("m", []byte("{\"MockedResponses\": {\n\"a\": {\"x\": {\"Return\": 1}},\n\"b\": []}, \"c\": 1}"))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v", err)
	}
}

// TestAChangedFileIsReadAgain: a fault is reported for as long as it is there.
func TestAChangedFileIsReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mocks.json")
	at := time.Now()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Second)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := mock.Open(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	write(orders)
	f, err := mock.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	write(`{"StateMachines": {"other": {}}}`)
	if c, err := f.Config(); err != nil || len(c.Machines()) != 1 || c.Machines()[0] != "other" {
		t.Errorf("after the change: %v", err)
	}
	write(`{`)
	for range 2 {
		if _, err := f.Config(); err == nil {
			t.Error("a broken file has no error")
		}
	}
	write(orders)
	if _, err := f.Config(); err != nil {
		t.Errorf("after the repair: %v", err)
	}
}

// FuzzParse: whatever the file says, it is read or refused.
func FuzzParse(f *testing.F) {
	f.Add([]byte(orders))
	f.Add([]byte(`{"MockedResponses": {"r": {"0-": {"Throw": null}}, "s": null}, "StateMachines": []}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := mock.Parse("fuzz", text)
		if (c == nil) == (err == nil) {
			t.Errorf("config %v, error %v", c, err)
		}
	})
}
