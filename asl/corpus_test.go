package asl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/internal/recordings"
	"github.com/fermata-dev/fermata/interpreter"
)

// recordedCase is one file of the corpus.
type recordedCase struct {
	ID         string            `json:"id"`
	Group      string            `json:"group"`
	Type       string            `json:"type"`
	Definition json.RawMessage   `json:"definition"`
	Input      json.RawMessage   `json:"input"`
	InputText  *string           `json:"input_text"`
	Bindings   map[string]string `json:"bindings"`
	Replaced   []struct {
		Path string `json:"jsonpath"`
		By   string `json:"by"`
	} `json:"replaced_paths"`
	TimeInputs map[string]struct {
		Days   int    `json:"days_from_now"`
		Suffix string `json:"suffix"`
	} `json:"time_inputs"`
	Tasks []struct {
		Kind    string          `json:"kind"`
		Name    string          `json:"name"`
		Details json.RawMessage `json:"details"`
	} `json:"tasks"`
	Expected struct {
		Status  string          `json:"status"`
		Output  json.RawMessage `json:"output"`
		Error   json.RawMessage `json:"error"`
		Cause   json.RawMessage `json:"cause"`
		History json.RawMessage `json:"history"`
		Order   string          `json:"history_order"`
		Note    string          `json:"note"`
	} `json:"expected"`
}

// recordedCall is one scheduled task with its outcome.
type recordedCall struct {
	Type      string `json:"type"`
	Submitted *struct {
		Output json.RawMessage `json:"output"`
	} `json:"submitted"`
	Outcome *struct {
		Type   string          `json:"type"`
		Output json.RawMessage `json:"output"`
		Error  json.RawMessage `json:"error"`
		Cause  json.RawMessage `json:"cause"`
	} `json:"outcome"`
	used bool
}

// indexEntry is what the corpus's index says of a case.
type indexEntry struct {
	ID, File, Kind string
	Needs          []string
	Validated      bool `json:"aws_validated"`
	Distributed    bool `json:"distributed_map"`
}

func readCases(t testing.TB, dir string, wanted func(*indexEntry, []byte) bool) []*recordedCase {
	t.Helper()
	var index struct{ Cases []indexEntry }
	text, err := os.ReadFile(filepath.Join(dir, "corpus", "asl", "INDEX.json"))
	if err == nil {
		err = json.Unmarshal(text, &index)
	}
	if err != nil {
		t.Fatal(err)
	}
	var cases []*recordedCase
	for _, entry := range index.Cases {
		if entry.Kind != "execution" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, "corpus", "asl", entry.File))
		if err != nil {
			t.Fatal(err)
		}
		if !wanted(&entry, text) {
			continue
		}
		c := new(recordedCase)
		if err := json.Unmarshal(text, c); err != nil {
			t.Fatalf("%s: %v", entry.File, err)
		}
		cases = append(cases, c)
	}
	return cases
}

func readList(t testing.TB, file string) map[string]bool {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ids := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			ids[line] = true
		}
	}
	return ids
}

// TestCorpus runs what was recorded on AWS, with the recorded outcomes as the
// outside, and compares result and history.
func TestCorpus(t *testing.T) {
	dir := filepath.Dir(filepath.Dir(recordings.Path(t, "corpus/asl")))
	listed := readList(t, filepath.Join(dir, "conformance", "first.list"))
	replay(t, readCases(t, dir, func(entry *indexEntry, _ []byte) bool { return listed[entry.ID] }))
}

// TestCorpusJSONata runs the recordings whose states use JSONata, and neither
// a distributed Map nor another service. Those whose events the recorder sorted
// are left to scripts/conformance.sh.
func TestCorpusJSONata(t *testing.T) {
	dir := filepath.Dir(filepath.Dir(recordings.Path(t, "corpus/asl")))
	replay(t, readCases(t, dir, func(entry *indexEntry, text []byte) bool {
		elsewhere := slices.ContainsFunc(entry.Needs, func(need string) bool { return need != "none" && need != "lambda" })
		return entry.Validated && !entry.Distributed && !elsewhere &&
			bytes.Contains(text, []byte(`"QueryLanguage": "JSONata"`)) && !bytes.Contains(text, []byte(`"history_order"`))
	}))
}

// replay says which cases fail, and demands that nearly all pass.
func replay(t *testing.T, cases []*recordedCase) {
	t.Helper()
	var failed []string
	for _, c := range cases {
		if problem := runCase(t, c); problem != "" {
			failed = append(failed, c.ID)
			if testing.Verbose() {
				t.Logf("%s\n%s\n", c.ID, problem)
			}
		}
	}
	slices.Sort(failed)
	rate := 100 * float64(len(cases)-len(failed)) / float64(len(cases))
	t.Logf("%d of %d recorded cases pass (%.1f %%)", len(cases)-len(failed), len(cases), rate)
	for _, id := range failed {
		t.Log("fails: " + id)
	}
	if rate < 95 {
		t.Errorf("%.1f %% of the recorded cases pass, fewer than 95 %%", rate)
	}
}

