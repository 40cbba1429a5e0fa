package mapio

import (
	"context"
	"strconv"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// several is a flat stream that tells which object each item is from. That of an
// inventory does not: it is the manifest that is read, its files are parts of it.
type several struct{ *flat }

// openSeveral is openFlat for items each of which has an object of its own.
func openSeveral(ctx context.Context, store objectstore.Store, form source, outer objects, at position) (stream, error) {
	f, err := openFlat(ctx, store, form, outer, at)
	if err != nil {
		return nil, err
	}
	return several{f}, nil
}

// origin is the object that the last item is from, as a URI.
func (s several) origin() string { return "s3://" + s.object.Bucket + "/" + s.object.Key }

// origins are where the items of a block are from. Its zero value is for streams that
// do not tell.
type origins struct {
	of   interface{ origin() string }
	runs []originRun
}

// originRun are so many items in a row.
type originRun struct {
	items  int
	origin string
}

func originsOf(s stream) *origins {
	of, _ := s.(interface{ origin() string })
	return &origins{of: of}
}

// note notes the origin of the last item.
func (o *origins) note() {
	if o.of == nil {
		return
	}
	origin, last := o.of.origin(), len(o.runs)-1
	if last < 0 || o.runs[last].origin != origin {
		o.runs, last = append(o.runs, originRun{0, origin}), last+1
	}
	o.runs[last].items++
}

// append appends them to an answer, as a member.
func (o *origins) append(dst []byte) []byte {
	if len(o.runs) == 0 {
		return dst
	}
	dst = append(dst, `,"Sources":`...)
	for i, run := range o.runs {
		dst = append(dst, "[,"[min(i, 1)])
		dst = strconv.AppendInt(append(dst, `{"Items":`...), int64(run.items), 10)
		dst = append(value.AppendString(append(dst, `,"Source":`...), run.origin), '}')
	}
	return append(dst, ']')
}
