package catalog

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// NewUUID makes a random UUID (version 4).
func NewUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return format(b, 4)
}

// UUIDOf makes a UUID (version 8) that is always the same for the same text.
func UUIDOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return format([16]byte(sum[:16]), 8)
}

func format(b [16]byte, version byte) string {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	at := 0
	for i, x := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			s[at] = '-'
			at++
		}
		hex.Encode(s[at:], []byte{x})
		at += 2
	}
	return string(s[:])
}