// caseNames are the texts of the corpus and those that stand for them in a run.
type caseNames struct {
	sent  map[string]string
	shown [][2]string // text sent, text of the corpus
}

var reference = regexp.MustCompile(`\$\{([A-Za-z]+):([^}]+)\}`)

func (n *caseNames) learn(corpus, actual, shown string) string {
	n.sent[corpus] = actual
	n.shown = append(n.shown, [2]string{actual, shown})
	slices.SortStableFunc(n.shown, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	return actual
}

func (n *caseNames) back(text string) string {
	for _, pair := range n.shown {
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return text
}

func (n *caseNames) send(c *recordedCase, text string) string {
	text = reference.ReplaceAllStringFunc(text, func(whole string) string {
		if actual, ok := n.sent[whole]; ok {
			return actual
		}
		parts := reference.FindStringSubmatch(whole)
		recorded := c.Bindings[whole]
		slug := regexp.MustCompile(`[^A-Za-z0-9_]+`).ReplaceAllString(parts[2], "-")
		service := map[string]string{
			"LambdaArn":   "arn:aws:lambda:us-east-1:111111111111:function:",
			"ActivityArn": "arn:aws:states:us-east-1:111111111111:activity:",
		}[parts[1]]
		if service == "" {
			service = "arn:aws:states:us-east-1:111111111111:stateMachine:"
		}
		if recorded == "" {
			recorded = whole
		}
		return n.learn(whole, service+strings.Trim(slug, "-")+"-x1", recorded)
	})
	return placeholders.ReplaceAllStringFunc(text, func(token string) string {
		if actual, ok := n.sent[token]; ok {
			return actual
		}
		if when, ok := c.TimeInputs[token]; ok {
			at := epoch.AddDate(0, 0, when.Days)
			return n.learn(token, at.Format("2006-01-02T15:04:05")+when.Suffix, token)
		}
		switch token {
		case "<region>":
			return "us-east-1"
		case "<partition>":
			return "aws"
		case "<omitted>":
			return token
		}
		slug := regexp.MustCompile(`[^A-Za-z0-9_]+`).ReplaceAllString(token, "-")
		return n.learn(token, strings.Trim(slug, "-")+"-x2", token)
	})
}

// runCase says what differs from the recording, "" if nothing does.
func runCase(t *testing.T, c *recordedCase) string {
	names := &caseNames{sent: map[string]string{}}
	definition := names.send(c, string(c.Definition))
	if definition[0] == '"' {
		json.Unmarshal([]byte(definition), &definition)
	}
	p, diagnostics := Compile([]byte(definition), Options{Services: func(string, string) bool { return true }})
	if p == nil {
		return fmt.Sprintf("the definition does not compile: %v", diagnostics)
	}
	w := worldOf(t, p, testLimits())
	calls := c.calls(t)
	w.answer = func(w *world, task *interpreter.Task) { replayCall(w, task, &calls, names, c) }
	w.queues = func(string) bool {
		return !strings.Contains(string(c.Expected.Cause), "does not exist")
	}
	if c.InputText != nil {
		w.start(names.send(c, *c.InputText))
	} else {
		w.start(names.send(c, pythonText(c.Input)))
	}
	return c.judge(w, names)
}

func (c *recordedCase) calls(t *testing.T) []recordedCall {
	var calls []recordedCall
	for _, task := range c.Tasks {
		if task.Kind == "recorded_invocations" {
			if err := json.Unmarshal(task.Details, &calls); err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
		}
	}
	return calls
}

// replayCall answers a task as the next recorded call of its kind was answered.
func replayCall(w *world, task *interpreter.Task, calls *[]recordedCall, names *caseNames, c *recordedCase) {
	var r *recordedCall
	for i := range *calls {
		if !(*calls)[i].used {
			r = &(*calls)[i]
			r.used = true
			break
		}
	}
	if task.Delivery == interpreter.Pull {
		w.after(100*time.Millisecond, interpreter.TaskStarted{ID: task.ID, Worker: "BASE_ID_ACTIVITY_CONSUMER"})
	}
	if r == nil {
		return
	}
	if r.Submitted != nil {
		w.after(200*time.Millisecond, interpreter.TaskSubmitted{ID: task.ID, Output: []byte(names.send(c, outputText(r.Submitted.Output)))})
	}
	switch {
	case r.Outcome == nil:
	case strings.HasSuffix(r.Outcome.Type, "Succeeded"):
		w.after(time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(names.send(c, outputText(r.Outcome.Output)))})
	case strings.Contains(string(r.Outcome.Error), errorDataLimitExceeded):
		w.after(time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`"` + strings.Repeat("a", 257*1024) + `"`)})
	case strings.HasSuffix(r.Outcome.Type, "Failed"):
		failed := interpreter.TaskFailed{ID: task.ID}
		if len(r.Outcome.Error) > 0 {
			failed.Error = text(names.send(c, outputText(r.Outcome.Error)))
		}
		if len(r.Outcome.Cause) > 0 {
			cause := outputText(r.Outcome.Cause)
			if task.Action == "function" && cause[0] == '{' {
				cause = pythonText([]byte(cause))
			}
			failed.Cause = text(names.send(c, cause))
		}
		w.after(time.Second, failed)
	}
}

