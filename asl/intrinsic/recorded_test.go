package intrinsic_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"

	"github.com/fermata-dev/fermata/internal/recordings"
)

// recording is the part of a recorded execution that this test needs.
type recording struct {
	Definition struct {
		QueryLanguage string
		StartAt       string
		States        map[string]struct {
			Type, QueryLanguage, ResultPath, OutputPath string
			Parameters                                  json.RawMessage
			End                                         bool
		}
	}
	Input    json.RawMessage
	Expected struct {
		Status string
		Output json.RawMessage
	}
}

func TestRecorded(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recordings.Path(t, "corpus/asl/cases/intrinsics"), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	evaluated := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r recording
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		state := r.Definition.States[r.Definition.StartAt]
		if !state.End || state.Type != "Pass" || state.QueryLanguage != "" || r.Definition.QueryLanguage != "" || state.Parameters == nil {
			continue // of another language, or more than one state
		}
		evaluated++
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			if r.Expected.Status != "SUCCEEDED" {
				t.Fatalf("recorded with status %s", r.Expected.Status)
			}
			input := parse(t, string(r.Input))
			s := recordedScope{input}
			output := fill(t, parse(t, string(state.Parameters)), s)
			if state.ResultPath != "" {
				output = assign(t, state.ResultPath, input, output)
			}
			if state.OutputPath != "" {
				output = find(t, state.OutputPath, output)
			}
			want := parse(t, string(r.Expected.Output))
			if !alike(output, want) {
				t.Errorf("is   %s\nwant %s", value.Append(nil, output), value.Append(nil, want))
			}
		})
	}
	t.Logf("%d of %d recordings are single Pass states in JSONPath", evaluated, len(files))
}

// alike is Equal, but for what the recorder had to replace.
func alike(got, want any) bool {
	object, ok := got.(*value.Object)
	if ok && object.Len() == 1 {
		wanted, _ := want.(*value.Object)
		result, _ := object.Get("FunctionResult")
		switch expected, _ := wanted.Get("FunctionResult"); expected {
		case "RandomNumberGenerated":
			return value.TypeName(result) == "number"
		case "generated-uuid":
			return result == random(0).UUID()
		}
	}
	return value.Equal(got, want)
}

// fill evaluates a payload template.
func fill(t *testing.T, template any, s recordedScope) any {
	object, ok := template.(*value.Object)
	if !ok {
		return template
	}
	filled := value.NewObject(object.Len())
	for name, v := range object.All() {
		dynamic, isDynamic := strings.CutSuffix(name, ".$")
		if !isDynamic {
			filled.Set(name, fill(t, v, s))
			continue
		}
		result, err := compile(t, v.(string)).Eval(s, random(0.5))
		if err != nil {
			t.Fatal(err)
		}
		filled.Set(dynamic, result)
	}
	return filled
}

func assign(t *testing.T, path string, root, v any) any {
	p, err := jsonpath.CompileReference(path)
	if err != nil {
		t.Fatal(err)
	}
	assigned, err := p.Assign(root, v)
	if err != nil {
		t.Fatal(err)
	}
	return assigned
}

func find(t *testing.T, path string, root any) any {
	p, err := jsonpath.Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := p.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// recordedScope has the names that the recorder gave to things.
type recordedScope struct{ input any }

var _ jsonpath.Scope = recordedScope{}
var _ intrinsic.Random = random(0)

func (s recordedScope) Input() any                  { return s.input }
func (s recordedScope) Variable(string) (any, bool) { return nil, false }
func (s recordedScope) Context() any {
	machine := object("Id", "arn:<partition>:states:<region>:111111111111:stateMachine:<ArnPart_0idx>", "Name", "<ArnPart_0idx>")
	return object("Execution", object("Input", s.input, "Name", "<ExecArnPart_0idx>"), "StateMachine", machine)
}

func object(members ...any) *value.Object {
	o := value.NewObject(len(members) / 2)
	for i := 0; i < len(members); i += 2 {
		o.Set(members[i].(string), members[i+1])
	}
	return o
}
