package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// text is v as $string and & show it.
func (r *run) text(v any) (string, *Error) {
	switch v := unwrapped(v).(type) {
	case Undefined, *function:
		return "", nil
	case string:
		return v, nil
	default:
		return r.json(v, false)
	}
}

// json is v as JSON text; functions become empty strings.
func (r *run) json(v any, pretty bool) (string, *Error) {
	if x, ok := number(v); ok && (math.IsInf(x, 0) || math.IsNaN(x)) {
		return "", &Error{Code: "D3001", Value: v}
	}
	w := jsonWriter{r: r, pretty: pretty}
	w.write(v, 0)
	switch {
	case w.err != nil:
		return "", w.err
	case r.spent != nil:
		return "", r.spent
	}
	return string(w.out), nil
}

// numberText is a number as JSONata writes it: 15 significant digits, but all
// of an integer.
func numberText(x float64) string {
	if x != math.Trunc(x) {
		x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	}
	return string(numberOf(x))
}

// jsonWriter writes JSON as JSON.stringify does.
type jsonWriter struct {
	r      *run
	out    []byte
	pretty bool
	exact  bool // numbers with all their digits
	limit  int  // bytes to stop at, if not 0
	err    *Error
}

func (w *jsonWriter) write(v any, depth int) {
	before := len(w.out)
	if w.err != nil || w.limit > 0 && before > w.limit || !w.r.spend(1, 0) || !w.r.nested(depth) {
		return
	}
	switch v := v.(type) {
	case nil, Undefined:
		w.out = append(w.out, "null"...)
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	case float64, value.Number:
		w.r.weigh(v)
		x, _ := number(v)
		if math.IsInf(x, 0) {
			w.err = &Error{Code: "D1001", Value: v}
		}
		if math.IsNaN(x) {
			w.out = append(w.out, "null"...)
		} else {
			w.out = append(w.out, w.number(v, x)...)
		}
	case string:
		w.quote(v)
	case *function:
		w.out = append(w.out, `""`...)
	case *value.Object:
		w.object(v, depth)
		return
	default:
		items, _ := w.r.list(v)
		w.array(items, depth)
		return
	}
	w.r.spend(0, len(w.out)-before)
}

func (w *jsonWriter) number(v any, x float64) string {
	switch {
	case w.exact:
		return string(numberOf(x))
	case w.r.opts.NumberText != nil:
		return w.r.opts.NumberText(v)
	}
	return numberText(x)
}

func (w *jsonWriter) array(items []any, depth int) {
	w.r.spend(0, 2+len(items))
	w.out = append(w.out, '[')
	for i, item := range items {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.line(depth + 1)
		if w.write(item, depth+1); w.r.spent != nil {
			return
		}
	}
	if len(items) > 0 {
		w.line(depth)
	}
	w.out = append(w.out, ']')
}

func (w *jsonWriter) object(o *value.Object, depth int) {
	w.r.spend(0, 2)
	w.out = append(w.out, '{')
	written := 0
	for key, v := range o.All() {
		if isUndefined(v) {
			continue
		}
		if written++; written > 1 {
			w.out = append(w.out, ',')
		}
		w.line(depth + 1)
		if !w.r.spend(0, len(key)+5) {
			return
		}
		w.quote(key)
		w.out = append(w.out, ':')
		if w.pretty {
			w.out = append(w.out, ' ')
		}
		if w.write(v, depth+1); w.r.spent != nil {
			return
		}
	}
	if written > 0 {
		w.line(depth)
	}
	w.out = append(w.out, '}')
}

// shortEscapes is all that is escaped with [Options.ShortEscapes].
var shortEscapes = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// quote writes a string; half of a surrogate pair is escaped.
func (w *jsonWriter) quote(s string) {
	if w.r.opts.ShortEscapes {
		w.out = append(append(append(w.out, '"'), shortEscapes.Replace(s)...), '"')
		return
	}
	if !hasHalves(s) {
		w.out = value.AppendString(w.out, s)
		return
	}
	w.out = append(w.out, '"')
	for _, c := range charsOf(s) {
		if u, ok := half(c); ok {
			w.out = append(w.out, `\u`...)
			w.out = strconv.AppendInt(w.out, int64(u), 16)
			continue
		}
		quoted := value.AppendString(nil, c)
		w.out = append(w.out, quoted[1:len(quoted)-1]...)
	}
	w.out = append(w.out, '"')
}

func (w *jsonWriter) line(depth int) {
	if !w.pretty || !w.r.spend(depth/stepText, 2*depth) {
		return
	}
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, "  "...)
	}
}
