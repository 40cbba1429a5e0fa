package catalog_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
)

func TestCheckName(t *testing.T) {
	for _, name := range []string{"a", "A.b-c_d", "übung", "日本", "a!@()+='b", strings.Repeat("ä", 80)} {
		if err := catalog.CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	bad := []string{"", strings.Repeat("a", 81), "a b", "a\tb", "\x00", "\x1f", "\x7f", "\u0085", "\u00a0", "\u2003", "\ufffe", "\U0010ffff", "a\xffb", "a\ufffdb"}
	for _, r := range `<>{}[]?*"#%\^|~` + "`$&,;:/" {
		bad = append(bad, "a"+string(r)+"b")
	}
	for _, name := range bad {
		if catalog.CheckName(name) == nil {
			t.Errorf("%q is a name", name)
		}
	}
}

func TestParseARN(t *testing.T) {
	const prefix = "arn:aws:states:us-east-1:123456789012:"
	for text, want := range map[string]string{
		prefix + "stateMachine:m":            "",
		prefix + "stateMachine:m:7":          "",
		"arn:aws-cn:states:::stateMachine:m": "",
		"":                                   "Invalid ARN prefix: ",
		"nothing":                            "Invalid ARN prefix: nothing",
		"arn:aws:states":                     "Invalid ARN: arn:aws:states",
		"arn:aws:sqs:us-east-1:1:a:b":        "Invalid ARN: arn:aws:sqs:us-east-1:1:a:b",
		prefix + "express:m:a:b":             "Resource type not valid in this context: express",
		prefix + "stateMachine:m:":           "Resource name is missing: " + prefix + "stateMachine:m:",
		prefix + "stateMachine:":             "Resource name is missing: " + prefix + "stateMachine:",
	} {
		_, err := catalog.ParseMachine(text)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != "InvalidArn: Invalid Arn: '"+want+"'") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	for _, text := range []string{prefix + "execution:m", prefix + "execution:m:", prefix + "execution::x"} {
		if _, err := catalog.ParseExecution(text); err == nil {
			t.Errorf("%q is an execution", text)
		}
	}
	for _, text := range []string{prefix + "express:m", prefix + "express:m:a"} {
		if _, err := catalog.ParseExpress(text); err == nil {
			t.Errorf("%q is an execution", text)
		}
	}
	a, err := catalog.ParseExpress(prefix + "express:m:a:b")
	if err != nil || strings.Join(a.Rest, " ") != "m a b" {
		t.Errorf("got %+v, %v", a, err)
	}
}
