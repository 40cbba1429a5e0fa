package intrinsic

import (
	"cmp"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/java"
	"github.com/fermata-dev/fermata/expr/value"
)

// maxText is how many characters the functions take that encode or hash.
const maxText = 10_000

// limitedText is an argument of those functions.
func limitedText(v any) (string, bool) {
	s, ok := v.(string)
	return s, ok && (len(s) <= maxText || utf8.RuneCountInString(s) <= maxText)
}

// base64Encode is States.Base64Encode(text).
func base64Encode(_ *evaluation, c *call, arguments []any) (any, error) {
	text, ok := limitedText(arguments[0])
	if !ok {
		return nil, c.invalid()
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// base64Decode is States.Base64Decode(text). As on AWS, nothing is wrong with a
// text: what is no digit of Base64 is passed over, = ends it, and bits at the end
// that make no byte are dropped. Bytes that are not UTF-8 become U+FFFD.
func base64Decode(_ *evaluation, c *call, arguments []any) (any, error) {
	text, ok := limitedText(arguments[0])
	if !ok {
		return nil, c.invalid()
	}
	text, _, _ = strings.Cut(text, "=")
	digits := strings.Map(base64Digit, text)
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1]
	}
	decoded, err := base64.RawStdEncoding.DecodeString(digits)
	if err != nil {
		return nil, c.invalid()
	}
	return strings.ToValidUTF8(string(decoded), "\ufffd"), nil
}

// base64Digit is a digit of Base64, whichever alphabet it is from, or -1.
func base64Digit(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '+', r == '/':
		return r
	case r == '-':
		return '+'
	case r == '_':
		return '/'
	default:
		return -1
	}
}

// hash is States.Hash(data, algorithm), in hexadecimal digits. As on AWS, data that
// is no text is hashed as it is printed.
func hash(e *evaluation, c *call, arguments []any) (any, error) {
	if err := e.charge(arguments[0]); err != nil {
		return nil, err
	}
	text, ok := limitedText(string(value.AppendJava(nil, arguments[0])))
	algorithm, okAlgorithm := arguments[1].(string)
	digest, known := java.Digest(algorithm, text)
	if !ok || !okAlgorithm || !known {
		return nil, c.invalid()
	}
	return digest, nil
}

// stringSplit is States.StringSplit(text, separators): each character of the
// second argument separates, and empty pieces are dropped.
func stringSplit(e *evaluation, c *call, arguments []any) (any, error) {
	text, ok := arguments[0].(string)
	separators, okSeparators := arguments[1].(string)
	if !ok || !okSeparators {
		return nil, c.invalid()
	}
	if err := cmp.Or(e.charge(text), e.charge(separators)); err != nil {
		return nil, err
	}
	set := make(map[rune]bool, len(separators))
	for _, r := range separators {
		set[r] = true
	}
	isSeparator := func(r rune) bool { return set[r] }
	pieces := []any{}
	for piece := range strings.FieldsFuncSeq(text, isSeparator) {
		pieces = append(pieces, piece)
	}
	return pieces, nil
}

// stringToJSON is States.StringToJson(text). A blank text is null, and the
// integer -0 is 0.
func stringToJSON(e *evaluation, c *call, arguments []any) (any, error) {
	text, ok := arguments[0].(string)
	if !ok {
		return nil, c.invalid()
	}
	if err := e.charge(text); err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	v, err := value.Parse([]byte(text))
	if err != nil {
		return nil, c.invalid()
	}
	if v == value.Number("-0") {
		v = value.Number("0")
	}
	return v, nil
}

// jsonToString is States.JsonToString(value), compact.
func jsonToString(e *evaluation, _ *call, arguments []any) (any, error) {
	if err := e.charge(arguments[0]); err != nil {
		return nil, err
	}
	return string(value.Append(nil, arguments[0])), nil
}

// jsonMerge is States.JsonMerge(object, object, deep): members of the second
// replace those of the first. Merging deeper is not offered; as on AWS, whatever is
// not true does not ask for it.
func jsonMerge(_ *evaluation, c *call, arguments []any) (any, error) {
	first, ok := arguments[0].(*value.Object)
	second, okSecond := arguments[1].(*value.Object)
	if !ok || !okSecond || arguments[2] == true || arguments[2] == "true" {
		return nil, c.invalid()
	}
	merged := first.Clone()
	for name, v := range second.All() {
		merged.Set(name, v)
	}
	return merged, nil
}
