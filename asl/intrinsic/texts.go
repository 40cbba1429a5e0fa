package intrinsic

import (
	"cmp"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/java"
	"github.com/fermata-dev/fermata/expr/jsonfault"
	"github.com/fermata-dev/fermata/expr/value"
)

// maxText is how many characters the functions take that encode or hash.
const maxText = 10_000

// limitedText is a text that those functions take.
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

// base64Decode is States.Base64Decode(text). The text is read as leniently as
// Apache Commons Codec does; bytes that are not UTF-8 become U+FFFD.
func base64Decode(_ *evaluation, c *call, arguments []any) (any, error) {
	text, ok := limitedText(arguments[0])
	if !ok {
		return nil, c.invalid()
	}
	decoded, err := base64.RawStdEncoding.DecodeString(base64Digits(text))
	if err != nil {
		return nil, c.invalid()
	}
	return strings.ToValidUTF8(string(decoded), "\ufffd"), nil
}

// base64Digits is what counts of an encoded text: the digits up to the first
// padding, those of both alphabets, without a last one that makes up no byte.
func base64Digits(text string) string {
	text, _, _ = strings.Cut(text, "=")
	digits := strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case r == '+', r == '/', 'A' <= r && r <= 'Z', 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, text)
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1]
	}
	return digits
}

// hash is States.Hash(data, algorithm), in hexadecimal digits. Of data that is
// no text it is the hash of what Java prints for it.
func hash(e *evaluation, c *call, arguments []any) (any, error) {
	if err := e.charge(arguments[0]); err != nil {
		return nil, err
	}
	text, ok := limitedText(string(value.AppendJava(nil, arguments[0])))
	algorithm, okAlgorithm := arguments[1].(string)
	if !ok || !okAlgorithm || arguments[0] == nil {
		return nil, c.invalid()
	}
	digest, ok := java.Digest(algorithm, text)
	if !ok {
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
		return nil, &conversionError{jsonfault.FindInState([]byte(text)).Error()}
	}
	if v == value.Number("-0") {
		v = value.Number("0")
	}
	return v, nil
}

// conversionError is a text that is no JSON.
type conversionError struct{ fault string }

func (e *conversionError) Error() string {
	return "Cannot convert String to Json in States.StringToJson, caused by: " + e.fault
}

// jsonToString is States.JsonToString(value), compact.
func jsonToString(e *evaluation, _ *call, arguments []any) (any, error) {
	if err := e.charge(arguments[0]); err != nil {
		return nil, err
	}
	return string(value.Append(nil, arguments[0])), nil
}

// jsonMerge is States.JsonMerge(object, object, false): members of the second
// replace those of the first. Merging deeper is not offered; a third argument
// that is no boolean means false.
func jsonMerge(_ *evaluation, c *call, arguments []any) (any, error) {
	first, ok := arguments[0].(*value.Object)
	second, okSecond := arguments[1].(*value.Object)
	if deep := arguments[2] == true; !ok || !okSecond || deep {
		return nil, c.invalid()
	}
	merged := first.Clone()
	for name, v := range second.All() {
		merged.Set(name, v)
	}
	return merged, nil
}
