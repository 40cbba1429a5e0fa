package java

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// Base64 is the bytes that a text in Base64 stands for. Its padding may be left out,
// all or none of it; any character that is not of the alphabet makes it malformed.
func Base64(text string) (octets []byte, ok bool) {
	digits, padding := text, ""
	if i := strings.IndexByte(text, '='); i >= 0 {
		digits, padding = text[:i], text[i:]
	}
	full := [4]string{2: "==", 3: "="}[len(digits)%4]
	if padding != "" && padding != full || strings.ContainsAny(digits, "\r\n") {
		return nil, false
	}
	octets, err := base64.RawStdEncoding.DecodeString(digits)
	return octets, err == nil
}

// Text is bytes of UTF-8 as a string, with one U+FFFD for each sequence that breaks
// off, each surrogate and each byte that begins nothing.
func Text(octets []byte) string {
	if utf8.Valid(octets) {
		return string(octets)
	}
	var out strings.Builder
	for len(octets) > 0 {
		r, size := utf8.DecodeRune(octets)
		if r == utf8.RuneError && size == 1 {
			size = malformed(octets)
		}
		out.WriteRune(r)
		octets = octets[size:]
	}
	return out.String()
}

// malformed is how many bytes stand for one U+FFFD at the beginning of octets.
func malformed(octets []byte) int {
	length, least, most := 1, byte(0x80), byte(0xBF) // of the sequence, and of its second byte
	switch lead := octets[0]; {
	case lead >= 0xC2 && lead <= 0xDF:
		length = 2
	case lead >= 0xE0 && lead <= 0xEF:
		length = 3
	case lead >= 0xF0 && lead <= 0xF4:
		length = 4
	}
	switch octets[0] {
	case 0xE0:
		least = 0xA0
	case 0xF0:
		least = 0x90
	case 0xF4:
		most = 0x8F
	}
	size := 1
	for size < min(length, len(octets)) && octets[size] >= least && octets[size] <= most {
		size++
		least, most = 0x80, 0xBF
	}
	return size
}
