package mapio

import (
	"context"
	"errors"
	"io"
	"strconv"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// reading is a request for a block of items.
type reading struct {
	name     string // says what is read, apart from the cursor
	list     bool   // the items are in or from a listing
	ref      objectstore.Ref
	prefix   string
	format   *itemFormat
	cursor   string
	maxItems int // that are wanted from here on; 0 for all
	items    int // of this block
	bytes    int
}

func (c *Connector) parseReading(payload []byte) (*reading, error) {
	q, err := parseRequest(payload)
	if err != nil {
		return nil, err
	}
	r := &reading{cursor: textOf(q.Object, "Cursor"), name: q.name()}
	operation, err := q.operation()
	if err != nil {
		return nil, err
	}
	switch operation {
	case "getObject":
		r.ref, err = q.ref()
	case "listObjectsV2":
		r.list = true
		err = r.parseListing(q)
	default:
		err = faultf("The resource '%s' reads nothing: there are getObject and listObjectsV2.", textOf(q.Object, "Resource"))
	}
	if err != nil {
		return nil, err
	}
	config, err := q.object("ReaderConfig")
	if err != nil {
		return nil, err
	}
	if r.format, err = readFormat(config, r.list, &c.limits); err != nil {
		return nil, err
	}
	if r.ref.Version != "" && r.format.inputType == inputParquet {
		return nil, fault("S3 Version ID selection is not currently supported for PARQUET files")
	}
	return r, r.parseSizes(q, c.limits)
}

func (r *reading) parseListing(q request) error {
	p, err := q.parameters("Bucket")
	if err != nil {
		return err
	}
	r.ref.Bucket, r.prefix = textOf(p, "Bucket"), textOf(p, "Prefix")
	return nil
}

func (r *reading) parseSizes(q request, limits Limits) (err error) {
	if r.maxItems, err = q.count("MaxItems"); err != nil {
		return err
	}
	if r.maxItems < 0 {
		return fault("field MaxItems must be positive")
	}
	if r.items, err = q.count("BlockItems"); err != nil {
		return err
	}
	if r.bytes, err = q.count("BlockBytes"); err != nil {
		return err
	}
	r.items, r.bytes = bounded(r.items, limits.BlockItems), bounded(r.bytes, limits.BlockBytes)
	if r.maxItems > 0 {
		r.items = min(r.items, r.maxItems)
	}
	return nil
}

func bounded(n, most int) int {
	if n <= 0 {
		return most
	}
	return min(n, most)
}

// open opens the stream at its cursor. The context lasts as long as the stream.
func (r *reading) open(ctx context.Context, store objectstore.Store) (stream, error) {
	at, err := parseCursor(r.cursor)
	if err != nil {
		return nil, err
	}
	s := source{Ref: r.ref, format: r.format}
	switch {
	case r.format.flatten:
		return openSeveral(ctx, store, s, openListing(ctx, store, r.ref.Bucket, r.prefix, at), at)
	case r.list:
		return openListing(ctx, store, r.ref.Bucket, r.prefix, at), nil
	case r.format.manifest != "":
		return openManifest(ctx, store, s, at)
	}
	return s.open(ctx, store, at)
}

// openManifest opens the items of the objects that a manifest names.
func openManifest(ctx context.Context, store objectstore.Store, s source, at position) (stream, error) {
	form := source{format: s.format, zipped: true}
	if s.format.manifest == manifestAthena {
		outer, err := openDataFiles(ctx, store, s, at)
		if err != nil {
			return nil, err
		}
		return openSeveral(ctx, store, form, outer, at)
	}
	outer, err := openInventory(ctx, store, s, at)
	if err != nil {
		return nil, err
	}
	named := *s.format
	named.headers = outer.headers
	form.format = &named
	return openFlat(ctx, store, form, outer, at)
}

// block is an answer.
type block struct {
	answer []byte
	cursor string
	done   bool
}

// block reads as many items as were asked for and are there. The answer will have about so
// many bytes.
func (r *reading) block(s stream, size int) (b block, err error) {
	out := append(make([]byte, 0, size), `{"Items":[`...)
	begun, n := len(out), 0
	from := originsOf(s)
	for ; n < r.items && len(out)-begun < r.bytes; n++ {
		before := len(out)
		if n > 0 {
			out = append(out, ',')
		}
		if out, err = s.next(out); errors.Is(err, io.EOF) {
			out, b.done = out[:before], true
			break
		}
		if err != nil {
			return b, err
		}
		from.note()
	}
	if err := s.verify(); err != nil {
		return b, err
	}
	if b.cursor, err = s.position().cursor(); err != nil {
		return b, err
	}
	b.done = b.done || r.maxItems > 0 && n >= r.maxItems
	out = value.AppendString(append(out, `],"Cursor":`...), b.cursor)
	out = strconv.AppendBool(append(out, `,"Done":`...), b.done)
	b.answer = append(from.append(out), '}')
	return b, nil
}
