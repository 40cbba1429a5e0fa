package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/fermata-dev/fermata/store"
)

// A task token is a version byte, the run id and the task id (8 bytes each, big
// endian), in version 2 the queue that the task was fetched from, and the first 16
// bytes of the HMAC-SHA256 of all that under the store's key, in URL-safe base64
// without padding: 44 characters in version 1. It names the run, which is never
// reused, and the attempt, so that a token is good for one result only.
const (
	tokenVersion      = 1 // of a task that was pushed
	tokenVersionQueue = 2 // of a task that a worker has fetched
	tokenBody         = 17
	tokenSum          = 16
	maxToken          = 4096 // characters of the longest that is looked at
)

// tokenKey is the secret that signs task tokens.
type tokenKey []byte

// ticket is what a token names.
type ticket struct {
	run   store.RunID
	task  uint64
	queue string // empty for a task that was pushed
}

// token makes the token of a task that is pushed.
func (k tokenKey) token(run store.RunID, task uint64) string {
	return k.sign(ticket{run: run, task: task})
}

func (k tokenKey) sign(t ticket) string {
	b := make([]byte, tokenBody, tokenBody+len(t.queue)+tokenSum)
	b[0] = tokenVersion
	if t.queue != "" {
		b[0] = tokenVersionQueue
	}
	binary.BigEndian.PutUint64(b[1:], uint64(t.run))
	binary.BigEndian.PutUint64(b[9:], t.task)
	b = append(b, t.queue...)
	return base64.RawURLEncoding.EncodeToString(append(b, k.sum(b)...))
}

// parse returns what a token names, or ErrToken.
func (k tokenKey) parse(token string) (t ticket, err error) {
	if len(token) > maxToken {
		return t, ErrToken
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < tokenBody+tokenSum {
		return t, ErrToken
	}
	body, sum := b[:len(b)-tokenSum], b[len(b)-tokenSum:]
	queue := string(body[tokenBody:])
	known := b[0] == tokenVersion && queue == "" || b[0] == tokenVersionQueue && queue != ""
	if !known || !hmac.Equal(sum, k.sum(body)) {
		return t, ErrToken
	}
	return ticket{store.RunID(binary.BigEndian.Uint64(b[1:])), binary.BigEndian.Uint64(b[9:]), queue}, nil
}

func (k tokenKey) sum(body []byte) []byte {
	m := hmac.New(sha256.New, k)
	m.Write(body)
	return m.Sum(nil)[:tokenSum]
}
