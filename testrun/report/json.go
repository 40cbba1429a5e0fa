package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/fermata-dev/fermata/testrun"
)

// JSON writes one event a line, in the form of go test -json: the package of a
// test is its file.
type JSON struct {
	Out io.Writer
	// Now is the time of the events.
	Now func() time.Time
	err error
}

// event is one line.
type event struct {
	Time    time.Time
	Action  string
	Package string
	Test    string   `json:",omitempty"`
	Elapsed *float64 `json:",omitempty"`
	Output  string   `json:",omitempty"`
}

func (j *JSON) write(e event) {
	e.Time = j.Now()
	if err := json.NewEncoder(j.Out).Encode(e); err != nil && j.err == nil {
		j.err = err
	}
}

// Broken says that a test file cannot be run.
func (j *JSON) Broken(file string, err error) {
	j.write(event{Action: "output", Package: file, Output: err.Error() + "\n"})
	j.write(event{Action: "fail", Package: file})
}

// Suite writes the events of a file.
func (j *JSON) Suite(s *testrun.Suite, results []*testrun.Result) {
	action := "pass"
	total := 0.0
	for _, r := range results {
		j.test(r)
		total += r.Took.Seconds()
		if r.Failed() {
			action = "fail"
		}
	}
	j.write(event{Action: action, Package: s.File, Elapsed: &total})
}

func (j *JSON) test(r *testrun.Result) {
	e := event{Action: "run", Package: r.Suite.File, Test: r.Test.Name}
	j.write(e)
	e.Action = "pass"
	switch {
	case r.Failed():
		output := e
		output.Action, output.Output = "output", Failure(r)+"\n"
		j.write(output)
		e.Action = "fail"
	case r.Skipped:
		e.Action, e.Output = "skip", r.Test.Skip
	}
	took := r.Took.Seconds()
	e.Elapsed = &took
	j.write(e)
}

// Close answers with the first error of writing.
func (j *JSON) Close() error { return j.err }
