package project

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"unicode/utf8"
)

var errEncoding = errors.New("it is not text in UTF-8; save it as such")

// ReadText reads a file of text in UTF-8, without the byte order mark that some
// editors write before it.
func ReadText(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, &fs.PathError{Op: "read", Path: file, Err: errEncoding}
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}
