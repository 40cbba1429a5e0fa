package sim

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// token is the task token of a task.
func token(run store.RunID, task uint64) string { return fmt.Sprintf("token-%d-%d", run, task) }

// work is how a task ends when nothing goes wrong: a function of the state and
// of what the task is about, the same for every attempt.
func work(t *interpreter.Task) interpreter.Command {
	if t.Connector == "states" {
		return interpreter.TaskSucceeded{ID: t.ID, Output: []byte(`{"started":true}`)}
	}
	h := fnv.New64a()
	h.Write([]byte(t.State))
	h.Write(subject(t))
	sum := h.Sum64()
	if strings.Contains(t.Resource+string(t.Payload), "moody") && sum%3 == 0 {
		name, cause := "Biz", refusal
		return interpreter.TaskFailed{ID: t.ID, Error: &name, Cause: &cause}
	}
	pad := ""
	if strings.Contains(t.Resource, "bulky") {
		pad = strings.Repeat("=", int(sum%9000))
	}
	return interpreter.TaskSucceeded{ID: t.ID, Output: fmt.Appendf(nil, `{"h":%d,"c":%d,"pad":"%s"}`, sum%1_000_003, sum%4, pad)}
}

// subject is what a task is about: its payload without what differs between
// attempts.
func subject(t *interpreter.Task) []byte {
	if t.Completion != interpreter.ByToken {
		return t.Payload
	}
	var p struct {
		Payload struct {
			In json.RawMessage `json:"in"`
		}
	}
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		panic(violation{fmt.Sprintf("a payload is not what the machine says: %v: %s", err, t.Payload)})
	}
	return p.Payload.In
}
