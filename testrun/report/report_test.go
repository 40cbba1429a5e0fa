package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/testrun"
	"github.com/fermata-dev/fermata/testrun/report"
)

// outcome runs a file with one test of each kind, and one that cannot be read.
func outcome(t *testing.T, r report.Report) {
	t.Helper()
	const text = `
stateMachine: hold
tests:
  - {name: passes, expect: {elapsed: 1h}}
  - {name: "fails <&>", expect: {output: 1, path: [Hold, Hold]}}
  - {name: is skipped, skip: not yet}
`
	suite, err := testrun.Parse("a.test.yaml", []byte(text), func(string, string, map[string]string) (*testrun.Source, error) {
		return &testrun.Source{Name: "hold", File: "hold.asl", Type: "STANDARD", Text: `{"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 3600, "End": true}}}`}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Suite(suite, (&testrun.Runner{}).Run(t.Context(), suite))
	r.Broken("b.test.yaml", errors.New("b.test.yaml:3: broken"))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

// untimed takes the times out, which differ.
func untimed(text string) string {
	return regexp.MustCompile(`\d+\.\d\d+s?`).ReplaceAllString(text, "T")
}

func TestText(t *testing.T) {
	for verbose, want := range map[bool]string{
		false: `--- FAIL: fails <&> (T)
    a.test.yaml:5
    output: got {}, want 1
    path: got  Hold
          want Hold → Hold
FAIL	a.test.yaml	T	1 of 3 tests failed
    b.test.yaml:3: broken
FAIL	b.test.yaml [the file cannot be run]
`,
		true: `--- PASS: passes (T, virtual 1h0m0s)
    Hold
--- FAIL: fails <&> (T)
    a.test.yaml:5
    output: got {}, want 1
    path: got  Hold
          want Hold → Hold
--- SKIP: is skipped: not yet
FAIL	a.test.yaml	T	1 of 3 tests failed
    b.test.yaml:3: broken
FAIL	b.test.yaml [the file cannot be run]
`,
	} {
		var out bytes.Buffer
		outcome(t, &report.Text{Out: &out, Verbose: verbose})
		if got := untimed(out.String()); got != want {
			t.Errorf("verbose %t:\n%s\nwant\n%s", verbose, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	outcome(t, &report.JSON{Out: &out, Now: func() time.Time { return time.Unix(0, 0).UTC() }})
	var got []string
	for line := range strings.Lines(out.String()) {
		var e struct{ Time, Action, Package, Test, Output string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Action+" "+e.Package+" "+e.Test)
	}
	want := []string{
		"run a.test.yaml passes", "pass a.test.yaml passes",
		"run a.test.yaml fails <&>", "output a.test.yaml fails <&>", "fail a.test.yaml fails <&>",
		"run a.test.yaml is skipped", "skip a.test.yaml is skipped",
		"fail a.test.yaml ", "output b.test.yaml ", "fail b.test.yaml ",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestJUnit(t *testing.T) {
	var out bytes.Buffer
	outcome(t, &report.JUnit{Out: &out})
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Name    string `xml:"name,attr"`
			Skipped int    `xml:"skipped,attr"`
			Cases   []struct {
				Name    string `xml:"name,attr"`
				Failure string `xml:"failure"`
				Error   string `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if got.Tests != 4 || got.Failures != 1 || got.Errors != 1 || len(got.Suites) != 2 || got.Suites[0].Skipped != 1 {
		t.Errorf("got %+v", got)
	}
	failed := got.Suites[0].Cases[1]
	if failed.Name != "fails <&>" || !strings.Contains(failed.Failure, "output: got {}, want 1") || got.Suites[1].Cases[0].Error != "b.test.yaml:3: broken" {
		t.Errorf("got %+v", got)
	}
}
