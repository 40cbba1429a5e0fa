package mapio

import (
	"context"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// writing is a request to write a file of results.
type writing struct {
	bucket, folder string // the folder of the map run
	shape          transformation
	lines          bool // JSON Lines instead of an array
	records        []byte
	request
}

// transformation says what is written of a child execution.
type transformation string

const (
	// transformNone: its whole record.
	transformNone transformation = "NONE"
	// transformCompact: its output.
	transformCompact transformation = "COMPACT"
	// transformFlatten: its output; of an array, each element.
	transformFlatten transformation = "FLATTEN"
)

func parseWriting(payload []byte) (*writing, error) {
	q, records, err := parseAround(payload, "Records")
	if err != nil {
		return nil, err
	}
	w := &writing{request: q, records: records}
	operation, err := q.operation()
	if err != nil {
		return nil, err
	}
	if operation != "putObject" {
		return nil, faultf("The resource '%s' writes nothing: there is putObject.", textOf(q.Object, "Resource"))
	}
	if err := w.parsePlace(); err != nil {
		return nil, err
	}
	return w, w.parseConfig()
}

// parsePlace: results lie below the prefix, in a folder named for the map run;
// those of a redrive in one within it.
func (w *writing) parsePlace() error {
	p, err := w.parameters("Bucket")
	if err != nil {
		return err
	}
	arn := textOf(w.Object, "MapRunArn")
	id := arn[strings.LastIndexByte(arn, ':')+1:]
	if id == "" || strings.Contains(id, "/") {
		return faultf("%q is not the ARN of a map run.", arn)
	}
	redrives, err := w.count("Redrive")
	if err != nil {
		return err
	}
	w.bucket, w.folder = textOf(p, "Bucket"), id+"/"
	if redrives > 0 {
		w.folder += "Redrive-" + strconv.Itoa(redrives) + "/"
	}
	if prefix := strings.TrimSuffix(textOf(p, "Prefix"), "/"); prefix != "" {
		w.folder = prefix + "/" + w.folder
	}
	return nil
}

func (w *writing) parseConfig() error {
	config, err := w.object("WriterConfig")
	if err != nil {
		return err
	}
	w.shape = transformNone
	if config == nil {
		return nil
	}
	switch t := transformation(textOf(config, "Transformation")); t {
	case "":
	case transformNone, transformCompact, transformFlatten:
		w.shape = t
	default:
		return faultf("The Transformation of a WriterConfig is %q; there are NONE, COMPACT and FLATTEN.", t)
	}
	switch o := textOf(config, "OutputType"); o {
	case "", "JSON":
	case "JSONL":
		w.lines = true
	default:
		return faultf("The OutputType is %q; there are JSON and JSONL.", o)
	}
	return nil
}

// contentType is that of the files of results.
func (w *writing) contentType() string {
	if w.lines {
		return "application/jsonl"
	}
	return "application/json"
}

// write writes a file of results. Writing it again writes the same.
func (c *Connector) write(ctx context.Context, payload []byte) ([]byte, error) {
	w, err := parseWriting(payload)
	if err != nil {
		return nil, failure(ctx, writerFailed, err)
	}
	key, body, err := w.results()
	if err == nil {
		err = c.store.Put(ctx, w.bucket, key, w.contentType(), body)
	}
	if err != nil {
		return nil, failure(ctx, writerFailed, err)
	}
	out := value.AppendString([]byte(`{"Key":`), key)
	out = strconv.AppendInt(append(out, `,"Size":`...), int64(len(body)), 10)
	return append(out, '}'), nil
}

// results are the key and the content of a file of results. Its name ends with
// .json for JSON Lines too.
func (w *writing) results() (key string, body []byte, err error) {
	name := textOf(w.Object, "Name")
	if name == "" || strings.Contains(name, "/") {
		return "", nil, faultf("%q is not the name of a file of results.", name)
	}
	f := resultFile{lines: w.lines, text: make([]byte, 0, len(w.records)+1)}
	i := 0
	wrong := value.Elements(w.records, func(r []byte) bool {
		if r[0] != '{' {
			err = faultf("The record with the index %d is not a JSON object.", i)
		} else {
			err = f.record(r, w.shape)
		}
		i++
		return err == nil
	})
	if wrong != nil {
		err = fault("Records is not an array.")
	}
	return w.folder + name + ".json", f.bytes(), err
}
