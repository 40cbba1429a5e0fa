package jsonata

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// fnBase64encode takes every code unit for a byte.
func fnBase64encode(c *call) (any, *Error) {
	return ofString(c, func(s string) any {
		units := unitsOf(s)
		octets := make([]byte, len(units))
		for i, u := range units {
			octets[i] = byte(u)
		}
		return base64.StdEncoding.EncodeToString(octets)
	})
}

// fnBase64decode takes what is there up to a =, by the low byte of each code unit.
func fnBase64decode(c *call) (any, *Error) {
	return ofString(c, func(s string) any {
		var clean strings.Builder
		for _, u := range unitsOf(s) {
			b := byte(u)
			switch {
			case b == '-':
				b = '+'
			case b == '_':
				b = '/'
			}
			if b == '=' {
				break
			}
			if b == '+' || b == '/' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' {
				clean.WriteByte(b)
			}
		}
		text := clean.String()
		if len(text)%4 == 1 {
			text = text[:len(text)-1]
		}
		octets, _ := base64.RawStdEncoding.DecodeString(text)
		out := make([]rune, len(octets))
		for i, b := range octets {
			out[i] = rune(b)
		}
		return string(out)
	})
}

const (
	urlUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
	urlReserved   = ";/?:@&=+$,#"
)

func fnEncodeURLComponent(c *call) (any, *Error) {
	return encodeURL(c, urlUnreserved, "encodeUrlComponent")
}

func fnEncodeURL(c *call) (any, *Error) {
	return encodeURL(c, urlUnreserved+urlReserved, "encodeUrl")
}

func fnDecodeURLComponent(c *call) (any, *Error) { return decodeURL(c, "", "decodeUrlComponent") }

func fnDecodeURL(c *call) (any, *Error) { return decodeURL(c, urlReserved, "decodeUrl") }

func encodeURL(c *call, kept, name string) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	if hasHalves(s) {
		return undefined, &Error{Code: "D3140", Value: s, Token: name}
	}
	if !c.r.spend(1+len(s)/16, 3*len(s)) {
		return undefined, c.r.spent
	}
	var out strings.Builder
	for i := range len(s) {
		if strings.IndexByte(kept, s[i]) >= 0 {
			out.WriteByte(s[i])
			continue
		}
		out.WriteByte('%')
		out.WriteByte("0123456789ABCDEF"[s[i]>>4])
		out.WriteByte("0123456789ABCDEF"[s[i]&15])
	}
	return out.String(), nil
}

// decodeURL decodes what is escaped, but for the characters of kept.
func decodeURL(c *call, kept, name string) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	if !c.r.spend(1+len(s)/16, len(s)) {
		return undefined, c.r.spent
	}
	malformed := &Error{Code: "D3140", Value: s, Token: name}
	var out strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '%' {
			out.WriteByte(s[i])
			i++
			continue
		}
		char, size, ok := escapedChar(s[i:])
		if !ok {
			return undefined, malformed
		}
		if strings.Contains(kept, char) {
			char = s[i : i+size]
		}
		out.WriteString(char)
		i += size
	}
	return out.String(), nil
}

// escapedChar is the character that s begins with, written as %XX for each of
// its bytes, and the length of that.
func escapedChar(s string) (char string, size int, ok bool) {
	var octets []byte
	for len(octets) < 4 {
		if size+3 > len(s) || s[size] != '%' {
			return "", 0, false
		}
		high, low := strings.IndexByte("0123456789abcdef", s[size+1]|0x20), strings.IndexByte("0123456789abcdef", s[size+2]|0x20)
		if high < 0 || low < 0 {
			return "", 0, false
		}
		octets = append(octets, byte(high<<4|low))
		size += 3
		if utf8.Valid(octets) {
			return string(octets), size, true
		}
	}
	return "", 0, false
}
