package aws

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/fermata-dev/fermata/expr/java"
	"github.com/fermata-dev/fermata/expr/jsonata"
)

var errNoBase64 = errors.New("the argument of $base64decode is not Base64: " +
	"digits A-Z, a-z, 0-9, + and /, with = at the end where they make no full group of four")

// ofText is a function of one string, which has no value of nothing.
func ofText(of func(string) (any, error)) func(*jsonata.Env, []any) (any, error) {
	return func(_ *jsonata.Env, args []any) (any, error) {
		if lacks(args, 1) {
			return jsonata.Undefined{}, nil
		}
		text, _ := args[0].(string)
		return of(text)
	}
}

// encodeBase64 encodes the UTF-8 of a string.
func encodeBase64(text string) (any, error) {
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// decodeBase64 decodes the UTF-8 of a string.
func decodeBase64(text string) (any, error) {
	octets, ok := java.Base64(text)
	if !ok {
		return nil, errNoBase64
	}
	return java.Text(octets), nil
}

// decodeURL decodes what a form has encoded: + is a blank.
func decodeURL(function string) func(string) (any, error) {
	return func(text string) (any, error) {
		decoded, ok := java.DecodeURL(text)
		if !ok {
			return nil, &jsonata.Error{Code: "D3140", Value: text, Token: function}
		}
		return decoded, nil
	}
}

// doubleQuoted is a text with strings in single quotes written as JSON has them.
func doubleQuoted(text string) string {
	if !strings.Contains(text, "'") {
		return text
	}
	var out strings.Builder
	quote := byte(0) // of the string around, or 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text):
			i++
			if text[i] != '\'' {
				out.WriteByte(c)
			}
			out.WriteByte(text[i])
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
			out.WriteByte('"')
		case c == quote && quote != 0:
			quote = 0
			out.WriteByte('"')
		case c == '"':
			out.WriteString(`\"`)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
