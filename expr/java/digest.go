package java

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
)

// Digest is the digest of a text in hexadecimal digits, by the name that Java gives
// the algorithm: MD5, SHA-1, SHA-256, SHA-384 or SHA-512. ok is false for any other.
func Digest(algorithm, text string) (digest string, ok bool) {
	var sum []byte
	switch data := []byte(text); algorithm {
	case "MD5":
		s := md5.Sum(data)
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(data)
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(data)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(data)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(data)
		sum = s[:]
	default:
		return "", false
	}
	return hex.EncodeToString(sum), true
}
