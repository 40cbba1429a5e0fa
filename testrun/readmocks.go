package testrun

import (
	"fmt"
	"math"
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonata/aws"
	"github.com/fermata-dev/fermata/internal/located"
	"github.com/fermata-dev/fermata/mock"
)

// allMocks reads mocks and mockConfig of a node. They come before the inherited
// ones, and what is written out comes before what a configuration says.
func (r *reader) allMocks(node located.Node, inherited Mocks) Mocks {
	all := inherited
	if config, ok := node.Get("mockConfig"); ok {
		all = r.mockConfig(config).over(all)
	}
	mocks, ok := node.Get("mocks")
	if !ok {
		return all
	}
	own := Mocks{}
	for state, node := range mocks.Fields() {
		r.knownTask(node, state)
		own[state] = r.mock(node)
	}
	return own.over(all)
}

// knownTask reports a name that no state of the suite has whose work a mock can
// do.
func (r *reader) knownTask(node located.Node, state string) {
	for _, m := range append([]*Machine{r.suite.Machine}, mapped(r.suite.Others)...) {
		if m == nil {
			return
		}
		found := m.Program.Machine().State(state)
		if found == nil {
			found = m.Program.Machine().State(strings.TrimPrefix(state, m.Name+"/"))
		}
		if found != nil && mockable(found) {
			return
		}
	}
	node.Report("is for %q, but no state machine of this file has a Task state of that name, or a Map state with an ItemReader", state)
}

func mockable(state *definition.State) bool {
	m, isMap := state.Kind.(*definition.Map)
	return state.Type == definition.TypeTask || isMap && m.Reader != nil
}

func mapped(m map[string]*Machine) []*Machine {
	var all []*Machine
	for _, machine := range m {
		all = append(all, machine)
	}
	return all
}

// mockConfig reads "FILE#CASE" or "FILE#MACHINE/CASE".
func (r *reader) mockConfig(node located.Node) Mocks {
	file, name, ok := strings.Cut(node.Text(), "#")
	if !ok {
		node.Report("names no test case; write FILE#CASE or FILE#MACHINE/CASE")
		return nil
	}
	config, err := mock.Load(r.beside(file))
	if err != nil {
		node.Report("cannot be used: %v", err)
		return nil
	}
	machine := r.suite.Machine.Name
	if before, after, ok := strings.Cut(name, "/"); ok {
		machine, name = before, after
	}
	found, err := config.Case(machine, name)
	if err != nil {
		node.Report("cannot be used: %v", err)
		return nil
	}
	mocks := Mocks{}
	for state, responses := range found {
		m := &Mock{Source: fmt.Sprintf("the mocked response %s", responses.Name)}
		for _, span := range responses.Spans() {
			m.Replies = append(m.Replies, configured(span))
		}
		mocks[state] = m
	}
	return mocks
}

func configured(span mock.Span) Reply {
	reply := Reply{From: span.From, To: span.To, Output: span.Output}
	if f := span.Failure; f != nil {
		reply.Failure = &connector.Error{Name: f.Error, Cause: f.Cause, NoCause: f.NoCause}
	}
	return reply
}

// mock reads the replies of a state: a list of them, or one for ever.
func (r *reader) mock(node located.Node) *Mock {
	m := &Mock{Source: "its mock"}
	if _, list := node.Value.([]any); !list {
		m.Replies = []Reply{readReply(node)}
		m.Replies[0].To = math.MaxInt
		return m
	}
	next := 0
	for _, node := range node.Items() {
		reply := readReply(node)
		reply.From, reply.To = next, next
		if count, ok := node.Get("times"); ok && count.Value == "forever" {
			reply.To = math.MaxInt - 1
		} else if ok {
			reply.To = next + count.Count(1) - 1
		}
		next = reply.To + 1
		m.Replies = append(m.Replies, reply)
	}
	return m
}

// readReply reads a reply, but for how often it is given.
func readReply(node located.Node) Reply {
	node.Only("return", "payload", "throw", "evaluate", "items", "silent", "after", "heartbeat", "receives", "times")
	reply := Reply{Receives: valueOf(node, "receives")}
	if after, ok := node.Get("after"); ok {
		reply.After = after.Duration()
	}
	if pause, ok := node.Get("heartbeat"); ok {
		reply.Heartbeat = pause.Duration()
	}
	answers := 0
	for kind, read := range answerKinds {
		if answer, ok := node.Get(kind); ok {
			answers++
			read(answer, &reply)
		}
	}
	if answers != 1 {
		node.Report("must have one of return, payload, throw, evaluate, items and silent")
	}
	return reply
}

// mockDialect is the dialect of mocks: that of Step Functions, with the operators
// of JSONata 2.1, and budgets that no mock needs.
func mockDialect() jsonata.Options {
	o := aws.Options()
	o.NoDefaults = false
	o.MaxSteps, o.MaxMemory = 2_000_000, 64<<20
	return o
}

// answerKinds are the fields that say what a reply is.
var answerKinds = map[string]func(node located.Node, r *Reply){
	"return":  func(node located.Node, r *Reply) { r.Output = node.JSON() },
	"payload": func(node located.Node, r *Reply) { r.Output, r.Envelope = node.JSON(), true },
	"throw":   readFailure,
	"evaluate": func(node located.Node, r *Reply) {
		e, err := jsonata.Compile(node.Text(), mockDialect())
		if err != nil {
			node.Report("is not JSONata: %v", err)
		}
		r.Evaluate = e
	},
	"items": func(node located.Node, r *Reply) {
		for range node.Items() {
			break
		}
		r.Items = node.JSON()
	},
	"silent": func(node located.Node, _ *Reply) {
		if !node.Flag() {
			node.Report("is false; leave it out")
		}
	},
}

// readFailure reads an error name, or an object with error and cause.
func readFailure(node located.Node, r *Reply) {
	r.Failure = &connector.Error{NoCause: true}
	if name, ok := node.Value.(string); ok {
		r.Failure.Name = name
		return
	}
	node.Only("error", "cause")
	if name, ok := node.Get("error"); ok {
		r.Failure.Name = name.Text()
	} else {
		node.Report("has no error")
	}
	if cause, ok := node.Get("cause"); ok {
		r.Failure.Cause, r.Failure.NoCause = cause.AnyText(), false
	}
}
