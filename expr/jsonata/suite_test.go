package jsonata_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"

	"github.com/fermata-dev/fermata/internal/recordings"
)

// knownFailures are the cases of the official suite that fail, with why.
var knownFailures = map[string]string{}

// TestSuite runs the official JSONata test suite, if it is there.
func TestSuite(t *testing.T) {
	corpus := recordings.Path(t, "corpus/jsonata")
	groups, _ := filepath.Glob(filepath.Join(corpus, "groups", "*.json"))
	if len(groups) == 0 {
		t.Fatal("the JSONata test suite has no groups")
	}
	datasets := map[string]any{}
	passed, cases := 0, 0
	for _, file := range groups {
		list, _ := read(t, file).([]any)
		for _, c := range list {
			cases++
			object := c.(*value.Object)
			id, _ := get(object, "id").(string)
			problem := runCase(t, object, corpus, datasets)
			why, known := knownFailures[id]
			switch {
			case problem == "":
				passed++
				if known {
					t.Errorf("%s passes, but is listed as failing: %s", id, why)
				}
			case !known:
				expr, _ := get(object, "expr").(string)
				t.Errorf("%s: %.150s\n\t%s", id, expr, problem)
			}
		}
	}
	t.Logf("%d of %d cases pass", passed, cases)
}

// loneHalf is half of a surrogate pair, escaped in JSON. Package value has no
// such strings, but expressions can escape them themselves.
var loneHalf = regexp.MustCompile(`'\\ud800'`)

func read(t *testing.T, file string) any {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.Parse(loneHalf.ReplaceAll(text, []byte(`'\\ud800'`)))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return v
}

func get(o *value.Object, key string) any {
	v, _ := o.Get(key)
	return v
}

// runCase says what is wrong with a case, or "".
func runCase(t *testing.T, c *value.Object, corpus string, datasets map[string]any) string {
	env := jsonata.Env{Input: jsonata.Undefined{}}
	if data, ok := c.Get("data"); ok {
		env.Input = data
	} else if name, ok := get(c, "dataset").(string); ok {
		if _, ok := datasets[name]; !ok {
			datasets[name] = read(t, filepath.Join(corpus, "datasets", name+".json"))
		}
		env.Input = datasets[name]
	}
	if bindings, ok := get(c, "bindings").(*value.Object); ok {
		variables := jsonata.Bindings{}
		for name, v := range bindings.All() {
			variables[name] = v
		}
		env.Variables = variables
	}
	options := jsonata.Options{}
	if depth, ok := get(c, "depth").(value.Number); ok {
		options.MaxDepth = int(depth.Float64())
	}
	text, _ := get(c, "expr").(string)
	result, defined, err := evaluate(text, options, env)
	if want, ok := c.Get("result"); ok {
		return wrongResult(c, result, defined, err, want)
	}
	if get(c, "undefinedResult") != nil {
		if err != nil || defined {
			return "want no value, got " + show(result) + errorText(err)
		}
		return ""
	}
	return wrongError(c, result, err)
}

func evaluate(text string, options jsonata.Options, env jsonata.Env) (any, bool, error) {
	expr, err := jsonata.Compile(text, options)
	if err != nil {
		return nil, false, err
	}
	return expr.Eval(env)
}

func wrongResult(c *value.Object, result any, defined bool, err error, want any) string {
	if err != nil || !defined {
		return "want " + show(want) + ", got none" + errorText(err)
	}
	if value.Equal(result, want) {
		return ""
	}
	if get(c, "unordered") == true && sameItems(result, want) {
		return ""
	}
	return "want " + show(want) + ", got " + show(result)
}

func sameItems(result, want any) bool {
	a, _ := result.([]any)
	b, _ := want.([]any)
	for _, item := range a {
		found := false
		for _, other := range b {
			found = found || value.Equal(item, other)
		}
		if !found {
			return false
		}
	}
	return len(a) == len(b)
}

func wrongError(c *value.Object, result any, err error) string {
	code, _ := get(c, "code").(string)
	want := jsonata.Error{}
	if o, ok := get(c, "error").(*value.Object); ok {
		code, _ = get(o, "code").(string)
		want.Token, _ = get(o, "token").(string)
		want.Message, _ = get(o, "message").(string)
	}
	if token, ok := get(c, "token").(string); ok {
		want.Token = token
	}
	var got *jsonata.Error
	if !errors.As(err, &got) {
		return "want " + code + ", got " + show(result)
	}
	same := got.Code == code || code == "U1001" && (got.Code == jsonata.CodeDepth || got.Code == jsonata.CodeSteps)
	if !same || want.Token != "" && got.Token != want.Token || want.Message != "" && got.Message != want.Message {
		return "want " + code + " " + want.Token + " " + want.Message + ", got " + got.Error() + " " + got.Token
	}
	return ""
}

func show(v any) string {
	text := string(value.Append(nil, v))
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "") + "…"
	}
	return text
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return " (" + err.Error() + ")"
}
