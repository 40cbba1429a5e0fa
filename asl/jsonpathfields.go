package asl

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// The fields in which a state says what its work needs, each with the causes
// that AWS gives when its path does not lead to what is needed.

func (jsonPath) notText(v *visit, template definition.Template, found any) *failure {
	return v.frame.runtime("The field '%s' must be a string but was: %s", fieldName(template), value.Append(nil, found))
}

func fieldName(template definition.Template) string {
	switch template := template.(type) {
	case *definition.PathExpr:
		return template.Field
	case *definition.IntrinsicExpr:
		return template.Field
	default:
		return ""
	}
}

// number: a path that leads to nothing fails as an invalid path; a text that
// is a number will do.
// amount is what a field has whose value is a number.
func (v *visit) amount(template definition.Template) (any, *failure) {
	if path, ok := template.(*definition.PathExpr); ok {
		found, err := path.Path.Eval(v)
		if err != nil {
			return nil, v.frame.runtime("%s", err)
		}
		return found, nil
	}
	doc, err := v.flow.evaluate(v, template)
	if err != nil {
		return nil, err
	}
	return doc.Value(), nil
}

func (jsonPath) number(v *visit, field string, template definition.Template) (int64, *failure) {
	found, err := v.amount(template)
	if err != nil {
		return 0, err
	}
	switch found := found.(type) {
	case value.Number:
		if n, ok := found.Int64(); ok {
			return n, nil
		}
	case string:
		if n, err := strconv.ParseInt(found, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, v.frame.runtime("The %sPath field refers to value \"%s\" which is not a valid integer: %s",
		field, plain(found), source(template))
}

// plain is a string as it is, and JSON of any other value.
func plain(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	return string(value.Append(nil, v))
}

// mostWait is how long a wait may be: 2^31 - 1 seconds.
const mostWait = 1<<31 - 1

func (l jsonPath) due(v *visit, wait *definition.Wait) (int64, *failure) {
	if wait.Seconds != nil {
		return l.afterSeconds(v, wait.Seconds)
	}
	found, err := v.lookUp("TimestampPath", wait.Timestamp)
	if err != nil {
		return 0, err
	}
	text, _ := found.(string)
	at, ok := definition.ParseOffsetDateTime(text)
	if !ok {
		return 0, v.frame.runtime("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s",
			source(wait.Timestamp), plain(found))
	}
	if at.Sub(instant(v.turn.now)) > mostWait*time.Second {
		return 0, v.frame.runtime("Wait state delay is too long.")
	}
	return dueAt(at), nil
}

// dueAt is an instant in milliseconds, never before it.
func dueAt(at time.Time) int64 {
	due := at.UnixMilli()
	if at.After(time.UnixMilli(due)) {
		due++
	}
	return due
}

// afterSeconds: as in other fields, a text that is a number will do; 1.0 is not one.
func (jsonPath) afterSeconds(v *visit, template definition.Template) (int64, *failure) {
	found, err := v.lookUp("SecondsPath", template)
	if err != nil {
		return 0, err
	}
	seconds, notLong := strconv.ParseInt(plain(found), 10, 64)
	switch {
	case notLong != nil:
		return 0, v.frame.runtime("The SecondsPath parameter cannot be parsed as a long value: %s == %s",
			source(template), plain(found))
	case seconds < 0:
		return 0, v.frame.runtime("The SecondsPath parameter references a negative value: %s == %s",
			source(template), plain(found))
	case seconds > mostWait:
		return 0, v.frame.runtime("Wait state delay is too long.")
	}
	return v.turn.now + seconds*1000, nil
}

// lookUp is a field of a Wait state: a constant, or what its path leads to.
func (v *visit) lookUp(field string, template definition.Template) (any, *failure) {
	path, ok := template.(*definition.PathExpr)
	if !ok {
		return v.template(template)
	}
	found, err := path.Path.Eval(v)
	if err != nil {
		return nil, v.frame.runtime("The %s parameter does not reference an input value: %s", field, path.Text)
	}
	return found, nil
}

func (jsonPath) items(v *visit, m *definition.Map) (*value.Document, int, *failure) {
	doc, text := v.input, "$"
	if path, ok := m.Items.(*definition.PathExpr); ok {
		text = path.Text
		if strings.HasPrefix(text, "$$") {
			text = text[1:] // as AWS names a path into the context object
		}
		if doc = v.root(path.Path); doc == nil {
			found, err := path.Path.Eval(v)
			if err != nil {
				return nil, 0, v.noItems(err)
			}
			doc = value.Of(found)
		}
	}
	n, ok := countItems(m, doc.Value())
	if !ok {
		return nil, 0, v.frame.runtime("Reference path \"%s\" must point to array.", text)
	}
	return doc, n, nil
}

// noItems is the failure of an ItemsPath that leads to nothing.
func (v *visit) noItems(err error) *failure {
	var missing *jsonpath.NotFoundError
	if errors.As(err, &missing) && missing.Reason != jsonpath.NoVariable {
		return failed(errorReferencePath, missing.Reference(v.input.Compact()))
	}
	return v.frame.runtime("%s", err)
}
