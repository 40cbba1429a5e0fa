package jsonfault

// number reads a number.
func (r *reader) number(i int) int {
	if r.text[i] == '-' {
		if i++; r.end(i) || !r.digit(i) {
			return r.noDigit(i, "expected digit (0-9) to follow minus sign, for valid numeric value")
		}
	}
	if r.text[i] == '0' && r.digit(i+1) {
		return r.fail(i+2, "Invalid numeric value: Leading zeroes not allowed")
	}
	i = r.digits(i)
	if !r.end(i) && r.text[i] == '.' {
		if i++; !r.digit(i) {
			return r.noDigit(i, "Decimal point not followed by a digit")
		}
		i = r.digits(i)
	}
	if !r.end(i) && (r.text[i] == 'e' || r.text[i] == 'E') {
		if i++; !r.end(i) && (r.text[i] == '+' || r.text[i] == '-') {
			i++
		}
		if !r.digit(i) {
			return r.noDigit(i, "Exponent indicator not followed by a digit")
		}
		i = r.digits(i)
	}
	return r.afterNumber(i)
}

// afterNumber: a number that stands alone must have white space behind it.
func (r *reader) afterNumber(i int) int {
	if r.depth == 0 && !r.end(i) && r.space(i) == i {
		return r.unexpected(i, "Expected space separating root-level values")
	}
	return i
}

func (r *reader) digit(i int) bool { return !r.end(i) && r.text[i] >= '0' && r.text[i] <= '9' }

func (r *reader) digits(i int) int {
	for r.digit(i) {
		i++
	}
	return i
}

func (r *reader) noDigit(i int, why string) int {
	if r.end(i) {
		return r.fail(i, "Unexpected end-of-input: %s", why)
	}
	return r.failAt(i, "Unexpected character (%s) in numeric value: %s", named(r.text[i]), why)
}
