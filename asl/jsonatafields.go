package asl

import (
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// The fields in which a state says what its work needs, as far as JSONata
// gives them. What an expression gives has to be of the field's type.

func (jsonataFlow) holds(v *visit, test definition.Test) (bool, *failure) {
	condition, ok := test.(*definition.Condition)
	if !ok {
		panic("asl: a condition of another query language in a state that uses JSONata")
	}
	found, err := v.template(condition.Value)
	if err != nil {
		return false, err
	}
	holds, ok := found.(bool)
	if !ok {
		return false, v.unexpected("Condition", condition.Value, "boolean", found)
	}
	return holds, nil
}

func (jsonataFlow) notText(v *visit, template definition.Template, found any) *failure {
	return v.unexpected("", template, "string", found)
}

func (jsonataFlow) number(v *visit, field string, template definition.Template) (int64, *failure) {
	found, err := v.template(template)
	if err != nil {
		return 0, err
	}
	number, ok := found.(value.Number)
	if !ok {
		return 0, v.unexpected(field, template, "number", found)
	}
	n, ok := number.Int64()
	if !ok {
		return 0, v.evaluationFailure(field, fmt.Sprintf("The %s field cannot be parsed as an integer: %s", field, number))
	}
	return n, nil
}

func (jsonataFlow) due(v *visit, wait *definition.Wait) (int64, *failure) {
	if wait.Seconds != nil {
		return v.dueAfter(wait.Seconds)
	}
	found, err := v.template(wait.Timestamp)
	if err != nil {
		return 0, err
	}
	text, ok := found.(string)
	if !ok {
		return 0, v.unexpected("Timestamp", wait.Timestamp, "string", found)
	}
	v.late = true
	at, ok := definition.ParseOffsetDateTime(text)
	switch {
	case !ok:
		return 0, v.evaluationFailure("Timestamp",
			"The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "+text)
	case at.Sub(instant(v.turn.now)) > mostWait*time.Second:
		return 0, v.evaluationFailure("Timestamp", "Wait state delay is too long.")
	}
	return dueAt(at), nil
}

// dueAfter is when the seconds are over that a Wait state names.
func (v *visit) dueAfter(template definition.Template) (int64, *failure) {
	found, err := v.template(template)
	if err != nil {
		return 0, err
	}
	number, ok := found.(value.Number)
	if !ok {
		return 0, v.unexpected("Seconds", template, "number", found)
	}
	v.late = true
	seconds, ok := number.Int64()
	switch {
	case !ok:
		return 0, v.evaluationFailure("Seconds", fmt.Sprintf("The Seconds field cannot be parsed as a long value: %s", number))
	case seconds < 0:
		return 0, v.evaluationFailure("Seconds", fmt.Sprintf("The Seconds field references a negative value: %d", seconds))
	case seconds > mostWait:
		return 0, v.evaluationFailure("Seconds", "Wait state delay is too long.")
	}
	return v.turn.now + seconds*1000, nil
}

func (l jsonataFlow) items(v *visit, m *definition.Map) (*value.Document, int, *failure) {
	if m.Items == nil {
		n, ok := countItems(m, v.input.Value())
		if !ok {
			return nil, 0, v.evaluationFailure("", fmt.Sprintf("Map state input must be an array but was: %s", v.input.Compact()))
		}
		return v.input, n, nil
	}
	doc, err := l.evaluate(v, m.Items)
	if err != nil {
		return nil, 0, err
	}
	n, ok := countItems(m, doc.Value())
	if !ok {
		return nil, 0, v.unexpected("Items", m.Items, "array", doc.Value())
	}
	return doc, n, nil
}
