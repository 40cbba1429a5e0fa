package mapio

import (
	"context"

	"github.com/fermata-dev/fermata/expr/value"
)

// writeManifest writes the file that says where the results of a map run are.
func (c *Connector) writeManifest(ctx context.Context, payload []byte) ([]byte, error) {
	w, err := parseWriting(payload)
	if err != nil {
		return nil, failure(ctx, writerFailed, err)
	}
	body, err := w.manifest()
	key := w.folder + "manifest.json"
	if err == nil {
		err = c.store.Put(ctx, w.bucket, key, "application/json", body)
	}
	if err != nil {
		return nil, failure(ctx, writerFailed, err)
	}
	out := value.AppendString([]byte(`{"Bucket":`), w.bucket)
	out = value.AppendString(append(out, `,"Key":`...), key)
	return append(out, '}'), nil
}

// manifest is the content of that file: the files of each outcome, none of which
// is missing.
func (w *writing) manifest() ([]byte, error) {
	given, err := w.object("Files")
	if err != nil {
		return nil, err
	}
	files := value.NewObject(3)
	for _, outcome := range []string{"FAILED", "PENDING", "SUCCEEDED"} {
		list := []any{}
		if given != nil {
			if v, ok := given.Get(outcome); ok && v != nil {
				if list, ok = v.([]any); !ok {
					return nil, faultf("Files.%s is not an array.", outcome)
				}
			}
		}
		files.Set(outcome, list)
	}
	m := value.NewObject(3)
	m.Set("DestinationBucket", w.bucket)
	m.Set("MapRunArn", textOf(w.Object, "MapRunArn"))
	m.Set("ResultFiles", files)
	return value.Append(nil, m), nil
}
