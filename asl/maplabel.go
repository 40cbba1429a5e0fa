package asl

import (
	"crypto/sha256"
	"encoding/binary"
)

// labelOf makes a UUID (version 8) of a text.
func labelOf(text string) string {
	sum := sha256.Sum256([]byte("map label " + text))
	a, b := binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])
	return uuidText(a&^0xf000|0x8000, b&^(0xc000<<48)|0x8000<<48)
}
