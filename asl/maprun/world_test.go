package maprun

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// world drives a map run as an engine would, and checks after every decision that
// the facts alone give the same state.
type world struct {
	t       *testing.T
	program *Program
	limits  *interpreter.Limits
	run     interpreter.Run
	twin    interpreter.Run // folds the facts
	env     interpreter.Env
	effects []interpreter.Effect
	facts   int
	log     [][][]byte // the facts of each decision
	begun   uint64     // facts that add a task
}

func newWorld(t *testing.T, p *Program, limits interpreter.Limits) *world {
	w := &world{t: t, program: p, limits: &limits}
	w.env.Now = time.UnixMilli(1_700_000_000_000).UTC()
	w.env.Random = rand.NewPCG(1, 2)
	w.run, w.twin = p.New(w.info()), p.New(w.info())
	return w
}

func (w *world) info() interpreter.Info {
	return interpreter.Info{ExecutionARN: "arn:aws:states:us-east-1:123456789012:mapRun:m/l:id", Limits: w.limits}
}

// do carries out a command, and whatever it leaves to be continued.
func (w *world) do(cmd interpreter.Command) interpreter.Outcome {
	w.t.Helper()
	outcome := w.decide(cmd)
	for w.run.Pending() {
		w.decide(interpreter.Continue{})
	}
	return outcome
}

func (w *world) decide(cmd interpreter.Command) interpreter.Outcome {
	w.t.Helper()
	var d interpreter.Decision
	outcome := w.run.Decide(&w.env, cmd, &d)
	var entry [][]byte
	for i := range d.Facts() {
		entry = append(entry, bytes.Clone(d.Fact(i)))
		if err := w.twin.Apply(d.Fact(i), w.env.Now); err != nil {
			w.t.Fatalf("%T: fact %d: %v", cmd, i, err)
		}
	}
	w.facts += d.Facts()
	w.countTasks(entry)
	w.log = append(w.log, entry)
	w.effects = append(w.effects, d.Effects...)
	snapshot := w.run.Snapshot(nil)
	if !bytes.Equal(snapshot, w.twin.Snapshot(nil)) {
		w.t.Fatalf("%T: the facts give another state", cmd)
	}
	restored, err := w.program.Restore(w.info(), snapshot)
	if err != nil || !bytes.Equal(restored.Snapshot(nil), snapshot) {
		w.t.Fatalf("%T: the snapshot gives another state: %v", cmd, err)
	}
	if restored.Active() != w.run.Active() || restored.Size() != w.run.Size() {
		w.t.Fatalf("%T: restored with %d tasks and %d bytes, had %d and %d", cmd, restored.Active(), restored.Size(), w.run.Active(), w.run.Size())
	}
	w.twin = restored
	return outcome
}

// countTasks checks that as many tasks were added as the kinds of the facts say.
func (w *world) countTasks(facts [][]byte) {
	w.t.Helper()
	for _, text := range facts {
		if factKind(text[0]).begins() {
			w.begun++
		}
	}
	if last := w.run.(*Run).lastTask; last != w.begun {
		w.t.Fatalf("%d facts have added %d tasks", w.begun, last)
	}
}

func (w *world) start(config string) {
	w.t.Helper()
	w.do(interpreter.Start{Input: value.Text([]byte(config))})
}

// tasks are the outstanding ones of an action, in order.
func (w *world) tasks(action string) (found []*interpreter.Task) {
	w.run.Outstanding(func(t *interpreter.Task, _ interpreter.Phase) bool {
		if strings.TrimSuffix(t.Action, Record) == action {
			found = append(found, t)
		}
		return true
	})
	return found
}

// end ends the first child as that status; the output of one that succeeds is its
// input.
func (w *world) end(status string) {
	w.t.Helper()
	children := w.tasks(StartChild)
	if w.program.Express {
		children = append(w.tasks(RerunChild), w.tasks(RunChild)...)
	}
	child := children[0]
	output := ""
	if status == "SUCCEEDED" {
		output = `,"Output":` + string(child.Payload)
	}
	w.do(interpreter.TaskSucceeded{ID: child.ID, Output: fmt.Appendf(nil, `{"Status":%q%s}`, status, output)})
}

// answer ends the only task of an action.
func (w *world) answer(action, output string) {
	w.t.Helper()
	tasks := w.tasks(action)
	if len(tasks) != 1 {
		w.t.Fatalf("%d tasks to %s are outstanding", len(tasks), action)
	}
	w.do(interpreter.TaskSucceeded{ID: tasks[0].ID, Output: []byte(output)})
}

// outcome is how the map run ended.
func (w *world) outcome() string {
	r := w.run.Result()
	text := r.Status.String()
	if r.Output != nil {
		text += " " + string(r.Output.Text())
	}
	for _, part := range []*string{r.Error, r.Cause} {
		if part != nil {
			text += " " + *part
		}
	}
	return text
}

func (w *world) expect(want string) {
	w.t.Helper()
	if got := w.outcome(); got != want {
		w.t.Errorf("it ended as\n%s, want\n%s", got, want)
	}
}

// payloads are those of tasks.
func payloads(tasks []*interpreter.Task) string {
	var texts []string
	for _, t := range tasks {
		texts = append(texts, string(t.Payload))
	}
	return strings.Join(texts, " ")
}

// ids are those of tasks.
func ids(tasks []*interpreter.Task) (all []uint64) {
	for _, t := range tasks {
		all = append(all, t.ID)
	}
	slices.Sort(all)
	return all
}
