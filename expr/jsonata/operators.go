package jsonata

import (
	"math"

	"github.com/fermata-dev/fermata/expr/value"
)

// finite is v as a number, if it is one. A number that is not finite may be a
// result, but nobody may go on with it.
func finite(v any) (float64, bool, *Error) {
	x, ok := number(v)
	if ok && (math.IsInf(x, 0)) {
		return x, true, &Error{Code: "D1001", Value: v}
	}
	return x, ok && !math.IsNaN(x), nil
}

func (r *run) binary(n *node, input any, f *frame) (any, *Error) {
	left, err := r.eval(n.lhs, input, f)
	if err != nil {
		return undefined, err
	}
	if n.text == "and" || n.text == "or" {
		yes, err := r.truth(left)
		if err == nil && yes == (n.text == "and") {
			if right, e := r.eval(n.rhs, input, f); e != nil {
				err = e
			} else {
				yes, err = r.truth(right)
			}
		}
		if err != nil { // also an error from within the right side is reported as the operator's
			err.Position, err.Token = n.pos, n.text
		}
		return yes, err
	}
	right, err := r.eval(n.rhs, input, f)
	if err != nil {
		return undefined, err
	}
	result, err := r.operate(n.text, left, right)
	if err != nil {
		return undefined, err.at(n.pos, n.text)
	}
	return result, nil
}

func (r *run) operate(op string, left, right any) (any, *Error) {
	if op == "&" {
		return r.concatenate(left, right)
	}
	if !r.weigh(left) || !r.weigh(right) {
		return undefined, r.spent
	}
	switch op {
	case "+", "-", "*", "/", "%":
		return arithmetic(op[0], left, right)
	case "=", "!=":
		if isUndefined(left) || isUndefined(right) {
			return false, nil
		}
		return r.equal(left, right, 0) == (op == "="), nil
	case "..":
		return r.rangeOf(left, right)
	case "in":
		return r.includes(left, right), nil
	}
	return compare(op, left, right)
}

func arithmetic(op byte, left, right any) (any, *Error) {
	a, ok, err := finite(left)
	if err != nil {
		return undefined, err
	}
	if !ok && !isUndefined(left) {
		return undefined, &Error{Code: "T2001", Value: left}
	}
	b, ok, err := finite(right)
	if err != nil {
		return undefined, err
	}
	if !ok && !isUndefined(right) {
		return undefined, &Error{Code: "T2002", Value: right}
	}
	if isUndefined(left) || isUndefined(right) {
		return undefined, nil
	}
	switch op {
	case '+':
		return a + b, nil
	case '-':
		return a - b, nil
	case '*':
		return a * b, nil
	case '/':
		return a / b, nil
	}
	return math.Mod(a, b), nil
}

func comparable(v any) bool {
	switch v.(type) {
	case Undefined, string, float64, value.Number:
		return true
	}
	return false
}

func compare(op string, left, right any) (any, *Error) {
	if !comparable(left) {
		return undefined, &Error{Code: "T2010", Value: left}
	}
	if !comparable(right) {
		return undefined, &Error{Code: "T2010", Value: right}
	}
	if isUndefined(left) || isUndefined(right) {
		return undefined, nil
	}
	order, same := ordering(left, right)
	switch {
	case !same:
		return undefined, &Error{Code: "T2009", Value: left, Value2: right}
	case isNaN(left) || isNaN(right):
		return false, nil
	}
	switch op {
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	}
	return order >= 0, nil
}

func isNaN(v any) bool {
	x, ok := number(v)
	return ok && math.IsNaN(x)
}

// ordering compares two strings or two numbers; same is false for one of each.
func ordering(left, right any) (order int, same bool) {
	a, isString := left.(string)
	b, isStringToo := right.(string)
	if isString || isStringToo {
		return compareStrings(a, b), isString && isStringToo
	}
	x, _ := number(left)
	y, _ := number(right)
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// equal says whether a and b are the same value, however their members are
// ordered.
func (r *run) equal(a, b any, depth int) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case Undefined:
		return isUndefined(b)
	case bool:
		same, ok := b.(bool)
		return ok && a == same
	case string:
		same, ok := b.(string)
		return ok && a == same
	case float64, value.Number:
		x, _ := number(a)
		y, ok := number(b)
		return ok && x == y
	case *value.Object:
		same, ok := b.(*value.Object)
		return ok && (a == same || r.equalObjects(a, same, depth))
	case *function:
		return any(a) == b
	case []any, *array:
		return r.equalArrays(a, b, depth)
	}
	return false
}

