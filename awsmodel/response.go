package awsmodel

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed responses.zip
var responses []byte

var archive = sync.OnceValues(func() (*zip.Reader, error) {
	return zip.NewReader(bytes.NewReader(responses), int64(len(responses)))
})

// services that were read, by name.
var services sync.Map

// Response is the response of an operation. It is nil if the operation has none,
// or if there is no such operation or service. An error means that the embedded
// models are damaged.
func Response(service, operation string) (*Object, error) {
	s, err := read(service)
	if err != nil || s == nil {
		return nil, err
	}
	at, ok := s.Operations[operation]
	if !ok || at < 0 {
		return nil, nil
	}
	return &Object{service: s, shape: &s.Shapes[at]}, nil
}

// read is a service, nil if there is none of that name.
func read(name string) (*Service, error) {
	if s, ok := services.Load(name); ok {
		return s.(*Service), nil
	}
	r, err := archive()
	if err != nil {
		return nil, fmt.Errorf("awsmodel: %w", err)
	}
	file, err := r.Open(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("awsmodel: service %s: %w", name, err)
	}
	defer file.Close()
	s := &Service{}
	if err := json.NewDecoder(file).Decode(s); err != nil {
		return nil, fmt.Errorf("awsmodel: service %s: %w", name, err)
	}
	services.Store(name, s)
	return s, nil
}
