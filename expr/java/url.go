package java

import (
	"encoding/hex"
	"strings"
)

// DecodeURL decodes a text that was encoded as forms are: + is a blank, and %XX a
// byte of UTF-8. A % without two digits behind it makes it malformed.
func DecodeURL(text string) (decoded string, ok bool) {
	var out strings.Builder
	var octets []byte // of the escapes in a row
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] == '%' {
			if i+3 > len(text) {
				return "", false
			}
			octet, err := hex.DecodeString(text[i+1 : i+3])
			if err != nil {
				return "", false
			}
			octets = append(octets, octet...)
			i += 2
			continue
		}
		out.WriteString(Text(octets))
		octets = octets[:0]
		switch {
		case i == len(text):
		case text[i] == '+':
			out.WriteByte(' ')
		default:
			out.WriteByte(text[i])
		}
	}
	return out.String(), true
}
