package definition

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// locateYAML fills in the lines and columns of diagnostics. What comes from an
// alias stands where the alias is.
func locateYAML(file *ast.File, diagnostics []Diagnostic) {
	if len(diagnostics) == 0 {
		return
	}
	root := targetsOf(diagnostics)
	for _, d := range file.Docs {
		if d.Body != nil {
			locateIn(d.Body, root)
		}
	}
	root.locate(1, 1)
}

// locateIn looks for the targets below a node.
func locateIn(n ast.Node, t *target) {
	if t == nil || len(t.below) == 0 {
		return
	}
	switch n := n.(type) {
	case *ast.AnchorNode:
		locateIn(n.Value, t)
	case *ast.TagNode:
		locateIn(n.Value, t)
	case *ast.MappingNode:
		for _, m := range n.Values {
			locateMember(m, t)
		}
	case *ast.MappingValueNode:
		locateMember(n, t)
	case *ast.SequenceNode:
		for i, item := range n.Values {
			if next := t.below[strconv.Itoa(i)]; next != nil {
				next.standsAtNode(item)
				locateIn(item, next)
			}
		}
	}
}

func locateMember(m *ast.MappingValueNode, t *target) {
	if next := t.below[keyText(m.Key)]; next != nil {
		next.standsAtNode(m.Key)
		locateIn(m.Value, next)
	}
}

// keyText is the text of a key; "" for an alias, which stands for another key.
func keyText(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingKeyNode:
		return keyText(n.Value)
	case *ast.AnchorNode:
		return keyText(n.Value)
	case *ast.TagNode:
		return keyText(n.Value)
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case ast.ScalarNode:
		return n.GetToken().Value
	}
	return ""
}

// standsAtNode notes the position of a node. The token of a mapping is
// the colon of its first member, so the key has to be asked.
func (t *target) standsAtNode(n ast.Node) {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 && !m.IsFlowStyle {
			n = m.Values[0].Key
		}
	case *ast.MappingValueNode:
		n = m.Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return
	}
	p := n.GetToken().Position
	t.line, t.column = p.Line, p.Column
}
