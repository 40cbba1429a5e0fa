package definition

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/fermata-dev/fermata/expr/value"
)

// yamlBudget limits how many values the aliases of a text may expand to.
const yamlBudget = 2_000_000

// yamlText is how many bytes of a text count as one value.
const yamlText = 64

// yamlReader turns a YAML syntax tree into a value tree.
type yamlReader struct {
	teller
	anchors  map[string]ast.Node
	open     map[string]bool // anchors that are being expanded
	budget   int
	depth    int
	warnings []Diagnostic
}

// yamlMisfit is YAML that has no JSON form.
type yamlMisfit struct {
	node    ast.Node
	message string
}

func (e *yamlMisfit) Error() string { return e.message }

func misfit(n ast.Node, message string) error { return &yamlMisfit{node: n, message: message} }

// document reads the only document of a file.
func (r *yamlReader) document(file *ast.File) (any, error) {
	r.open = map[string]bool{}
	var body ast.Node
	for _, d := range file.Docs {
		switch {
		case d.Body == nil:
		case body != nil:
			return nil, misfit(d.Body, "the text has more than one YAML document")
		default:
			body = d.Body
		}
	}
	if body == nil {
		return nil, nil
	}
	return r.read(body, place{})
}

// read turns one node into a value.
func (r *yamlReader) read(n ast.Node, at place) (any, error) {
	if r.budget--; r.budget < 0 {
		return nil, misfit(n, "the aliases of the text expand to too much")
	}
	if r.depth++; r.depth > maxYAMLDepth {
		return nil, misfit(n, "nested too deep")
	}
	defer func() { r.depth-- }()
	switch n := n.(type) {
	case nil:
		return nil, nil
	case *ast.AnchorNode:
		r.anchors[n.Name.GetToken().Value] = n.Value
		return r.read(n.Value, at)
	case *ast.AliasNode:
		return r.alias(n, at)
	case *ast.TagNode:
		return r.tagged(n, at)
	case *ast.SequenceNode:
		return r.sequence(n, at)
	case *ast.MappingNode:
		return r.mapping(n, n.Values, at)
	case *ast.MappingValueNode:
		return r.mapping(n, []*ast.MappingValueNode{n}, at)
	default:
		v, err := yamlScalar(n)
		if text, ok := v.(string); ok {
			r.budget -= len(text) / yamlText
		}
		return v, err
	}
}

// alias reads what an alias stands for.
func (r *yamlReader) alias(n *ast.AliasNode, at place) (any, error) {
	name := n.Value.GetToken().Value
	target, ok := r.anchors[name]
	if !ok {
		return nil, misfit(n, "no anchor has the name '"+name+"'")
	}
	if r.open[name] {
		return nil, misfit(n, "the alias '"+name+"' stands within its own anchor")
	}
	r.open[name] = true
	defer delete(r.open, name)
	return r.read(target, at)
}

// tagged reads a value with a tag. Only the tags of JSON's own types are
// known; !!str makes a string of any scalar.
func (r *yamlReader) tagged(n *ast.TagNode, at place) (any, error) {
	switch tag := n.Start.Value; tag {
	case "!!str":
		if s, ok := n.Value.(ast.ScalarNode); ok {
			if _, isText := s.GetValue().(string); !isText {
				return s.GetToken().Value, nil
			}
		}
	case "!!map", "!!seq", "!!int", "!!float", "!!bool", "!!null":
	default:
		return nil, misfit(n, "the tag '"+tag+"' has no meaning here")
	}
	return r.read(n.Value, at)
}

func (r *yamlReader) sequence(n *ast.SequenceNode, at place) (any, error) {
	items := make([]any, 0, len(n.Values))
	for i, item := range n.Values {
		v, err := r.read(item, at.item(i))
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return items, nil
}

// mapping reads the members of a mapping. Merge keys give members that the
// mapping itself does not have.
func (r *yamlReader) mapping(n ast.Node, members []*ast.MappingValueNode, at place) (any, error) {
	o := value.NewObject(len(members))
	var merged []*value.Object
	warned := map[string]bool{}
	for _, m := range members {
		if m.Key.IsMergeKey() {
			sources, err := r.merge(m.Value, at)
			if err != nil {
				return nil, err
			}
			merged = append(merged, sources...)
			continue
		}
		key, err := r.key(m.Key)
		if err != nil {
			return nil, err
		}
		here := at.field(key)
		if _, twice := o.Get(key); twice && !warned[key] {
			warned[key] = true
			r.warnings = append(r.warnings, r.duplicateKey(here, key))
		}
		v, err := r.read(m.Value, here)
		if err != nil {
			return nil, err
		}
		o.Set(key, v)
	}
	for _, source := range merged {
		for key, v := range source.All() {
			if r.budget--; r.budget < 0 {
				return nil, misfit(n, "the aliases of the text expand to too much")
			}
			if _, own := o.Get(key); !own {
				o.Set(key, v)
			}
		}
	}
	return o, nil
}

// merge reads the value of a merge key: a mapping or a list of mappings.
func (r *yamlReader) merge(n ast.Node, at place) ([]*value.Object, error) {
	v, err := r.read(n, at)
	if err != nil {
		return nil, err
	}
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	sources := make([]*value.Object, 0, len(items))
	for _, item := range items {
		o, ok := item.(*value.Object)
		if !ok {
			return nil, misfit(n, "only mappings can be merged")
		}
		sources = append(sources, o)
	}
	return sources, nil
}

// key is the text of a key: of a scalar as it is written.
func (r *yamlReader) key(n ast.MapKeyNode) (string, error) {
	var node ast.Node = n
	if explicit, ok := n.(*ast.MappingKeyNode); ok {
		node = explicit.Value
	}
	v, err := r.read(node, place{})
	if err != nil {
		return "", err
	}
	switch v := v.(type) {
	case string:
		return v, nil
	case value.Number, bool:
		return node.GetToken().Value, nil
	default:
		return "", misfit(n, "a key has to be a string")
	}
}

// yamlScalar turns a scalar into a value.
func yamlScalar(n ast.Node) (any, error) {
	switch n := n.(type) {
	case *ast.NullNode:
		return nil, nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.StringNode:
		return strings.ToValidUTF8(n.Value, "\uFFFD"), nil
	case *ast.LiteralNode:
		return strings.ToValidUTF8(n.Value.Value, "\uFFFD"), nil
	case *ast.IntegerNode:
		return yamlNumber(n.Token.Value, n.Value), nil
	case *ast.FloatNode:
		return yamlNumber(n.Token.Value, n.Value), nil
	default:
		return nil, misfit(n, "the value has no JSON form")
	}
}

// yamlNumber keeps the text of a number that JSON would write the same way.
func yamlNumber(text string, v any) any {
	if n, err := value.Parse([]byte(text)); err == nil {
		return n
	}
	switch v := v.(type) {
	case int64:
		return value.IntNumber(v)
	case uint64:
		return value.Number(strconv.FormatUint(v, 10))
	case float64:
		return value.FloatNumber(v)
	default:
		return text
	}
}