// outputText is the text of a recorded value: objects were parsed, all else
// stayed text.
func outputText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(value.AppendCompact(nil, raw))
}

// pythonText is a JSON text as Python's json.dumps writes it.
func pythonText(raw []byte) string {
	var b bytes.Buffer
	inString := false
	for _, r := range string(value.AppendCompact(nil, raw)) {
		switch {
		case r == '"' && !bytes.HasSuffix(b.Bytes(), []byte(`\`)):
			inString = !inString
			b.WriteRune(r)
		case !inString && (r == ',' || r == ':'):
			b.WriteRune(r)
			b.WriteByte(' ')
		case r > 126:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (c *recordedCase) judge(w *world, names *caseNames) string {
	m := &matcher{bound: map[string]string{"<region>": "us-east-1", "<partition>": "aws"}, rules: map[[2]string]bool{}}
	for _, r := range c.Replaced {
		m.rules[[2]string{r.Path[strings.LastIndex(r.Path, ".")+1:], r.By}] = true
	}
	back := func(text string) string { return names.back(text) }
	if problem := c.judgeHistory(w, m, back); problem != "" {
		return problem
	}
	result := w.run.Result()
	act := map[string]any{"status": result.Status.String()}
	if result.Output != nil {
		act["output"] = string(result.Output.Text())
	}
	if result.Error != nil {
		act["error"] = *result.Error
	}
	if result.Cause != nil {
		act["cause"] = *result.Cause
	}
	if strings.Contains(c.Expected.Note, "parsed from the recorded JSON") && result.Output != nil {
		parsed, err := parseJSON(string(result.Output.Text()))
		if err != nil {
			return err.Error()
		}
		act["output"] = normalise(parsed, back, true)
	}
	exp := map[string]any{"status": c.Expected.Status}
	for name, raw := range map[string]json.RawMessage{"output": c.Expected.Output, "error": c.Expected.Error, "cause": c.Expected.Cause} {
		if len(raw) > 0 {
			parsed, err := parseJSON(string(raw))
			if err != nil {
				return err.Error()
			}
			exp[name] = expectedForm(parsed)
		}
	}
	for name, v := range act {
		if text, ok := v.(string); ok {
			act[name] = normalise(text, back, false)
		}
	}
	if got := m.project(exp, act, ""); !same(got, exp) {
		return fmt.Sprintf("result\n got %s\nwant %s", canonical(got), canonical(exp))
	}
	return ""
}

func (c *recordedCase) judgeHistory(w *world, m *matcher, back func(string) string) string {
	if len(c.Expected.History) == 0 || string(c.Expected.History) == "null" {
		return ""
	}
	parsed, err := parseJSON(string(c.Expected.History))
	if err != nil {
		return err.Error()
	}
	exp := expectedForm(parsed).([]any)
	var act []any
	for _, e := range w.history() {
		act = append(act, normalise(eventJSON(e), back, false))
	}
	concurrent := strings.Contains(string(c.Definition), `"Map"`) || strings.Contains(string(c.Definition), `"Parallel"`)
	return m.history(exp, act, concurrent, c.Expected.Order != "")
}

func eventJSON(e *Event) map[string]any {
	out := map[string]any{
		"id":              json.Number(fmt.Sprint(e.ID)),
		"previousEventId": json.Number(fmt.Sprint(e.Previous)),
		"type":            e.Type,
		"timestamp":       "timestamp",
	}
	if e.Name != "" {
		out[e.Name] = detailsJSON(e.Details)
	}
	return out
}

func detailsJSON(details []Detail) map[string]any {
	out := map[string]any{}
	for _, d := range details {
		switch v := d.Value.(type) {
		case []Detail:
			out[d.Name] = detailsJSON(v)
		case int64:
			out[d.Name] = json.Number(fmt.Sprint(v))
		default:
			out[d.Name] = v
		}
	}
	return out
}
