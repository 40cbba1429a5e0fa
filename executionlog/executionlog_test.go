package executionlog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/executionlog"
)

func TestLevels(t *testing.T) {
	for event, want := range map[string]string{ // the least level that has it
		"ExecutionStarted":             "ALL",
		"ExecutionSucceeded":           "ALL",
		"ExecutionRedriven":            "ALL",
		"ExecutionFailed":              "FATAL",
		"ExecutionAborted":             "FATAL",
		"ExecutionTimedOut":            "FATAL",
		"FailStateEntered":             "ERROR",
		"PassStateEntered":             "ALL",
		"TaskFailed":                   "ERROR",
		"TaskTimedOut":                 "ERROR",
		"TaskSubmitFailed":             "ERROR",
		"TaskStartFailed":              "ERROR",
		"TaskStateAborted":             "ERROR",
		"TaskStarted":                  "ALL",
		"LambdaFunctionScheduleFailed": "ERROR",
		"ActivityTimedOut":             "ERROR",
		"MapIterationAborted":          "ERROR",
		"MapRunFailed":                 "ERROR",
		"ParallelStateFailed":          "ERROR",
		"EvaluationFailed":             "ERROR",
	} {
		order := []executionlog.Level{executionlog.Fatal, executionlog.Error, executionlog.All}
		wanted := false
		for _, level := range order {
			wanted = wanted || string(level) == want
			if level.Wants(event) != wanted {
				t.Errorf("%s at level %s: wanted is %t", event, level, !wanted)
			}
		}
		for _, none := range []executionlog.Level{executionlog.Off, "", "DEBUG"} {
			if none.Wants(event) || none.On() {
				t.Errorf("%s is logged at level %q", event, none)
			}
		}
	}
}

func event(kind string, details ...asl.Detail) *asl.Event {
	return &asl.Event{ID: 12, Previous: 11, Type: kind, Time: time.UnixMilli(1_700_000_000_123), Details: details}
}

func input(text string) []asl.Detail {
	return []asl.Detail{
		{Name: "input", Value: text, Data: true},
		{Name: "inputDetails", Value: []asl.Detail{{Name: "truncated", Value: false}}, Data: true},
		{Name: "name", Value: "A"},
		{Name: "index", Value: int64(3)},
	}
}

