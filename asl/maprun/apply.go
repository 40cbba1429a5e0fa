package maprun

import (
	"bytes"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// Apply folds one fact of the log. It takes a copy: the text shares the memory of all
// the facts that were decided together, and what the state keeps would hold it.
func (r *Run) Apply(fact []byte, at time.Time) error {
	f, err := decodeFact(bytes.Clone(fact))
	if err != nil {
		return err
	}
	err = r.apply(&f, at.UnixMilli())
	r.dropped = nil // nobody is to be told: it was done when the fact was decided
	if err != nil {
		return fmt.Errorf("%w (kind %d)", err, f.kind)
	}
	return nil
}

// apply is the only thing that changes a run. It evaluates nothing. The memory of the
// fact is its own, and the state may keep it.
func (r *Run) apply(f *fact, at int64) error {
	r.last = max(r.last, at)
	if f.kind == factStarted {
		return r.applyStarted(f)
	}
	if f.kind == factRedriven {
		return r.applyRedriven()
	}
	if r.version == 0 || r.status.Closed() {
		return errImpossible
	}
	switch f.kind {
	case factReading:
		return r.applyReading()
	case factRead:
		return r.applyRead(f)
	case factLaunched:
		return r.applyLaunched(f)
	case factRelaunched:
		return r.applyRelaunched(f)
	case factRecalling:
		return r.applyRecalling()
	case factRecalled:
		return r.applyRecalled(f)
	case factEnded, factFinal:
		return r.applyEnded(f)
	case factDeferred:
		return r.applyDeferred(f)
	case factEnding:
		return r.applyEnding(f)
	case factStopping:
		r.begin(&job{kind: jobStop}, []byte("{}"))
		r.stopTask = r.lastTask
		return nil
	case factStopped:
		return r.applyStopped(f)
	case factAsking:
		r.begin(&job{kind: jobAsk}, []byte("{}"))
		r.askTask = r.lastTask
		return nil
	case factAsked:
		return r.applyAsked()
	case factUpdated:
		r.settings = f.settings
		return nil
	case factClosed:
		return r.applyClosed(f)
	default:
		return r.applyResults(f)
	}
}

func (r *Run) applyStarted(f *fact) (err error) {
	if r.version != 0 || f.version == 0 {
		return errImpossible
	}
	if f.version > formatVersion {
		return fmt.Errorf("maprun: the facts have version %d, this interpreter knows up to %d", f.version, formatVersion)
	}
	r.trace, r.input = f.text, value.Text(f.data)
	if err := r.configure(); err != nil {
		return err
	}
	r.version = f.version
	return nil
}

// configure reads the configuration, and the items if it has them.
func (r *Run) configure() (err error) {
	if r.config, err = ParseConfig(r.input.Text()); err != nil {
		return err
	}
	r.settings = r.config.Settings
	if reader := r.config.Reader; reader != nil {
		if reader.MaxItems == 0 || reader.MaxItems > mostItems {
			reader.MaxItems = mostItems
		}
		return nil
	}
	all := r.config.Items
	if bytes.HasPrefix(all, []byte("{")) {
		object, _ := value.Text(all).Value().(*value.Object)
		all, r.config.keyed = Pairs(object).Text(), true
	}
	items, err := split(all)
	if err != nil {
		return err
	}
	r.config.Items = nil
	r.source.add(items)
	r.source.done = true
	r.items.Total = int64(len(items))
	return nil
}

func (r *Run) applyReading() error {
	if r.config.Reader == nil || r.source.task != 0 {
		return errImpossible
	}
	r.begin(&job{kind: jobRead}, r.readRequest())
	r.source.task = r.lastTask
	return nil
}

func (r *Run) applyRead(f *fact) error {
	if r.source.task == 0 {
		return errImpossible
	}
	items, err := split(f.data)
	if err != nil {
		return err
	}
	n := int64(len(items))
	if len(f.origins) > 0 && counted(f.origins) != n {
		return errImpossible
	}
	r.end(r.source.task)
	r.source.task, r.source.cursor, r.source.done = 0, f.text, f.done
	r.source.addOrigins(n, f.origins)
	r.source.add(items)
	r.items.Total += n
	return nil
}

func (r *Run) applyLaunched(f *fact) error {
	if f.items < 1 || f.items > int64(len(r.source.block)) {
		return errImpossible
	}
	input := r.source.block[0]
	if f.given {
		input = f.data
	}
	r.source.take(int(f.items))
	r.begin(&job{kind: jobChild, number: r.executions.Total, items: f.items}, input)
	r.items.Running += f.items
	r.executions.Running++
	r.executions.Total++
	return nil
}

func (r *Run) applyEnded(f *fact) error {
	j := r.jobs[f.task]
	if j == nil || !j.child() || f.status == 0 {
		return errImpossible
	}
	status := interpreter.Status(f.status)
	r.childEnded(f.task, status, len(f.data))
	if f.kind == factFinal && status != interpreter.Succeeded {
		r.items.NotRedrivable += j.items
		r.executions.NotRedrivable++
	}
	if !exports(r.config) && status == interpreter.Succeeded {
		r.items.ResultsWritten += j.items
		r.executions.ResultsWritten++
	}
	r.addResult(j, status, f.data)
	return nil
}

// childEnded counts the end of a child, which has given so many bytes.
func (r *Run) childEnded(task uint64, status interpreter.Status, size int) {
	j := r.jobs[task]
	r.end(task)
	r.items.Running -= j.items
	r.items.add(status, j.items)
	r.executions.Running--
	r.executions.add(status, 1)
	r.seen.add(size)
	if status != interpreter.Succeeded {
		r.failures.set(j.number, status, j.items)
	}
}

// applyEnding lets the map run come to its end. Nothing more is read. Express
// children end by themselves before it fails; when it is stopped they are given up
// at once: whoever runs one is told to stop.
func (r *Run) applyEnding(f *fact) error {
	if r.ending != nil || f.status == 0 {
		return errImpossible
	}
	r.ending = &ending{interpreter.Status(f.status), f.error, f.cause}
	if id := r.source.task; id != 0 {
		r.drop(id)
		r.source.task = 0
	}
	if id := r.redo.inputs.task; id != 0 {
		r.drop(id)
	}
	r.redo.inputs = recollection{}
	if !r.program.Express || r.ending.status != interpreter.Aborted {
		return nil
	}
	for _, id := range r.jobIDs() {
		if j := r.jobs[id]; j.child() {
			r.drop(id)
			r.items.Running -= j.items
			r.items.Aborted += j.items
			r.executions.Running--
			r.executions.Aborted++
			r.failures.set(j.number, interpreter.Aborted, j.items)
		}
	}
	return nil
}

// drop ends a task although whoever does it may not know.
func (r *Run) drop(id uint64) {
	r.dropped = append(r.dropped, &r.jobs[id].task)
	r.end(id)
}

func (r *Run) applyStopped(f *fact) error {
	if r.stopTask == 0 {
		return errImpossible
	}
	r.end(r.stopTask)
	r.stopTask, r.stopAt = 0, r.last+f.delay
	return nil
}

func (r *Run) applyAsked() error {
	if r.askTask == 0 {
		return errImpossible
	}
	r.end(r.askTask)
	r.askTask = 0
	return nil
}

func (r *Run) applyClosed(f *fact) error {
	if f.status == 0 {
		return errImpossible
	}
	r.status, r.error, r.cause = interpreter.Status(f.status), f.error, f.cause
	for _, id := range r.jobIDs() {
		r.drop(id)
	}
	r.items.giveBack(&r.redo.items)
	r.executions.giveBack(&r.redo.executions)
	r.redo = redo{}
	if r.status == interpreter.Succeeded {
		r.output = value.Text(f.data)
		r.letGo()
	}
	return nil
}

// letGo drops what only a map run needs that is to go on.
func (r *Run) letGo() {
	r.source, r.results, r.failures, r.lost = source{}, results{}, failures{}, true
}
