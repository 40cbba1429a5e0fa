package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/fermata-dev/fermata/store"
)

// A task token is 1 version byte, the run id and the task id (8 bytes each, big
// endian) and the first 16 bytes of their HMAC-SHA256 under the store's key, in
// URL-safe base64 without padding: 55 characters. It names the run, which is
// never reused, and the attempt, so that a token is good for one result only.
const (
	tokenVersion = 1
	tokenBody    = 17
	tokenBytes   = tokenBody + 16
)

// tokenKey is the secret that signs task tokens.
type tokenKey []byte

// token makes the token of a task.
func (k tokenKey) token(run store.RunID, task uint64) string {
	var b [tokenBytes]byte
	b[0] = tokenVersion
	binary.BigEndian.PutUint64(b[1:], uint64(run))
	binary.BigEndian.PutUint64(b[9:], task)
	copy(b[tokenBody:], k.sum(b[:tokenBody]))
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// parse returns what a token names, or ErrToken.
func (k tokenKey) parse(token string) (store.RunID, uint64, error) {
	if base64.RawURLEncoding.DecodedLen(len(token)) != tokenBytes {
		return 0, 0, ErrToken
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenBytes || b[0] != tokenVersion || !hmac.Equal(b[tokenBody:], k.sum(b[:tokenBody])) {
		return 0, 0, ErrToken
	}
	return store.RunID(binary.BigEndian.Uint64(b[1:])), binary.BigEndian.Uint64(b[9:]), nil
}

func (k tokenKey) sum(body []byte) []byte {
	m := hmac.New(sha256.New, k)
	m.Write(body)
	return m.Sum(nil)[:tokenBytes-tokenBody]
}
