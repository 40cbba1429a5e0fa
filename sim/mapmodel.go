package sim

import (
	"encoding/json"
	"fmt"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// mapModel is what a map run has to come to, found without the interpreter of map
// runs: what it was told and how its children end in an ideal world say it all.
type mapModel struct {
	config   *maprun.Config
	children []modelChild
	// unreadable, unwritable: not all items can be read, no result can be written.
	unreadable, unwritable bool
	// mended: no result can be written before a redrive, if the map run has to fail.
	mended bool
}

// The prefixes of places where results cannot be written, or not at first.
const (
	broken = "broken"
	mended = "mended"
)

type modelChild struct {
	input []byte
	items int64
	end   interpreter.Result
}

const (
	errorTolerance  = "States.ExceedToleratedFailureThreshold"
	causeTolerance  = "The specified tolerated failure threshold was exceeded"
	errorUnreadable = "States.ItemReaderFailed"
	errorUnwritable = "States.ResultWriterFailed"
)

// model finds what a map run with that configuration has to come to.
func (l *library) model(m *machine, config []byte) *mapModel {
	c, err := maprun.ParseConfig(config)
	if err != nil {
		panic(violation{fmt.Sprintf("a map run is told what it cannot read: %v", err)})
	}
	model := &mapModel{config: c}
	if c.Writer != nil {
		prefix := place(c.Writer.Parameters).Prefix
		model.unwritable, model.mended = prefix == broken, prefix == mended
	}
	var items [][]byte
	if c.Reader == nil {
		items = elements(c.Items)
	} else {
		items, model.unreadable = readAll(c.Reader)
	}
	model.batch(c, inputs(c, items))
	for i := range model.children {
		child := &model.children[i]
		child.end = l.ideal(m.of.item, child.input)
	}
	return model
}

// readAll gives all items that a reader can and may read.
func readAll(r *maprun.Reader) (items [][]byte, unreadable bool) {
	from := sourceOf(r.Parameters)
	n := from.Items
	if r.MaxItems > 0 {
		n = min(n, int(r.MaxItems))
	}
	for i := range n {
		if i == from.Broken {
			return items, true
		}
		items = append(items, from.item(i))
	}
	return items, from.Broken == n && (r.MaxItems == 0 || int64(n) < r.MaxItems)
}

// inputs is what the selector makes of each item.
func inputs(c *maprun.Config, items [][]byte) [][]byte {
	if c.Selector == nil {
		return items
	}
	var from struct {
		R, Seed json.RawMessage
	}
	read(c.Selector.Input, &from)
	all := make([][]byte, len(items))
	for i, item := range items {
		all[i] = fmt.Appendf(nil, `{"i":0,"item":%s,"r":%s,"seed":%s,"index":%d}`, item, from.R, from.Seed, i)
	}
	return all
}

// batch makes children of the inputs.
func (m *mapModel) batch(c *maprun.Config, inputs [][]byte) {
	b := c.Batcher
	for len(inputs) > 0 {
		child := modelChild{input: inputs[0], items: 1}
		if b != nil {
			child.input = batchOf(b, inputs[:1])
			for n := 2; n <= len(inputs) && (b.MaxItemsPerBatch == 0 || int64(n) <= b.MaxItemsPerBatch); n++ {
				larger := batchOf(b, inputs[:n])
				if most := b.MaxInputBytesPerBatch; most > 0 && int64(len(larger)) > most {
					break
				}
				child.input, child.items = larger, int64(n)
			}
		}
		m.children = append(m.children, child)
		inputs = inputs[child.items:]
	}
}

func batchOf(b *maprun.Batcher, inputs [][]byte) []byte {
	text := fmt.Appendf(nil, `{"BatchInput":%s,"Items":`, b.BatchInput)
	return append(array(text, inputs), '}')
}

func array(text []byte, elements [][]byte) []byte {
	text = append(text, '[')
	for i, e := range elements {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, e...)
	}
	return append(text, ']')
}

