package mapio

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

const (
	// parquetBuffer is what is read of a column at a time.
	parquetBuffer = 256 << 10
	// parquetRows is how many rows are put together at a time.
	parquetRows = 64
)

// parquetFile is the items of a Parquet file: an object for each row. A position
// in it is a row group (Line) and a row in it (Offset).
type parquetFile struct {
	object *ranged
	shape  *shape
	groups []parquet.RowGroup
	limit  int

	group   int
	rows    parquet.Rows // nil before a group is begun
	row     int64        // of the group, that next gives
	batch   []parquet.Row
	ready   []parquet.Row // rows of the batch that were not given yet
	columns [][]parquet.Value
}

func openParquet(ctx context.Context, store objectstore.Store, s source, at position) (stream, error) {
	object, err := openRanged(ctx, store, s.pinned(at.ETag))
	if err != nil {
		return nil, err
	}
	if err := s.checkSize(object.size); err != nil {
		return nil, err
	}
	p := &parquetFile{object: object, limit: s.format.limits.ItemBytes, group: int(at.Line), row: at.Offset, batch: make([]parquet.Row, parquetRows)}
	return p, p.guard(p.open)
}

// guard carries out what reads the file. The library panics on some files that
// are damaged; that is a fault of the file and not of ours.
func (p *parquetFile) guard(read func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = faultf("The object is not a valid Parquet file: %v.", r)
		}
	}()
	return read()
}

func (p *parquetFile) open() error {
	file, err := parquet.OpenFile(p.object, p.object.size, parquet.ReadBufferSize(parquetBuffer), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return damaged(err)
	}
	p.groups = file.RowGroups()
	p.shape = shapeOf(file.Root())
	p.columns = make([][]parquet.Value, p.shape.leaves)
	return nil
}

// damaged is the error of a file, which must not look like the end of the items.
func damaged(err error) error {
	var object *objectstore.Error
	if err == nil || errors.As(err, &object) || errors.Is(err, context.Canceled) {
		return err
	}
	return faultf("The object is not a valid Parquet file: %v.", err)
}

func (p *parquetFile) next(dst []byte) ([]byte, error) {
	err := p.guard(func() error {
		if err := p.fill(); err != nil {
			return err
		}
		begun := len(dst)
		dst = p.item(dst, p.ready[0])
		if n := len(dst) - begun; n > p.limit {
			return faultf("Row %d of row group %d has %d bytes as JSON; an item may have at most %d.", p.row, p.group, n, p.limit)
		}
		return nil
	})
	if err != nil {
		return dst, err
	}
	p.ready = p.ready[1:]
	p.row++
	return dst, nil
}

// fill has a row ready, or is io.EOF.
func (p *parquetFile) fill() error {
	for len(p.ready) == 0 {
		if p.group >= len(p.groups) {
			return io.EOF
		}
		if p.rows == nil {
			p.rows = p.groups[p.group].Rows()
			if err := p.rows.SeekToRow(p.row); err != nil {
				return damaged(err)
			}
		}
		n, err := p.rows.ReadRows(p.batch)
		p.ready = p.batch[:n]
		switch {
		case n > 0:
		case errors.Is(err, io.EOF):
			if err := p.leaveGroup(); err != nil {
				return err
			}
		case err != nil:
			return damaged(err)
		}
	}
	return nil
}

func (p *parquetFile) leaveGroup() error {
	if rows := p.groups[p.group].NumRows(); p.row < rows {
		return faultf("The object is not a valid Parquet file: row group %d ends after %d of %d rows.", p.group, p.row, rows)
	}
	err := p.rows.Close()
	p.group, p.row, p.rows = p.group+1, 0, nil
	return damaged(err)
}

// item appends a row as JSON.
func (p *parquetFile) item(dst []byte, row parquet.Row) []byte {
	clear(p.columns)
	row.Range(func(column int, values []parquet.Value) bool {
		p.columns[column] = values
		return true
	})
	return p.shape.append(dst, p.columns, level{})
}

func (p *parquetFile) position() position {
	return position{ETag: p.object.ref.ETag, Line: int64(p.group), Offset: p.row}
}

// verify has nothing to do: each part was read from the pinned content.
func (p *parquetFile) verify() error { return nil }

// Close gives the file up.
func (p *parquetFile) Close() error {
	if p.rows == nil {
		return nil
	}
	return p.guard(func() error { return damaged(p.rows.Close()) })
}

// ranged is an object of which any part can be read. It is an io.ReaderAt.
type ranged struct {
	ctx   context.Context // as long as the stream lasts, which io.ReaderAt cannot be given
	store objectstore.Store
	ref   objectstore.Ref
	size  int64
}

func openRanged(ctx context.Context, store objectstore.Store, ref objectstore.Ref) (*ranged, error) {
	head, err := store.Open(ctx, ref, objectstore.Range{Length: 4})
	if err != nil {
		return nil, err
	}
	ref.ETag = head.ETag
	if head.Size < 0 {
		err = faultf("The size of the object %s is not known, so that its end, where the description of a Parquet file lies, cannot be found.", ref.Key)
	}
	return &ranged{ctx: ctx, store: store, ref: ref, size: head.Size}, errors.Join(err, head.Close())
}

// ReadAt reads a part of the object.
func (r *ranged) ReadAt(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if off < 0 {
		return 0, fmt.Errorf("byte %d does not exist", off)
	}
	if off >= r.size {
		return 0, io.EOF
	}
	part, err := r.store.Open(r.ctx, r.ref, objectstore.Range{From: off, Length: int64(len(p))})
	if err != nil {
		return 0, err
	}
	n, err := io.ReadFull(part, p)
	if errors.Is(err, io.ErrUnexpectedEOF) && off+int64(n) >= r.size {
		err = io.EOF
	}
	if part.Verify != nil && (err == nil || errors.Is(err, io.EOF)) {
		if changed := part.Verify(); changed != nil {
			err = changed
		}
	}
	if failed := part.Close(); err == nil {
		err = failed
	}
	return n, err
}
