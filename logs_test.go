package fermata_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/internal/recordings"
)

const (
	logGroup = "arn:aws:logs:us-east-1:123456789012:log-group:/states/test:*"
	logRole  = "arn:aws:iam::123456789012:role/logs"
)

// logRecord is a record with its payloads taken apart.
type logRecord map[string]any

// records is a sink that keeps what it is given.
type records struct {
	mu  sync.Mutex
	all []string
}

func (r *records) Write(group string, record []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, group+" "+string(record))
	return nil
}

func (*records) Flush() error { return nil }
func (*records) Sync() error  { return nil }
func (*records) Close() error { return nil }

// read parses the records, which all belong to one group.
func (r *records) read(t *testing.T) (read []logRecord) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.all {
		group, text, _ := strings.Cut(line, " ")
		var record logRecord
		if err := json.Unmarshal([]byte(text), &record); err != nil || group != logGroup {
			t.Fatalf("%s: %v", line, err)
		}
		read = append(read, record)
	}
	return read
}

var _ executionlog.Sink = (*records)(nil)

// openLogged opens an engine with a machine m that logs.
func openLogged(t *testing.T, kind catalog.Type, definition string, l catalog.Logging) (*fermata.Fermata, *records) {
	t.Helper()
	sink := &records{}
	f, err := fermata.Open(t.Context(), fermata.Config{ExecutionLogs: sink})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	_, err = f.Catalog().CreateMachine(t.Context(), catalog.CreateRequest{
		Name: "m", Type: kind, Definition: definition, Settings: catalog.Settings{RoleARN: logRole, Logging: l},
	})
	if err != nil {
		t.Fatal(err)
	}
	return f, sink
}

// runLogged runs one execution of a machine that logs and returns what it logged
// when everything is closed.
func runLogged(t *testing.T, kind catalog.Type, definition, input string, l catalog.Logging) (arn string, logged []logRecord) {
	t.Helper()
	f, sink := openLogged(t, kind, definition, l)
	ended := make(chan engine.Description, 1)
	started, err := f.Launcher().Start(t.Context(), launch.Request{Machine: f.Catalog().Machine("m"), Input: []byte(input), Ended: ended})
	if err != nil {
		t.Fatal(err)
	}
	<-ended
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return started.ARN, sink.read(t)
}

// recordedLog is a recorded execution with what it logged.
type recordedLog struct {
	ID         string          `json:"id"`
	Type       catalog.Type    `json:"type"`
	Definition json.RawMessage `json:"definition"`
	Input      json.RawMessage `json:"input"`
	InputText  *string         `json:"input_text"`
	Tasks      []any           `json:"tasks"`
	Expected   struct {
		Other struct {
			Logged []logRecord `json:"logged_execution_events"`
			End    logRecord   `json:"end_event"`
		} `json:"other"`
	} `json:"expected"`
}

func readRecordedLogs(t *testing.T, group string) (all []recordedLog) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(recordings.Path(t, "corpus/asl/cases"), group, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c recordedLog
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, c)
	}
	return all
}

func (c *recordedLog) input() string {
	if c.InputText != nil {
		return *c.InputText
	}
	return string(c.Input)
}

// recordedLevel finds the level and the flag in the name of a recording.
var recordedLevel = regexp.MustCompile(`_(OFF|ALL|ERROR|FATAL)_(True|False)\]$`)

// TestRecordedLogs compares every record that executions on AWS have logged, as far as
// the ids of the recordings name the level.
func TestRecordedLogs(t *testing.T) {
	for _, c := range readRecordedLogs(t, "logs") {
		m := recordedLevel.FindStringSubmatch(c.ID)
		if m == nil {
			t.Logf("not compared, for nobody knows at what level it was logged: %s", c.ID)
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			l := catalog.Logging{Level: executionlog.Level(m[1]), IncludeExecutionData: m[2] == "True", Destinations: []string{logGroup}}
			arn, logged := runLogged(t, c.Type, string(c.Definition), c.input(), l)
			compareLogs(t, arn, logged, c.Expected.Other.Logged)
		})
	}
}

// TestRecordedExpressLogs compares the last record of Express executions.
func TestRecordedExpressLogs(t *testing.T) {
	for _, c := range readRecordedLogs(t, "express") {
		if c.Expected.Other.End == nil || len(c.Tasks) > 0 || strings.Contains(c.ID, "query_runtime") {
			continue // no log; needs a function; tells of times
		}
		t.Run(c.ID, func(t *testing.T) {
			l := catalog.Logging{Level: executionlog.All, IncludeExecutionData: true, Destinations: []string{logGroup}}
			arn, logged := runLogged(t, c.Type, string(c.Definition), c.input(), l)
			if len(logged) == 0 {
				t.Fatal("nothing was logged")
			}
			compareLogs(t, arn, logged[len(logged)-1:], []logRecord{c.Expected.Other.End})
		})
	}
}

func compareLogs(t *testing.T, arn string, got, want []logRecord) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d records, want %d: %v", len(got), len(want), got)
		return
	}
	for i := range got {
		if got[i]["execution_arn"] != arn || !regexp.MustCompile(`^[0-9]{13}$`).MatchString(got[i]["event_timestamp"].(string)) {
			t.Errorf("record %d: %v", i, got[i])
		}
		got[i]["execution_arn"], got[i]["event_timestamp"] = want[i]["execution_arn"], want[i]["event_timestamp"]
		if shown := recordedForm(map[string]any(got[i])); !reflect.DeepEqual(shown, map[string]any(want[i])) {
			t.Errorf("record %d:\ngot  %v\nwant %v", i, shown, want[i])
		}
	}
}

// recordedForm brings a value into the form of the recordings: texts of objects
// are parsed, and the role has another name.
func recordedForm(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = recordedForm(v[name])
		}
	case string:
		var parsed map[string]any
		if v == logRole {
			return "snf_role_arn"
		}
		if strings.HasPrefix(v, "{") && json.Unmarshal([]byte(v), &parsed) == nil {
			return parsed
		}
	}
	return v
}