func TestRecords(t *testing.T) {
	source := executionlog.Source{ExecutionARN: "arn:x", Redrives: 2}
	const tail = `"previous_event_id":"11","event_timestamp":"1700000000123","execution_arn":"arn:x","redrive_count":"2"}`
	for _, tc := range []struct {
		event *asl.Event
		data  bool
		want  string
	}{
		{event("PassStateEntered", input(`{"a": "ü"}`)...), true,
			`{"id":"12","type":"PassStateEntered","details":{"input":"{\"a\": \"ü\"}","inputDetails":{"truncated":false},"name":"A","index":3},` + tail},
		{event("PassStateEntered", input(`{}`)...), false,
			`{"id":"12","type":"PassStateEntered","details":{"name":"A","index":3},` + tail},
		{event("ParallelStateStarted"), true, `{"id":"12","type":"ParallelStateStarted","details":{},` + tail},
	} {
		if got := string(executionlog.Append(nil, source, tc.event, tc.data)); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// TestRecordsOfChildrenOfMapRuns name the map run and the execution above it.
func TestRecordsOfChildrenOfMapRuns(t *testing.T) {
	source := executionlog.Source{ExecutionARN: "arn:x", MapRunARN: "arn:r", ParentARN: "arn:p"}
	const want = `"execution_arn":"arn:x","map_run_arn":"arn:r","parent_execution_arn":"arn:p","redrive_count":"0"}`
	if got := string(executionlog.Append(nil, source, event("ParallelStateStarted"), true)); !strings.HasSuffix(got, want) {
		t.Errorf("got %s\nwant … %s", got, want)
	}
}

// TestLongPayloadsAreCut: whatever is cut, the record stays JSON and says so.
func TestLongPayloadsAreCut(t *testing.T) {
	for name, unit := range map[string]string{"letters": "x", "escapes": `"`, "controls": "\x01", "wide": "€"} {
		whole := strings.Repeat(unit, executionlog.MaxPayload)
		var record struct {
			Details struct {
				Input        string
				InputDetails struct{ Truncated bool }
			}
		}
		text := executionlog.Append(nil, executionlog.Source{}, event("PassStateEntered", input(whole)...), true)
		if err := json.Unmarshal(text, &record); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := record.Details.Input
		escaped := bytes.Index(text, []byte(`,"inputDetails"`)) - bytes.Index(text, []byte(`:{"input":`)) - len(`:{"input":""`)
		cut := len(whole) != len(got)
		if !strings.HasPrefix(whole, got) || record.Details.InputDetails.Truncated != cut ||
			escaped > executionlog.MaxPayload || escaped < executionlog.MaxPayload-6 {
			t.Errorf("%s: %d of %d bytes, as %d, truncated %t", name, len(got), len(whole), escaped, record.Details.InputDetails.Truncated)
		}
	}
}

func TestFileOf(t *testing.T) {
	arn := func(name string) string { return "arn:aws:logs:us-east-1:123456789012:log-group:" + name + ":*" }
	for group, want := range map[string]string{
		arn("/aws/vendedlogs/states/orders"): filepath.Join("aws", "vendedlogs", "states", "orders.jsonl"),
		arn("orders_1.x#y-z"):                "orders_1.x#y-z.jsonl",
		"orders":                             "orders.jsonl",
	} {
		if got := executionlog.FileOf(group); got != want {
			t.Errorf("%s: %s, want %s", group, got, want)
		}
	}
	seen := map[string]bool{}
	for _, name := range []string{"", "/", "..", "/../a", "a/../b", "a//b", "a/", ".hidden", strings.Repeat("a", 300), `a\b`, "a b", "a:b"} {
		got := executionlog.FileOf(arn(name))
		if strings.ContainsAny(got, `/\ `) || strings.Contains(got, "..") || len(got) > 60 || seen[got] {
			t.Errorf("%q: %s", name, got)
		}
		seen[got] = true
	}
}

func TestFolderKeepsAFileForEachGroup(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	for _, text := range []string{"1", "2"} { // opened twice: it appends
		s, err := executionlog.NewFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 { // more than are kept open
			name := "/g/" + strings.Repeat("x", i+1)
			if err := s.Write(name, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(s.Write("/g/x", []byte(text+"+")), s.Flush()); err != nil {
			t.Fatal(err)
		}
		if got := read(t, dir, "g", "x.jsonl"); !strings.HasSuffix(got, text+"+\n") {
			t.Errorf("after Flush: %q", got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, dir, "g", "x.jsonl"); got != "1\n1+\n2\n2+\n" {
		t.Errorf("got %q", got)
	}
	if got := read(t, dir, "g", strings.Repeat("x", 100)+".jsonl"); got != "1\n2\n" {
		t.Errorf("got %q", got)
	}
}

// TestHalfARecordIsCutOff: what follows it begins a line.
func TestHalfARecordIsCutOff(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for before, want := range map[string]string{
		"":                        "new\n",
		"whole\n":                 "whole\nnew\n",
		"half":                    "new\n",
		long:                      "new\n",
		"whole\nhalf":             "whole\nnew\n",
		"whole\n" + long:          "whole\nnew\n",
		long + "\n" + long + "\n": long + "\n" + long + "\nnew\n",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "g.jsonl"), []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := executionlog.NewFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Write("g", []byte("new")), s.Close()); err != nil {
			t.Fatal(err)
		}
		if got := read(t, dir, "g.jsonl"); got != want {
			t.Errorf("%.20q…: got %d bytes, want %d", before, len(got), len(want))
		}
	}
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStreamAndTee(t *testing.T) {
	var a, b bytes.Buffer
	s := executionlog.Tee(executionlog.NewStream(&a), executionlog.NewStream(&b))
	if err := errors.Join(s.Write("g", []byte(`{"id":"1"}`)), s.Write("h", []byte(`{"id":"2"}`)), s.Sync(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if want := "{\"id\":\"1\"}\n{\"id\":\"2\"}\n"; a.String() != want || b.String() != want {
		t.Errorf("got %q and %q", a.String(), b.String())
	}
}

// failing is a writer that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestAFailingSinkDoesNotKeepTheOthersFromWriting(t *testing.T) {
	var good bytes.Buffer
	s := executionlog.Tee(executionlog.NewStream(failing{}), executionlog.NewStream(&good))
	_ = s.Write("g", []byte("1"))
	if err := s.Flush(); err == nil || good.String() != "1\n" {
		t.Errorf("got %v, %q", err, good.String())
	}
}
