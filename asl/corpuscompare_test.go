package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The rules by which an actual answer is compared with a recorded one: the
// recorder replaced what differs from run to run by placeholders. They are
// those of the black-box conformance runner.

var (
	isoTime      = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`)
	placeholders = regexp.MustCompile(`<<[^<>\s]+>:\d+>|<[A-Za-z][^<>\s"\\]*>|\bs(?:nf|fn)_role_arn(?:_t\d)?\b`)
	closing      = regexp.MustCompile(`^(?:(?:Parallel|Map)State(?:Succeeded|Failed|Aborted|Exited)|MapIteration(?:Started|Failed|Aborted)|ExecutionFailed)`)
)

const uuidPattern = `[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`

func parseJSON(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}

func canonical(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func same(a, b any) bool { return canonical(a) == canonical(b) }

// normalise does to an actual answer what the recorder did to AWS's.
func normalise(v any, back func(string) string, inside bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, member := range v {
			if inside {
				k = back(k)
			} else if member == nil {
				continue
			}
			out[k] = normalise(member, back, inside)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = normalise(v[i], back, inside)
		}
		return out
	case string:
		if !inside && strings.HasPrefix(v, "{") {
			if parsed, err := parseJSON(v); err == nil {
				return normalise(parsed, back, true)
			}
		}
		return isoTime.ReplaceAllString(back(v), "date")
	case json.Number:
		if text := string(v); strings.ContainsAny(text, ".eE") {
			f, _ := v.Float64()
			return json.Number(strconv.FormatFloat(f, 'e', -1, 64))
		}
		return v
	default:
		return v
	}
}

// expectedForm is the recorded side.
func expectedForm(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, member := range v {
			out[k] = expectedForm(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = expectedForm(v[i])
		}
		return out
	case string:
		return isoTime.ReplaceAllString(v, "date")
	default:
		return normalise(v, func(s string) string { return s }, true)
	}
}

// matcher binds placeholders of one case to texts.
type matcher struct {
	bound map[string]string
	rules map[[2]string]bool // (member, replacement)
}

// project is the actual value, with the placeholder in the place of every
// text that satisfies it.
func (m *matcher) project(exp, act any, key string) any {
	if text, ok := exp.(string); ok && m.rules[[2]string{key, text}] {
		return exp
	}
	switch a := act.(type) {
	case map[string]any:
		e, ok := exp.(map[string]any)
		if !ok {
			return act
		}
		if key == "SdkHttpMetadata" || key == "SdkResponseMetadata" {
			return exp
		}
		out := map[string]any{}
		for k, v := range a {
			if wanted, ok := e[k]; ok {
				v = m.project(wanted, v, k)
			}
			out[k] = v
		}
		return out
	case []any:
		e, ok := exp.([]any)
		if !ok {
			return act
		}
		out := make([]any, len(a))
		for i := range a {
			out[i] = a[i]
			if i < len(e) {
				out[i] = m.project(e[i], a[i], key)
			}
		}
		return out
	case string:
		if e, ok := exp.(string); ok && e != a && m.matches(e, a) {
			return exp
		}
	}
	return act
}

// matches says whether a text fits one with placeholders, and binds those
// that are seen for the first time.
func (m *matcher) matches(exp, act string) bool {
	var pattern strings.Builder
	var groups []string
	at := 0
	pattern.WriteString("(?s)^")
	for _, span := range placeholders.FindAllStringIndex(exp, -1) {
		token := exp[span[0]:span[1]]
		pattern.WriteString(regexp.QuoteMeta(exp[at:span[0]]))
		at = span[1]
		if known, ok := m.bound[token]; ok {
			pattern.WriteString("(?:" + regexp.QuoteMeta(token) + "|" + regexp.QuoteMeta(known) + ")")
			continue
		}
		groups = append(groups, token)
		switch {
		case strings.HasPrefix(token, "<uuid:"):
			pattern.WriteString("(" + uuidPattern + "|" + regexp.QuoteMeta(token) + ")")
		case strings.Contains(token, "role_arn"):
			pattern.WriteString(`(arn:aws:iam::\d*:role/[^\s"]+|` + regexp.QuoteMeta(token) + ")")
		default:
			pattern.WriteString("(.+?)")
		}
	}
	if at == 0 {
		return false
	}
	pattern.WriteString(regexp.QuoteMeta(exp[at:]) + "$")
	found := regexp.MustCompile(pattern.String()).FindStringSubmatch(act)
	if found == nil {
		return false
	}
	fresh := map[string]string{}
	for i, token := range groups {
		if before, ok := fresh[token]; ok && before != found[i+1] {
			return false
		}
		fresh[token] = found[i+1]
	}
	for token, text := range fresh {
		if text != token {
			m.bound[token] = text
		}
	}
	return true
}

// parallelForm loses the ids of the events inside of a Parallel state, and
// the event that closes it, in the very way in which the recorder did.
func parallelForm(recorded []any) []any {
	events := make([]map[string]any, len(recorded))
	for i, e := range recorded {
		events[i] = maps.Clone(e.(map[string]any))
	}
	start, open, inside := 0, false, false
	var section []map[string]any
	for i := 0; i < len(events); i++ {
		event := events[i]
		switch event["type"] {
		case "ParallelStateStarted":
			section, start, open, inside = nil, i+1, true, true
			continue
		case "ParallelStateSucceeded", "ParallelStateAborted", "ParallelStateExited", "ParallelStateFailed":
			if open {
				inside = false
				events = slices.Concat(events[:start], section, events[i+1:])
				continue
			}
		}
		if open && inside {
			event["id"], event["previousEventId"] = []any{json.Number("0")}, json.Number("0")
			section = append(section, event)
		}
	}
	out := make([]any, len(events))
	for i := range events {
		out[i] = events[i]
	}
	return out
}

// history compares two histories: exactly, or as another interleaving of the
// same events with the same causes.
func (m *matcher) history(exp, act []any, concurrent, parallel bool) string {
	if parallel {
		act = parallelForm(act)
	}
	before := map[string]string{}
	for k, v := range m.bound {
		before[k] = v
	}
	problem := m.straight(exp, act)
	if problem == "" || !(concurrent || parallel) || len(exp) != len(act) {
		return problem
	}
	m.bound = before
	if other := m.interleaved(exp, act); other != "" {
		return problem + "\n(and as an interleaving: " + other + ")"
	}
	return ""
}

func (m *matcher) straight(exp, act []any) string {
	for i := range max(len(exp), len(act)) {
		switch {
		case i >= len(act):
			return fmt.Sprintf("event %d is missing: %s", i+1, canonical(exp[i]))
		case i >= len(exp):
			return fmt.Sprintf("event %d is too much: %s", i+1, canonical(act[i]))
		}
		if got := m.project(exp[i], act[i], ""); !same(got, exp[i]) {
			return fmt.Sprintf("event %d\n got %s\nwant %s", i+1, canonical(got), canonical(exp[i]))
		}
	}
	return ""
}

func (m *matcher) interleaved(exp, act []any) string {
	kinds := func(events []any) map[string]string {
		out := map[string]string{}
		for _, e := range events {
			event := e.(map[string]any)
			if id, ok := event["id"].(json.Number); ok {
				out[string(id)] = event["type"].(string)
			}
		}
		return out
	}
	bare := func(event map[string]any) map[string]any {
		out := map[string]any{}
		for k, v := range event {
			if k != "id" && k != "previousEventId" {
				out[k] = v
			}
		}
		return out
	}
	expKinds, actKinds := kinds(exp), kinds(act)
	partner := map[string]string{"0": "0"}
	used := map[int]bool{}
search:
	for _, x := range exp {
		e := x.(map[string]any)
		_, ordered := e["id"].(json.Number)
		closes := closing.MatchString(e["type"].(string))
		recorded := fmt.Sprint(e["previousEventId"])
		for n, y := range act {
			a := y.(map[string]any)
			if used[n] || a["type"] != e["type"] {
				continue
			}
			cause := fmt.Sprint(a["previousEventId"])
			if want, ok := expKinds[recorded]; closes && ordered && ok && actKinds[cause] != want {
				continue
			}
			if want, ok := partner[recorded]; ordered && !closes && ok && want != cause {
				continue
			}
			trial := map[string]string{}
			for k, v := range m.bound {
				trial[k] = v
			}
			if same(m.project(bare(e), bare(a), ""), bare(e)) {
				used[n] = true
				if ordered {
					partner[fmt.Sprint(e["id"])] = fmt.Sprint(a["id"])
				}
				continue search
			}
			m.bound = trial
		}
		return "no partner for " + canonical(e)
	}
	return ""
}
