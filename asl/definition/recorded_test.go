package definition_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"

	"github.com/fermata-dev/fermata/internal/recordings"
)

// recordedCall is one recorded call with a definition.
type recordedCall struct {
	Request struct {
		Type       string
		Definition json.RawMessage
	}
	Expected struct {
		Diagnostics []struct{ Severity, Code, Message, Location string }
		Result      string
		Message     string `json:"message"`
		Exception   string `json:"exception_value"`
	}
}

// text is the definition that was sent.
func (c recordedCall) text(t *testing.T) []byte {
	var wrapped struct {
		Of json.RawMessage `json:"$json_text_of"`
	}
	if json.Unmarshal(c.Request.Definition, &wrapped) == nil && wrapped.Of != nil {
		return wrapped.Of
	}
	var text string
	if err := json.Unmarshal(c.Request.Definition, &text); err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

const invalid = "Invalid State Machine Definition"

// TestSpeaksAsAWS compares messages with the recorded ones, to the letter.
func TestSpeaksAsAWS(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recordings.Path(t, "corpus/asl/cases/api"), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, file := range files {
		var kind struct{ Operation any } // a string in cases of one call
		if readJSON(t, file, &kind); kind.Operation != "CreateStateMachine" && kind.Operation != "ValidateStateMachineDefinition" {
			continue
		}
		var c recordedCall
		readJSON(t, file, &c)
		opts := everything
		opts.Express = c.Request.Type == "EXPRESS"
		machine, got := definition.Parse(c.text(t), opts)
		name := filepath.Base(file)
		if kind.Operation == "ValidateStateMachineDefinition" {
			c.compareDiagnostics(t, name, got)
		} else if _, want, refused := strings.Cut(c.Expected.Message+c.Expected.Exception, invalid); refused {
			want = strings.ReplaceAll(invalid+want, "arn:<partition>:", "arn:aws:")
			if text := definition.FormatInvalidDefinition(got); text != want || machine != nil {
				t.Errorf("%s: got\n\t%s\nwant\n\t%s", name, text, want)
			}
		}
		compared++
	}
	t.Logf("%d recordings", compared)
}

func (c recordedCall) compareDiagnostics(t *testing.T, file string, got []definition.Diagnostic) {
	if len(got) != len(c.Expected.Diagnostics) {
		t.Errorf("%s: got%s\nwant %v", file, describe(got), c.Expected.Diagnostics)
		return
	}
	for i, want := range c.Expected.Diagnostics {
		if d := got[i]; string(d.Code) != want.Code || d.Message != want.Message || d.Location != want.Location {
			t.Errorf("%s: got%s\nwant %v", file, describe(got[i:i+1]), want)
		}
	}
}
