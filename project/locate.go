package project

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Lines finds the lines of places within a JSON or YAML text.
type Lines struct{ root ast.Node }

// NewLines reads the text. A text that is neither JSON nor YAML has no lines
// to find.
func NewLines(text string) Lines {
	file, err := parse([]byte(text))
	if err != nil || len(file.Docs) == 0 {
		return Lines{}
	}
	return Lines{root: file.Docs[0].Body}
}

// Of is the line, from 1, of the place that a JSON pointer (RFC 6901) names, or
// of the nearest place around it that exists; 0 if there is none.
func (l Lines) Of(pointer string) int {
	node, line := l.root, 0
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		next, at := step(node, token)
		if next == nil {
			break
		}
		node, line = next, at
	}
	return line
}

// step goes one token down and gives the line of the key or item there.
func step(node ast.Node, token string) (ast.Node, int) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, value := range n.Values {
			if keyText(value.Key) == token {
				return value.Value, lineOf(value.Key)
			}
		}
	case *ast.MappingValueNode:
		if keyText(n.Key) == token {
			return n.Value, lineOf(n.Key)
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.Values) {
			return n.Values[i], lineOf(n.Values[i])
		}
	}
	return nil, 0
}
