package definition

import (
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// template reads a member as a template of the state's query language. It
// answers nil if the member is absent.
func (f fields) template(name string) Template {
	v, ok := f.object.Get(name)
	if !ok {
		return nil
	}
	return f.templateOf(v, f.at.field(name), name)
}

// templateOf compiles a value that stands at a place. where is that place in
// the notation of JSONataExpr.Location.
func (f fields) templateOf(v any, at place, where string) Template {
	if f.lang == JSONata {
		return f.jsonata(v, at, place{name: f.within + where})
	}
	return f.payload(constants(v), at)
}

// payload compiles a payload template of JSONPath: members whose names end
// with ".$" are computed, whatever else is constant. The order of the members of
// an object is that of layout.
func (f fields) payload(v any, at place) Template {
	switch v := v.(type) {
	case *value.Object:
		return f.payloadObject(v, at)
	case []any:
		items := make([]Template, len(v))
		for i, item := range v {
			items[i] = f.payload(item, at.item(i))
		}
		return fold(items, v)
	default:
		return &Constant{Value: v}
	}
}

func (f fields) payloadObject(o *value.Object, at place) Template {
	plain := make([]Member, 0, o.Len())
	var computed []Member
	for key, v := range o.All() {
		name, dollar := strings.CutSuffix(key, ".$")
		if !dollar {
			f.lintNoDollar(key, v, at)
			plain = append(plain, Member{Name: key, Value: f.payload(v, at.field(key))})
			continue
		}
		if _, twice := o.Get(name); twice && !strings.HasSuffix(name, ".$") {
			f.refuse(at, "The fields '"+name+"' and '"+key+"' have the same name once '.$' is removed", "remove one of them")
		}
		computed = append(computed, Member{Name: name, Value: f.computed(key, v, at)})
	}
	return foldObject(layout(plain, computed), o)
}

// computed compiles the value of a member with the suffix ".$".
func (f fields) computed(key string, v any, at place) Template {
	text, ok := v.(string)
	if ok {
		if t := f.pathOrCallText(key, text); t != nil {
			return t
		}
	}
	f.refuseValue(at.fieldOf(key), v, "The value for the field '"+key+"' must be a valid JSONPath or a valid intrinsic function call",
		`write a path such as "$.order.id" or a call such as "States.Format('{}', $.x)", without blanks around it`)
	return &Constant{}
}

// jsonata compiles a value of JSONata: strings in {% %} are computed.
func (f fields) jsonata(v any, at, where place) Template {
	switch v := v.(type) {
	case string:
		return f.jsonataText(v, at, where)
	case *value.Object:
		members := make([]Member, 0, v.Len())
		for key, item := range v.All() {
			members = append(members, Member{Name: key, Value: f.jsonata(item, at.field(key), where.field(key))})
		}
		return foldObject(members, v)
	case []any:
		items := make([]Template, len(v))
		for i, item := range v {
			items[i] = f.jsonata(item, at.item(i), where.item(i))
		}
		return fold(items, v)
	default:
		return &Constant{Value: v}
	}
}

func (f fields) jsonataText(text string, at, where place) Template {
	opened, closed := strings.HasPrefix(text, "{%"), strings.HasSuffix(text, "%}")
	switch {
	case !opened && !closed:
		return &Constant{Value: text}
	case opened != closed || len(text) < len("{%%}"):
		f.refuse(at, "JSONata string must start with {% and end with %}", `write "{% expression %}" without blanks outside`)
		return &Constant{Value: text}
	}
	return f.expression(strings.TrimSpace(text[2:len(text)-2]), at, f.builder.location(where))
}

// fold is the array of the templates, or the constant v if all are constant.
func fold(items []Template, v any) Template {
	for _, t := range items {
		if _, constant := t.(*Constant); !constant {
			return &Array{Items: items}
		}
	}
	return &Constant{Value: v}
}

// foldObject is the object of the members, or the constant o if all values
// are constant.
func foldObject(members []Member, o *value.Object) Template {
	for _, m := range members {
		if _, constant := m.Value.(*Constant); !constant {
			return &Object{Members: members}
		}
	}
	return &Constant{Value: o}
}

// memberOf reads a member of a constant.
func memberOf(v any, name string) (any, bool) {
	o, ok := v.(*value.Object)
	if !ok {
		return nil, false
	}
	return o.Get(name)
}

// constantInt is the value of a template that is a constant number.
func constantInt(t Template) (int64, bool) {
	c, ok := t.(*Constant)
	if !ok {
		return 0, false
	}
	n, ok := c.Value.(value.Number)
	if !ok {
		return 0, false
	}
	return n.Int64()
}
