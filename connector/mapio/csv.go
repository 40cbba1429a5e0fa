package mapio

import (
	"context"
	"errors"
	"io"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// table is the items of a CSV file: an object for each row, with a string for
// each column. Cells that a row lacks are empty strings, those that are too many
// are left out, empty lines too.
type table struct {
	*text
	record  record
	columns []column
}

func openCSV(ctx context.Context, store objectstore.Store, s source, at position) (stream, error) {
	headers := s.format.headers
	if s.format.firstRow && at.Offset > 0 {
		var err error
		if headers, err = readHeaders(ctx, store, s, at.ETag); err != nil {
			return nil, err
		}
	}
	t, err := openText(ctx, store, s, at)
	if err != nil {
		return nil, err
	}
	c := &table{text: t, record: record{delimiter: s.format.delimiter, limit: s.format.limits.ItemBytes}}
	if s.format.firstRow && at.Offset == 0 {
		headers, err = c.firstRow(s.format.limits.HeaderBytes)
	}
	if err == nil {
		c.columns, err = columnsOf(headers)
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return c, nil
}

// readHeaders reads the first row of a file that is to be read from another
// place on.
func readHeaders(ctx context.Context, store objectstore.Store, s source, etag string) ([]string, error) {
	t, err := openText(ctx, store, s, position{ETag: etag})
	if err != nil {
		return nil, err
	}
	c := &table{text: t, record: record{delimiter: s.format.delimiter, limit: s.format.limits.ItemBytes}}
	headers, err := c.firstRow(s.format.limits.HeaderBytes)
	return headers, errors.Join(err, t.Close())
}

// firstRow reads the names of the columns; there are none in an empty file.
func (c *table) firstRow(limit int) ([]string, error) {
	err := c.record.read(c.text)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(c.record.cells) > limit {
		return nil, faultf("The CSV headers have %d bytes; at most %d are allowed.", len(c.record.cells), limit)
	}
	headers := make([]string, 0, len(c.record.ends))
	for i := range c.record.ends {
		headers = append(headers, string(c.record.cell(i)))
	}
	return headers, nil
}

func (c *table) next(dst []byte) ([]byte, error) {
	if err := c.record.read(c.text); err != nil {
		return dst, err
	}
	for i := range c.columns {
		dst = append(dst, c.columns[i].before...)
		dst = appendCell(dst, c.record.cell(c.columns[i].index))
	}
	return append(dst, '}'), nil
}

// appendCell appends a cell as a JSON string.
func appendCell(dst, cell []byte) []byte {
	for _, b := range cell {
		if b < ' ' || b == '"' || b == '\\' || b > '~' {
			return value.AppendString(dst, string(cell))
		}
	}
	dst = append(dst, '"')
	dst = append(dst, cell...)
	return append(dst, '"')
}
