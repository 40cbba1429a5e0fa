package maprun

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// fileKind tells the kinds of files of results. The numbers are durable.
type fileKind uint64

const (
	succeededFile fileKind = 0
	failedFile    fileKind = 1
	pendingFile   fileKind = 2 // children that were not begun
	fileKinds              = 3
)

func (k fileKind) String() string { return [fileKinds]string{"SUCCEEDED", "FAILED", "PENDING"}[k] }

// results are what the children gave: without a ResultWriter all of it, by the
// number of the child; with one, what was not written yet.
type results struct {
	outputs [][]byte // Status, Error and Cause of a child that did not succeed; nil for one that gave nothing
	bytes   int
	// tooLarge: the outputs together are beyond the limit and were dropped.
	// incomplete: with those of the children that did not succeed they would be, and
	// these were dropped.
	tooLarge, incomplete bool

	files  [fileKinds]files
	left   int    // items of the block that have records in the pending file
	listed []byte // the answer to the manifest, nil before
	broken bool   // the writer failed
	// deferred are records that no file has, and that are in the log only.
	deferred deferred
}

type files struct {
	pending [][]byte // records for the next file
	bytes   int      // of pending
	items   int64    // that pending is about
	count   int64    // files that were begun
	task    uint64   // the file that is being written, 0 for none
	written []File
	sizes   int64 // of written
}

// File is a file of results that was written.
type File struct {
	Key  string
	Size int64
}

// exports says whether the results go to files.
func exports(c *Config) bool { return c.Writer != nil && c.Writer.Resource != "" }

// records says whether children are to be described, beyond their outputs.
func (s *results) records(c *Config) bool {
	return exports(c) || c.Writer != nil && c.Writer.transformation() == "NONE"
}

func (w *Writer) transformation() string {
	var form struct{ Transformation string }
	_ = json.Unmarshal(w.WriterConfig, &form) // ours, made of a definition that was checked
	if form.Transformation == "" {
		return "NONE"
	}
	return form.Transformation
}

// add adds a record to those for the next file of that kind.
func (s *results) add(k fileKind, record []byte, items int64) {
	f := &s.files[k]
	f.pending = append(f.pending, record)
	f.bytes += len(record)
	f.items += items
	s.bytes += len(record)
}

// addResult takes the result of a child.
func (r *Run) addResult(j *job, status interpreter.Status, data []byte) {
	s := &r.results
	if exports(r.config) {
		if k := fileOf(status); k == succeededFile || !s.broken {
			s.add(k, data, j.items)
		}
		return
	}
	failed := status != interpreter.Succeeded
	if s.tooLarge || failed && s.incomplete || len(data) == 0 {
		return
	}
	for int64(len(s.outputs)) <= j.number {
		s.outputs = append(s.outputs, nil)
	}
	s.drop(j.number) // a snapshot of before version 5 may have what it gave the last time
	s.outputs[j.number] = data
	s.bytes += len(data) + 1
	if r.overflows() {
		r.dropFailures()
		s.incomplete = true
	}
	if r.overflows() {
		s.outputs, s.bytes, s.tooLarge = nil, 0, true
	}
}

// overflows says whether the outputs are more than a state may give.
func (r *Run) overflows() bool {
	limit := r.info.Limits.PayloadBytes
	return limit > 0 && r.results.bytes+1 > limit
}

// drop lets go of what a child gave.
func (s *results) drop(number int64) {
	if output := s.outputs[number]; output != nil {
		s.bytes -= len(output) + 1
		s.outputs[number] = nil
	}
}

// dropFailures lets go of what is told of children that did not succeed: a redrive
// runs them again, and keeps what the others gave.
func (r *Run) dropFailures() {
	for number := range r.results.outputs {
		if _, _, failed := r.failures.get(int64(number)); failed {
			r.results.drop(int64(number))
		}
	}
}

func fileOf(status interpreter.Status) fileKind {
	if status == interpreter.Succeeded {
		return succeededFile
	}
	return failedFile
}

// array is the outputs as one array, in the order of the items.
func (s *results) array(flat bool) []byte {
	text := append(make([]byte, 0, s.bytes+2), '[')
	for _, output := range s.outputs {
		if flat && len(output) > 1 && output[0] == '[' {
			output = output[1 : len(output)-1]
		}
		if len(output) == 0 {
			continue
		}
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(text, output...)
	}
	return append(text, ']')
}

// output is what the map run gives when all has ended.
func (r *Run) makeOutput() ([]byte, *Failure) {
	switch w := r.config.Writer; {
	case exports(r.config):
		return r.exported(), nil
	case r.results.tooLarge || r.results.incomplete:
		return nil, &Failure{"States.DataLimitExceeded", fmt.Sprintf(
			"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", r.config.State)}
	default:
		return r.results.array(w != nil && w.transformation() == "FLATTEN"), nil
	}
}

// exported is the output of a map run whose results are in files.
func (r *Run) exported() []byte {
	var listed struct{ Bucket, Key string }
	_ = json.Unmarshal(r.results.listed, &listed) // what the writer does not say is left empty
	return marshal(struct {
		MapRunArn           string
		ResultWriterDetails any
	}{r.info.ExecutionARN, listed})
}

// writeRequest is the payload of the task that writes the pending records of a
// kind.
func (r *Run) writeRequest(k fileKind) []byte {
	f, w := &r.results.files[k], r.config.Writer
	const envelope = 1024 // what is around the records, if it is not long
	b := append(make([]byte, 0, f.bytes+len(f.pending)+envelope), `{"MapRunArn":`...)
	b = value.AppendString(b, r.info.ExecutionARN)
	b = append(b, `,"Name":`...)
	b = value.AppendString(b, fmt.Sprintf("%s_%d", k, f.count))
	if r.redrives > 0 {
		b = appendMember(b, "Redrive", strconv.AppendUint(nil, r.redrives, 10))
	}
	b = appendMember(b, "Resource", value.AppendString(nil, w.Resource))
	b = appendMember(b, "WriterConfig", w.WriterConfig)
	b = appendMember(b, "Parameters", w.Parameters)
	b = append(b, `,"Records":[`...)
	for i, record := range f.pending {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, record...)
	}
	return append(b, `]}`...)
}

func appendMember(b []byte, name string, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	b = append(b, ',')
	b = value.AppendString(b, name)
	b = append(b, ':')
	return append(b, v...)
}

// manifestRequest is the payload of the task that writes the manifest.
func (r *Run) manifestRequest() []byte {
	w := r.config.Writer
	list := map[string][]File{}
	for k := range r.results.files {
		list[fileKind(k).String()] = append([]File{}, r.results.files[k].written...)
	}
	return marshal(struct {
		Resource     string
		WriterConfig json.RawMessage `json:",omitempty"`
		Parameters   json.RawMessage `json:",omitempty"`
		MapRunArn    string
		Redrive      uint64 `json:",omitempty"`
		Files        map[string][]File
	}{w.Resource, w.WriterConfig, w.Parameters, r.info.ExecutionARN, r.redrives, list})
}
