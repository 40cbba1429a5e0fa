package jsonata

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// Codes that JSONata has no code of its own for, or shares: the budgets.
const (
	CodeDepth        = "D1011" // nested deeper than Options.MaxDepth
	CodeSteps        = "D1012" // longer than Options.MaxSteps
	CodeMemory       = "D1101" // larger than Options.MaxMemory
	CodeRegexTimeout = "D1102" // a regular expression that runs away: not repeatable
	CodeResult       = "D1103" // a result that no JSON text can have
	CodeFunction     = "D1104" // a result with a function in it: see Options.NoFunctions
)

// Error says why an expression cannot be compiled (codes that begin with S) or
// evaluated (T for types, D for data).
type Error struct {
	Code     string // of JSONata, such as "T2001"
	Position int    // UTF-16 code units of the expression up to and with the place
	Token    string // the operator, name or function concerned
	Value    any    // the value concerned
	Value2   any    // the other one
	Index    int    // the argument concerned, from 1
	Type     string // the type that was asked for
	Message  string // the whole text, without code and position

	literal bool // the token is a number or a constant
	stands  any  // what it stands for
}

// Error is the message behind the code.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// at adds where and what, as far as that is not known yet.
func (e *Error) at(pos int, token string) *Error {
	if e == nil {
		return nil
	}
	if e.Position == 0 {
		e.Position = pos
	}
	if e.Token == "" {
		e.Token = token
	}
	return e
}

// finished is a copy of e with its message, and with its position, which
// counted bytes, in code units.
func (e *Error) finished(text string) *Error {
	done := *e
	done.Position = len(unitsOf(text[:min(e.Position, len(text))]))
	if done.Message == "" {
		done.Message = done.message()
	}
	done.Value, done.Value2 = exported(e.Value), exported(e.Value2)
	return &done
}

func (e *Error) message() string {
	template, ok := messages[e.Code]
	if !ok {
		return e.Code
	}
	var out strings.Builder
	for {
		start := strings.Index(template, "{{")
		if start < 0 {
			break
		}
		out.WriteString(template[:start])
		template = template[start+2:]
		raw := strings.HasPrefix(template, "{")
		template = strings.TrimPrefix(template, "{")
		end := strings.Index(template, "}}")
		field := e.field(template[:end])
		if template = template[end+2:]; raw {
			template = strings.TrimPrefix(template, "}")
			text, _ := field.(string)
			out.WriteString(text)
		} else {
			out.WriteString(shown(field))
		}
	}
	return out.String() + template
}

func (e *Error) field(name string) any {
	switch name {
	case "token":
		switch {
		case e.literal:
			return e.stands
		case e.Token == "" && strings.HasPrefix(e.Code, "T04"):
			return undefined // a function without a name
		}
		return e.Token
	case "functionName":
		return e.Token
	case "value":
		return e.Value
	case "value2", "exp":
		return e.Value2
	case "index":
		return float64(e.Index)
	case "type":
		if e.Type != "" {
			return e.Type
		}
	}
	return undefined
}

// maxShown is how many bytes of a value a message shows.
const maxShown = 1000

// shown is a value as JSON, for a message. One that is not known reads
// undefined, as in the reference implementation.
func shown(v any) string {
	if v == any(undefined) {
		return "undefined"
	}
	if x, ok := v.(float64); ok && (math.IsInf(x, 0) || math.IsNaN(x)) {
		return "null"
	}
	r := &run{opts: &Options{}, steps: maxShown, bytes: 1 << 20}
	w := jsonWriter{r: r, exact: true, limit: maxShown}
	w.write(v, 0)
	if len(w.out) > maxShown {
		cut := maxShown
		for !utf8.RuneStart(w.out[cut]) {
			cut--
		}
		w.out = append(w.out[:cut], "…"...)
	}
	return string(w.out)
}

// exported is the value of an error field as its reader may see it: functions, undefined
// and ranges that nobody has written out are nil.
func exported(v any) any {
	switch v := v.(type) {
	case float64:
		return value.FloatNumber(v)
	case nil, bool, string, value.Number, *value.Object, []any:
		return v
	case *array:
		if v.length == 0 {
			return v.items
		}
	}
	return nil
}
