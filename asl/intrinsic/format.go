package intrinsic

import (
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// template is the first argument of States.Format: texts with a place for an
// argument between each two.
type template struct {
	texts []string
	alone byte // the first brace that is neither escaped nor part of {}, or 0
}

// parseTemplate reads a template. In a literal all escapes of strings are
// still there; in a text that came from elsewhere a backslash only escapes
// braces.
func parseTemplate(text string, isLiteral bool) *template {
	t := &template{}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isEscape(text, i) && (isLiteral || text[i+1] == '{' || text[i+1] == '}'):
			i++
			b.WriteByte(text[i])
		case c == '{' && i+1 < len(text) && text[i+1] == '}':
			i++
			t.texts = append(t.texts, b.String())
			b.Reset()
		case c == '{' || c == '}':
			if t.alone == 0 {
				t.alone = c
			}
		default:
			b.WriteByte(c)
		}
	}
	t.texts = append(t.texts, b.String())
	return t
}

// format is States.Format(template, …).
func format(e *evaluation, c *call, arguments []any) (any, error) {
	text, ok := arguments[0].(string)
	if !ok {
		return nil, c.invalid()
	}
	t := c.template
	if t == nil {
		t = parseTemplate(text, false)
	}
	if t.alone != 0 {
		return nil, &templateError{t.alone}
	}
	arguments = arguments[1:]
	if len(arguments) != len(t.texts)-1 {
		return nil, &argumentError{c.function.name, ": number of arguments do not match the occurrences of {}."}
	}
	dst := []byte(t.texts[0])
	for i, argument := range arguments {
		if err := e.charge(argument); err != nil {
			return nil, err
		}
		dst = value.AppendJava(dst, argument)
		dst = append(dst, t.texts[i+1]...)
	}
	return string(dst), nil
}

// templateError is a template with a brace that has no partner.
type templateError struct{ brace byte }

func (e *templateError) Error() string {
	if e.brace == '{' {
		return "Invalid template in " + formatName + ": matching '}' not found for '{'."
	}
	return "Invalid template in " + formatName + ": matching '{' not found for '}'."
}
