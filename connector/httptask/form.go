package httptask

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// Array formats of a form: how {"k": ["a", "b"]} is written.
const (
	indices  = "INDICES"  // k[0]=a&k[1]=b, the default
	repeat   = "REPEAT"   // k=a&k=b
	commas   = "COMMAS"   // k=a,b
	brackets = "BRACKETS" // k[]=a&k[]=b
	none     = "NONE"     // k=["a","b"], the array as JSON text (ours: AWS has no such)
)

// form is URL-encoded text while it is written.
type form struct {
	b      strings.Builder
	arrays string
}

// encodeForm is an object as application/x-www-form-urlencoded. Members of
// objects within are k[member].
func encodeForm(o *value.Object, arrays string) string {
	f := form{arrays: arrays}
	for key, v := range o.All() {
		f.add(key, v)
	}
	return f.b.String()
}

func (f *form) add(key string, v any) {
	switch v := v.(type) {
	case *value.Object:
		for name, member := range v.All() {
			f.add(key+"["+name+"]", member)
		}
	case []any:
		f.addArray(key, v)
	default:
		text, _ := scalar(v)
		f.pair(key, escape(text))
	}
}

func (f *form) addArray(key string, items []any) {
	switch f.arrays {
	case none:
		f.pair(key, escape(string(value.Append(nil, items))))
		return
	case commas:
		list := make([]string, len(items))
		for i, item := range items {
			text, ok := scalar(item)
			if !ok {
				text = string(value.Append(nil, item))
			}
			list[i] = escape(text)
		}
		f.pair(key, strings.Join(list, ","))
		return
	}
	for i, item := range items {
		switch f.arrays {
		case repeat:
			f.add(key, item)
		case brackets:
			f.add(key+"[]", item)
		default:
			f.add(key+"["+strconv.Itoa(i)+"]", item)
		}
	}
}

// pair writes a key and a value that is escaped already.
func (f *form) pair(key, escaped string) {
	if f.b.Len() > 0 {
		f.b.WriteByte('&')
	}
	f.b.WriteString(escape(key))
	f.b.WriteByte('=')
	f.b.WriteString(escaped)
}

// escape writes a space as %20, which queries and forms both understand.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// query is the parameters that are added to an address, in order.
type query struct {
	keys   []string
	values [][]string
}

func (q *query) add(key string, values ...string) {
	for i := range q.keys {
		if q.keys[i] == key {
			q.values[i] = append(q.values[i], values...)
			return
		}
	}
	q.keys = append(q.keys, key)
	q.values = append(q.values, values)
}

// set puts a value in the place of all others of the key.
func (q *query) set(key, v string) {
	for i := range q.keys {
		if q.keys[i] == key {
			q.values[i] = []string{v}
			return
		}
	}
	q.add(key, v)
}

// appendTo is the raw query of an address with the parameters behind it.
func (q *query) appendTo(raw string) string {
	if len(q.keys) == 0 {
		return raw
	}
	var f form
	f.b.WriteString(raw)
	for i, key := range q.keys {
		for _, v := range q.values[i] {
			f.pair(key, escape(v))
		}
	}
	return f.b.String()
}

// readQuery reads the member QueryParameters: an object of scalars and arrays of
// scalars, or a string such as "a=1&b=2".
func readQuery(q *query, v any) (problems []string) {
	switch v := v.(type) {
	case string:
		return q.parse(v)
	case *value.Object:
		for key, member := range v.All() {
			values, ok := texts(member)
			if !ok {
				problems = append(problems, invalid("QueryParameters."+key))
				continue
			}
			q.add(key, values...)
		}
		return problems
	}
	return []string{invalid("QueryParameters")}
}

func (q *query) parse(text string) (problems []string) {
	for pair := range strings.SplitSeq(strings.TrimPrefix(text, "?"), "&") {
		if pair == "" {
			continue
		}
		key, v, _ := strings.Cut(pair, "=")
		key, err1 := url.QueryUnescape(key)
		v, err2 := url.QueryUnescape(v)
		if err1 != nil || err2 != nil {
			return []string{invalid("QueryParameters")}
		}
		q.add(key, v)
	}
	return nil
}
