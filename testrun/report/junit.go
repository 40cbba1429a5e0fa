package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/fermata-dev/fermata/testrun"
)

// JUnit writes an XML file that continuous integration systems read.
type JUnit struct {
	Out io.Writer
	all junitSuites
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
	seconds  float64
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr,omitempty"`
	Time    string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
	Skipped *junitMessage `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Broken counts a test file that cannot be run as one error.
func (j *JUnit) Broken(file string, err error) {
	j.all.Tests++
	j.all.Errors++
	j.all.Suites = append(j.all.Suites, junitSuite{Name: file, Tests: 1, Errors: 1, Time: exact(0), Cases: []junitCase{{
		Name: "(file)", Class: file, File: file, Time: exact(0),
		Error: &junitMessage{Message: "the file cannot be run", Text: err.Error()},
	}}})
}

// Suite notes the results of a file.
func (j *JUnit) Suite(s *testrun.Suite, results []*testrun.Result) {
	suite := junitSuite{Name: s.File, Tests: len(results)}
	total := 0.0
	for _, r := range results {
		took := r.Took.Seconds()
		total += took
		c := junitCase{Name: r.Test.Name, Class: s.Machine.Name, File: s.File, Line: r.Test.Line, Time: exact(took)}
		switch {
		case r.Failed():
			suite.Failures++
			c.Failure = &junitMessage{Message: r.Faults[0], Text: Failure(r)}
		case r.Skipped:
			suite.Skipped++
			c.Skipped = &junitMessage{Message: r.Test.Skip}
		default:
			c.Output = "path taken: " + testrun.ShownPath(r.Path)
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Time = exact(total)
	j.all.Tests += suite.Tests
	j.all.Failures += suite.Failures
	j.all.seconds += total
	j.all.Suites = append(j.all.Suites, suite)
}

// exact is a number of seconds.
func exact(seconds float64) string { return fmt.Sprintf("%.3f", seconds) }

// Close writes the file.
func (j *JUnit) Close() error {
	j.all.Time = exact(j.all.seconds)
	text, err := xml.MarshalIndent(j.all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.Out, "%s%s\n", xml.Header, text)
	return err
}
