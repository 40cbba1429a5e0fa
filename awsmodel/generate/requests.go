package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/awsmodel"
)

// lister gathers the shapes that requests are made of, a line for each, as
// awsmodel.API describes them.
type lister struct {
	*model
	service   string
	positions map[string]int
	lines     []string
}

// requestText is the entry of a service in requests.zip.
func (m *model) requestText(service string) ([]byte, error) {
	l := &lister{model: m, service: service, positions: map[string]int{}}
	for _, t := range awsmodel.Plain {
		l.lines = append(l.lines, string(t))
	}
	nothing := len(l.lines)
	l.lines = append(l.lines, string(awsmodel.Structure))
	var text bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(m.Operations)) {
		at := nothing
		if input := m.Operations[name].Input; input != nil {
			var err error
			if at, err = l.list(input.Shape); err != nil {
				return nil, fmt.Errorf("operation %s: %w", name, err)
			}
		}
		fmt.Fprintf(&text, "%s %d\n", name, at)
	}
	text.WriteString("\n" + strings.Join(l.lines, "\n"))
	return text.Bytes(), nil
}

// list is the position of a shape. Shapes without parts share a line.
func (l *lister) list(name string) (int, error) {
	if at, ok := l.positions[name]; ok {
		return at, nil
	}
	source := l.Shapes[name]
	if source == nil {
		return 0, fmt.Errorf("there is no shape %s", name)
	}
	t := types[source.Type]
	if source.Document {
		t = awsmodel.Anything
	}
	if t == "" {
		return 0, fmt.Errorf("%s: the type %s is not known", name, source.Type)
	}
	if at := slices.Index(awsmodel.Plain, t); at >= 0 {
		return at, nil
	}
	at := len(l.lines)
	l.positions[name] = at
	l.lines = append(l.lines, "")
	line, err := l.line(name, source, t)
	l.lines[at] = line
	return at, err
}

// line describes a shape with parts.
func (l *lister) line(name string, source *shape, t awsmodel.Type) (string, error) {
	switch t {
	case awsmodel.List:
		at, err := l.list(source.Member.Shape)
		return fmt.Sprint(t, " ", at), err
	case awsmodel.Map:
		at, err := l.list(source.Value.Shape)
		return fmt.Sprint(t, " ", at), err
	}
	change := changes[l.service+":"+name]
	line := string(t)
	for _, member := range slices.Sorted(maps.Keys(source.Members)) {
		at, err := l.list(source.Members[member].Shape)
		if err != nil {
			return "", err
		}
		mark := ""
		if slices.Contains(source.Required, member) && !change.optional {
			mark = "!"
		}
		line += fmt.Sprint(" ", capital(member), mark, ":", at)
	}
	for _, member := range change.members {
		line += fmt.Sprint(" ", member, ":", slices.Index(awsmodel.Plain, awsmodel.Anything))
	}
	return line, nil
}