func (r *run) equalArrays(a, b any, depth int) bool {
	n, _ := arrayLen(a)
	m, ok := arrayLen(b)
	if ok && oneArray(a, b) {
		return true // also with NaN in it
	}
	if !ok || n != m || !r.spend(n, 0) || !r.nested(depth) {
		return false
	}
	left, _ := r.list(a)
	right, _ := r.list(b)
	for i := range left {
		if !r.weigh(left[i]) || !r.equal(left[i], right[i], depth+1) {
			return false
		}
	}
	return true
}

// oneArray says whether two arrays are one and the same.
func oneArray(a, b any) bool {
	if left, made := a.(*array); made {
		return any(left) == b
	}
	left, _ := a.([]any)
	right, _ := b.([]any)
	return len(left) > 0 && len(left) == len(right) && &left[0] == &right[0]
}

func (r *run) equalObjects(a, b *value.Object, depth int) bool {
	if a.Len() != b.Len() || !r.spend(a.Len(), 0) || !r.nested(depth) {
		return false
	}
	for key, v := range a.All() {
		other, ok := b.Get(key)
		if !ok || !r.weigh(key) || !r.weigh(v) || !r.equal(v, other, depth+1) {
			return false
		}
	}
	return true
}

// includes says whether right, or one of its items, is left. Arrays and
// objects are nobody's equals here.
func (r *run) includes(left, right any) bool {
	if isUndefined(left) || isUndefined(right) {
		return false
	}
	items := r.listOf(right)
	if !r.spend(len(items), 0) || !r.weighAll(items) {
		return false
	}
	for _, item := range items {
		switch v := item.(type) {
		case *value.Object, *function:
			if v == left {
				return true
			}
		case []any, *array:
		default:
			if r.equal(v, left, 0) {
				return true
			}
		}
	}
	return false
}

func (r *run) concatenate(left, right any) (any, *Error) {
	a, err := r.text(left)
	if err != nil {
		return undefined, err
	}
	b, err := r.text(right)
	if err != nil {
		return undefined, err
	}
	text, ok := r.grownText(a, b)
	if !ok {
		return undefined, r.spent
	}
	return text, nil
}

// maxRange is how many numbers a range may have.
const maxRange = 1e7

func (r *run) rangeOf(left, right any) (any, *Error) {
	from, ok := number(left)
	if !isUndefined(left) && (!ok || from != math.Trunc(from) || math.IsInf(from, 0)) {
		return undefined, &Error{Code: "T2003", Value: left}
	}
	to, ok := number(right)
	if !isUndefined(right) && (!ok || to != math.Trunc(to) || math.IsInf(to, 0)) {
		return undefined, &Error{Code: "T2004", Value: right}
	}
	if isUndefined(left) || isUndefined(right) || from > to {
		return undefined, nil
	}
	size := to - from + 1
	if size > maxRange {
		return undefined, &Error{Code: "D2014", Value: size}
	}
	return &array{from: from, length: int(size), sequence: true}, nil
}

// truth is what v counts as in a condition.
func (r *run) truth(v any) (bool, *Error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		return v != "", nil
	case float64, value.Number:
		if !r.weigh(v) {
			return false, r.spent
		}
		x, _, err := finite(v)
		return x != 0 && x == x, err
	case *value.Object:
		return v.Len() > 0, nil
	case []any, *array:
		return r.anyTrue(v, 0)
	}
	return false, nil
}

func (r *run) anyTrue(v any, depth int) (bool, *Error) {
	items, ok := r.list(v)
	if !ok {
		return r.truth(v)
	}
	if !r.spend(len(items), 0) || !r.nested(depth) {
		return false, r.spent
	}
	found := false
	for _, item := range items { // also behind one that is true: none may be infinite
		yes, err := r.anyTrue(item, depth+1)
		if err != nil {
			return false, err
		}
		found = found || yes
	}
	return found, nil
}
