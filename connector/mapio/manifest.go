package mapio

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// maxInventory is the most that the manifest of an inventory may have. It names
// one file for up to a million objects.
const maxInventory = 16 << 20

// dataFiles are the objects that the manifest of an Athena UNLOAD names: a line
// s3://bucket/key each.
type dataFiles struct{ *text }

func openDataFiles(ctx context.Context, store objectstore.Store, s source, at position) (*dataFiles, error) {
	t, err := openText(ctx, store, s, at)
	if err != nil {
		return nil, err
	}
	return &dataFiles{t}, nil
}

func (d *dataFiles) object() (place, error) {
	for {
		line, err := d.readLine(maxKeyLine)
		if err != nil {
			return place{}, err
		}
		name := strings.Trim(strings.TrimSpace(string(line)), `"`)
		if name == "" {
			continue
		}
		rest, ok := strings.CutPrefix(name, "s3://")
		bucket, key, slash := strings.Cut(rest, "/")
		if !ok || !slash || bucket == "" || key == "" {
			return place{}, faultf("Line %d of the manifest is %q; it must name a file, as s3://bucket/key.", d.line, name)
		}
		return place{bucket, key}, nil
	}
}

// maxKeyLine is more than a bucket and a key can have.
const maxKeyLine = 4096

// inventory is the data files that the manifest of an S3 inventory names.
type inventory struct {
	etag    string
	files   []place
	at      int
	headers []string
}

// openInventory reads a manifest.
func openInventory(ctx context.Context, store objectstore.Store, s source, at position) (*inventory, error) {
	t, err := openText(ctx, store, s, position{ETag: at.ETag})
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(t.in, maxInventory+1))
	if err == nil {
		err = t.verify()
	}
	if failed := t.Close(); err == nil {
		err = failed
	}
	if err != nil {
		return nil, err
	}
	i := &inventory{etag: t.object.ETag(), at: int(at.Line)}
	return i, i.parse(body)
}

func (i *inventory) parse(body []byte) error {
	if len(body) > maxInventory {
		return faultf("The manifest has more than %d bytes.", maxInventory)
	}
	v, err := value.Parse(bytes.TrimSpace(body))
	if err != nil {
		return faultf("The manifest is not valid JSON: %v.", err)
	}
	o, ok := v.(*value.Object)
	if !ok {
		return fault("The manifest is not a JSON object.")
	}
	if form := textOf(o, "fileFormat"); form != "CSV" {
		return faultf("The inventory has the fileFormat %q; only CSV can be read.", form)
	}
	for _, name := range strings.Split(textOf(o, "fileSchema"), ",") {
		i.headers = append(i.headers, strings.TrimSpace(name))
	}
	return i.list(o)
}

func (i *inventory) list(o *value.Object) error {
	bucket := bucketName(textOf(o, "destinationBucket"))
	files, _ := o.Get("files")
	list, ok := files.([]any)
	if !ok || bucket == "" {
		return fault("The manifest is not that of an S3 inventory: it needs destinationBucket and files.")
	}
	for n, f := range list {
		file, _ := f.(*value.Object)
		key := ""
		if file != nil {
			key = textOf(file, "key")
		}
		if key == "" {
			return faultf("The file with the index %d in the manifest has no key.", n)
		}
		i.files = append(i.files, place{bucket, key})
	}
	return nil
}

// bucketName is the bucket of a name or an ARN.
func bucketName(text string) string { return text[strings.LastIndexByte(text, ':')+1:] }

func textOf(o *value.Object, name string) string {
	v, _ := o.Get(name)
	s, _ := v.(string)
	return s
}

func (i *inventory) object() (place, error) {
	if i.at >= len(i.files) {
		return place{}, io.EOF
	}
	i.at++
	return i.files[i.at-1], nil
}

func (i *inventory) position() position { return position{ETag: i.etag, Line: int64(i.at)} }

// verify: the manifest was read whole.
func (i *inventory) verify() error { return nil }

// Close has nothing to give up.
func (i *inventory) Close() error { return nil }
