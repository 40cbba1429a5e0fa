package asl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// longList is an array of 2,400 bytes.
var longList = "[" + strings.TrimSuffix(strings.Repeat(`"twenty bytes and so",`, 100), ",") + "]"

// TestFactsDoNotRepeatMembers: a part of what the log holds already is referred
// to, and whoever folds the log finds it (the laws of world).
func TestFactsDoNotRepeatMembers(t *testing.T) {
	input := `{"id":1,"order":{"list":` + longList + `,"n": 1}}`
	inner := `{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}`
	for name, state := range map[string]string{
		"InputPath":           `{"Type":"Pass","InputPath":"$.order","End":true}`,
		"OutputPath":          `{"Type":"Pass","OutputPath":"$.order.list","End":true}`,
		"ItemsPath":           `{"Type":"Map","ItemsPath":"$.order.list","MaxConcurrency":1,"ResultPath":null,"OutputPath":"$.id","ItemProcessor":` + inner + `,"End":true}`,
		"InputPath, Parallel": `{"Type":"Parallel","InputPath":"$.order","ResultPath":null,"OutputPath":"$.id","Branches":[` + inner + `],"End":true}`,
		"Assign":              `{"Type":"Pass","Assign":{"all.$":"$.order"},"OutputPath":"$.id","End":true}`,
		"a task's payload":    `{"Type":"Task","Resource":` + function + `,"InputPath":"$.order","ResultPath":null,"OutputPath":"$.id","End":true}`,
		"JSONata, Output":     `{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input.order %}","End":true}`,
		"JSONata, Items":      `{"Type":"Map","QueryLanguage":"JSONata","Items":"{% $states.input.order.list %}","ItemProcessor":` + inner + `,"Output":1,"End":true}`,
		"JSONata, Assign":     `{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"all":"{% $states.input.order %}"},"Output":1,"End":true}`,
	} {
		w := newWorld(t, machine(state))
		w.answer = func(w *world, task *interpreter.Task) {
			w.after(0, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`1`)})
		}
		w.start(input)
		if !strings.HasPrefix(w.outcome(), "SUCCEEDED") {
			t.Errorf("%s: %s", name, w.outcome())
		}
		once := len(input) + 20*len(w.facts) + 200
		if got := length(w.facts); got > once {
			t.Errorf("%s: the facts have %d bytes, which is more than %d", name, got, once)
		}
	}
}

// TestFactsReferToResults: so is a part of what a task gave.
func TestFactsReferToResults(t *testing.T) {
	w := newWorld(t, machine(`{"Type":"Task","Resource":`+function+`,"OutputPath":"$.Payload","End":true}`))
	w.answer = func(w *world, task *interpreter.Task) {
		w.after(0, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`{"Status":200,"Payload":` + longList + `}`)})
	}
	w.start(`{}`)
	if w.outcome() != "SUCCEEDED "+longList {
		t.Errorf("%.200s", w.outcome())
	}
	if got, limit := length(w.facts), len(longList)+200; got > limit {
		t.Errorf("the facts have %d bytes, which is more than %d", got, limit)
	}
}

func length(facts [][]byte) (n int) {
	for _, fact := range facts {
		n += len(fact)
	}
	return n
}

// TestPathToMember: what is found is the very value, near the top and behind short
// keys.
func TestPathToMember(t *testing.T) {
	const part = `[1,2,3]`
	many := &strings.Builder{}
	for i := range membersSeen {
		fmt.Fprintf(many, `"k%d":0,`, i)
	}
	long := strings.Repeat("k", longestKey)
	for _, c := range []struct {
		register string
		keys     []string
		want     bool
	}{
		{`{"a":` + part + `}`, []string{"a"}, true},
		{`{"x":{"y":1},"a":{"b":{"c":{"d":` + part + `}}}}`, []string{"a", "b", "c", "d"}, true},
		{`{"a":{"b":{"c":{"d":{"e":` + part + `}}}}}`, []string{"a", "b", "c", "d", "e"}, false},
		{`{"` + long + `":` + part + `}`, []string{long}, true},
		{`{"` + long + `k":` + part + `}`, []string{long + "k"}, false},
		{`{` + many.String() + `"a":` + part + `}`, []string{"a"}, false},
	} {
		register := value.Text([]byte(c.register))
		v := register.Value()
		for _, key := range c.keys {
			v, _ = v.(*value.Object).Get(key)
		}
		path := pathTo(value.Of(v), register)
		if c.want && fmt.Sprint(path) != fmt.Sprint(c.keys) || !c.want && path != nil {
			t.Errorf("%.60s: %v, wanted %v: %v", c.register, path, c.keys, c.want)
		}
		if path := pathTo(value.Text([]byte(part)), register); path != nil {
			t.Errorf("%.60s: an equal value is found at %v", c.register, path)
		}
	}
}

// TestDamagedPaths: a path that leads to nothing is refused.
func TestDamagedPaths(t *testing.T) {
	const start = `{"a":{"b":[1]}}`
	for name, value := range map[string][]byte{
		"no path":          {byte(tagMember), 0, 0},
		"a key":            {byte(tagMember), 0, 1, 1, 'x'},
		"behind an array":  {byte(tagMember), 0, 3, 1, 'a', 1, 'b', 1, 'c'},
		"too deep":         {byte(tagMember), 0, 5, 1, 'a', 1, 'a', 1, 'a', 1, 'a', 1, 'a'},
		"no result":        {byte(tagMember), 1, 1, 1, 'a'},
		"no register":      {byte(tagMember), 2, 1, 1, 'a'},
		"an unknown place": {6},
	} {
		w := newWorld(t, machine(`{"Type":"Pass","End":true}`))
		w.start(start)
		run := w.program.New(w.info)
		for _, fact := range w.facts[:2] {
			if err := run.Apply(fact, epoch); err != nil {
				t.Fatal(err)
			}
		}
		fact := append(append([]byte{byte(factExited), 0}, value...), 0, 0)
		if err := run.Apply(fact, epoch); err == nil {
			t.Errorf("%s: no error for % x", name, fact)
		}
	}
}
