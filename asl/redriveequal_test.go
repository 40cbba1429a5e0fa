package asl

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

// TestRedrivesComeToTheSameEnd: an execution whose tasks fail now and then, and
// which is redriven each time, gives what it would have given at once, and has no
// task done again that had succeeded.
func TestRedrivesComeToTheSameEnd(t *testing.T) {
	compared, redriven := 0, 0
	for seed := range uint64(3000) {
		g := &generator{random: rand.New(rand.NewPCG(seed, 1))}
		definition, err := json.Marshal(withoutHandlers(g.scope(0)))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(definition), "$now()") || strings.Contains(string(definition), "$random()") {
			continue
		}
		p := mustCompile(t, string(definition))
		smooth, _ := runRedriven(t, p, seed, 0)
		if smooth.run.Result().Status != interpreter.Succeeded || smooth.started == 0 {
			continue
		}
		rough, redrives := runRedriven(t, p, seed, 30)
		compared++
		redriven += redrives
		if got, want := rough.outcome(), smooth.outcome(); got != want {
			t.Fatalf("seed %d: after %d redrives\n%s\nnot\n%s\nof\n%s", seed, redrives, got, want, definition)
		}
		if rough.succeeded != smooth.succeeded {
			t.Errorf("seed %d: %d tasks have succeeded in all, not %d, of\n%s", seed, rough.succeeded, smooth.succeeded, definition)
		}
	}
	if compared < 100 || redriven < 100 {
		t.Errorf("only %d executions were compared, with %d redrives", compared, redriven)
	}
}

// redrivenWorld counts the results that counted.
type redrivenWorld struct {
	*world
	succeeded int
}

// runRedriven runs a program, and redrives it as long as it fails. So many
// percent of the tasks fail.
func runRedriven(t *testing.T, p *Program, seed uint64, failing int) (*redrivenWorld, int) {
	random := rand.New(rand.NewPCG(seed, 2))
	w := &redrivenWorld{world: worldOf(t, p, testLimits())}
	w.check = false
	w.answer = func(_ *world, task *interpreter.Task) {
		delay := time.Duration(random.IntN(5000)) * time.Millisecond
		if task.Delivery == interpreter.Pull {
			w.after(0, interpreter.TaskStarted{ID: task.ID})
		}
		if task.Completion != interpreter.ByAnswer {
			w.after(0, interpreter.TaskSubmitted{ID: task.ID, Output: []byte(`{}`)})
		}
		if random.IntN(100) < failing {
			w.after(delay, interpreter.TaskFailed{ID: task.ID, Error: text("Now.And.Then")})
			return
		}
		w.afterDo(delay, func() {
			if w.decide(interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`{"items":[1,2],"n":1,"x":"` + task.State + `"}`)}) == interpreter.Done {
				w.succeeded++
			}
		})
	}
	w.start(`{"items":[1,{"a":2},"three"],"n":2,"a":{"b":[1,2]}}`)
	redrives := 0
	for failing > 0 && redrives < 200 && w.run.Result().Status != interpreter.Succeeded {
		if outcome := w.decide(interpreter.Redrive{}); outcome != interpreter.Done {
			t.Fatalf("seed %d: redrive %d: outcome %v", seed, redrives, outcome)
		}
		redrives++
		w.goOn()
	}
	return w, redrives
}

// withoutHandlers takes away all that does something about a failure, and the
// timeouts.
func withoutHandlers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"Retry", "Catch", "TimeoutSeconds", "HeartbeatSeconds"} {
			delete(v, name)
		}
		for name, member := range v {
			v[name] = withoutHandlers(member)
		}
	case []any:
		for i := range v {
			v[i] = withoutHandlers(v[i])
		}
	}
	return v
}