// elements takes an array apart.
func elements(text []byte) [][]byte {
	var raw []json.RawMessage
	read(text, &raw)
	all := make([][]byte, len(raw))
	for i, e := range raw {
		all[i] = e
	}
	return all
}

// read reads what was generated.
func read(text []byte, v any) {
	if err := json.Unmarshal(text, v); err != nil {
		panic(violation{fmt.Sprintf("%s cannot be read: %v", text, err)})
	}
}

// counts gives how many items there are and how many of them fail.
func (m *mapModel) counts() (items, failed int64) {
	for _, child := range m.children {
		items += child.items
		if child.end.Status != interpreter.Succeeded {
			failed += child.items
		}
	}
	return items, failed
}

// intolerable says whether more items fail than these settings allow.
func (m *mapModel) intolerable(s maprun.Settings) bool {
	items, failed := m.counts()
	count, percentage := s.ToleratedFailureCount, s.ToleratedFailurePercentage
	switch {
	case count == 0 && percentage == 0:
		return failed > 0
	case count > 0 && failed > count:
		return true
	default:
		return percentage > 0 && 100*float64(failed) > percentage*float64(items)
	}
}

// fails says whether the map run has to fail.
func (m *mapModel) fails() bool {
	return m.unreadable || m.unwritable || m.intolerable(m.config.Settings)
}

// refuses says whether no result can be written after so many redrives. Where the map
// run has to fail anyway that changes nothing but the files.
func (m *mapModel) refuses(redrives int) bool {
	return m.unwritable || m.mended && redrives == 0 && m.intolerable(m.config.Settings)
}

// refused is the failure of a writer. One that is mended by a redrive fails as the map
// run has to, so that it makes no difference which of both comes first.
func (m *mapModel) refused(t *interpreter.Task) interpreter.Command {
	if m.unwritable {
		return refused(t, errorUnwritable, refusal)
	}
	return refused(t, errorTolerance, causeTolerance)
}

// files says whether the results go to files.
func (m *mapModel) files() bool { return m.config.Writer != nil && m.config.Writer.Resource != "" }

func (m *mapModel) transformation() string {
	var form struct{ Transformation string }
	if w := m.config.Writer; w != nil {
		read(w.WriterConfig, &form)
	}
	return form.Transformation
}

// command is the end of the map run as the state learns it.
func (m *mapModel) command(task uint64) interpreter.Command {
	if m.fails() {
		name, cause := errorTolerance, causeTolerance
		return interpreter.TaskFailed{ID: task, Error: &name, Cause: &cause}
	}
	output := []byte(`{"ResultWriterDetails":{"Bucket":"results"}}`)
	if !m.files() {
		output = array(nil, m.results())
	}
	return interpreter.TaskSucceeded{ID: task, Output: output}
}

// failureOf is what the result of a Map tells of a child that did not succeed.
func failureOf(end *interpreter.Result) []byte {
	o := value.NewObject(3)
	o.Set("Status", end.Status.String())
	if end.Error != nil {
		o.Set("Error", *end.Error)
	}
	if end.Cause != nil {
		o.Set("Cause", *end.Cause)
	}
	return value.Append(nil, o)
}

// results are those of the children in the order of the items; of records only
// what is always the same.
func (m *mapModel) results() (all [][]byte) {
	form := m.transformation()
	for _, child := range m.children {
		switch {
		case form == "NONE":
			all = append(all, fmt.Appendf(nil, `{"Status":%q}`, child.end.Status))
		case child.end.Status != interpreter.Succeeded:
			all = append(all, failureOf(&child.end))
		case form == "FLATTEN" && child.end.Output.Text()[0] == '[':
			all = append(all, elements(child.end.Output.Text())...)
		default:
			all = append(all, child.end.Output.Text())
		}
	}
	return all
}
