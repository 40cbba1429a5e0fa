package catalog

import (
	"testing"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

func TestWhyAnExecutionCannotBeRedriven(t *testing.T) {
	now := time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		result    interpreter.Result
		open, ago time.Duration
		reason    string
	}{
		{interpreter.Result{Status: interpreter.Running}, 0, 0, "Execution is RUNNING and cannot be redriven"},
		{interpreter.Result{Status: interpreter.Succeeded}, 0, 0, "Execution is SUCCEEDED and cannot be redriven"},
		{interpreter.Result{Status: interpreter.Failed, Redrivable: true}, time.Hour, RedrivePeriod, ""},
		{interpreter.Result{Status: interpreter.TimedOut, Redrivable: true}, time.Hour, RedrivePeriod + 1, "Execution redrivable period exceeded"},
		{interpreter.Result{Status: interpreter.Aborted, Redrivable: true}, openTime, time.Hour, "Execution has exceeded the max execution time"},
		{interpreter.Result{Status: interpreter.Failed, Full: true}, time.Hour, time.Hour, "Execution has exceeded the maximum history event limit"},
		{interpreter.Result{Status: interpreter.Failed}, time.Hour, time.Hour, "Execution was started before the launch of RedriveExecution"},
	} {
		closed := now.Add(-c.ago)
		d := &engine.Description{Result: c.result, Head: &store.Head{Started: closed.Add(-c.open), Closed: closed}}
		if got := NotRedrivable(d, now); got != c.reason {
			t.Errorf("%+v: %q, not %q", c, got, c.reason)
		}
	}
}
