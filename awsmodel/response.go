package awsmodel

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed responses.zip
var responsesZip []byte

var responses = archive{data: responsesZip}

// services that were read, by name.
var services cache[*Service]

// Response is the response of an operation. It is nil if the operation has none,
// or if there is no such operation or service. An error means that the embedded
// models are damaged.
func Response(service, operation string) (*Object, error) {
	s, err := services.get(service, readService)
	if err != nil || s == nil {
		return nil, err
	}
	at, ok := s.Operations[operation]
	if !ok || at < 0 {
		return nil, nil
	}
	return &Object{service: s, shape: &s.Shapes[at]}, nil
}

// readService is a service, nil if there is none of that name.
func readService(name string) (*Service, error) {
	text, err := responses.read(name)
	if text == nil || err != nil {
		return nil, err
	}
	s := &Service{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("awsmodel: service %s: %w", name, err)
	}
	return s, nil
}
