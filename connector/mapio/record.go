package mapio

import (
	"bytes"
	"errors"
	"io"
)

// record is a row of a CSV file. A cell in double quotes may contain delimiters,
// line breaks and, doubled, quotes; blanks between the closing quote and the
// delimiter are ignored. A quote within a cell that does not begin with one
// stands for itself.
type record struct {
	delimiter byte
	limit     int

	cells []byte // of all cells, one after the other
	ends  []int  // where each ends
}

// cell is the text of a cell, empty behind the last.
func (r *record) cell(i int) []byte {
	switch {
	case i >= len(r.ends):
		return nil
	case i == 0:
		return r.cells[:r.ends[0]]
	}
	return r.cells[r.ends[i-1]:r.ends[i]]
}

// read reads the next row; io.EOF if there is none.
func (r *record) read(t *text) error {
	r.cells, r.ends = r.cells[:0], r.ends[:0]
	line, err := r.begin(t)
	for first := t.line; err == nil; {
		line, err = r.readCell(t, line, first)
		if err == nil {
			r.ends = append(r.ends, len(r.cells))
			if line == nil {
				return nil
			}
		}
	}
	return err
}

// begin is the next line that is not empty.
func (r *record) begin(t *text) ([]byte, error) {
	for {
		line, err := t.readLine(r.limit)
		if err != nil || len(withoutEnd(line)) > 0 {
			return line, err
		}
	}
}

// readCell reads the cell at the beginning of a line. What comes behind the
// delimiter is the rest; nil if there is no delimiter.
func (r *record) readCell(t *text, line []byte, first int64) (rest []byte, err error) {
	if len(line) > 0 && line[0] == '"' {
		return r.readQuoted(t, line[1:], first)
	}
	end := bytes.IndexByte(line, r.delimiter)
	if end < 0 {
		r.cells = append(r.cells, withoutEnd(line)...)
		return nil, nil
	}
	r.cells = append(r.cells, line[:end]...)
	return line[end+1:], nil
}

// readQuoted reads a cell from behind its opening quote on.
func (r *record) readQuoted(t *text, line []byte, first int64) (rest []byte, err error) {
	for {
		quote := bytes.IndexByte(line, '"')
		if quote < 0 {
			if line, err = r.nextLine(t, line, first); err != nil {
				return nil, err
			}
			continue
		}
		r.cells = append(r.cells, line[:quote]...)
		line = line[quote+1:]
		if len(line) == 0 || line[0] != '"' {
			return r.behindQuote(line, t.line)
		}
		r.cells = append(r.cells, '"')
		line = line[1:]
	}
}

// nextLine takes a line that ends within quotes whole, and reads the next.
func (r *record) nextLine(t *text, line []byte, first int64) ([]byte, error) {
	r.cells = append(r.cells, line...)
	next, err := t.readLine(r.limit)
	if errors.Is(err, io.EOF) {
		return nil, faultf("The row that begins in line %d has an opening double quote without a closing one.", first)
	}
	if err == nil && len(r.cells)+len(next) > r.limit {
		err = tooLong(first, r.limit)
	}
	return next, err
}

// behindQuote is the rest of a line behind a closing quote.
func (r *record) behindQuote(line []byte, number int64) ([]byte, error) {
	for i, b := range line {
		switch {
		case b == r.delimiter:
			return line[i+1:], nil
		case b != ' ' && b != '\t' && b != '\r' && b != '\n':
			return nil, faultf("In line %d, a closing double quote is followed by %q; a delimiter or the end of the line must follow, and a quote within quotes must be doubled.", number, rune(b))
		}
	}
	return nil, nil
}
