package engine

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"github.com/fermata-dev/fermata/store"
)

// names makes the names of executions that were given none: UUIDs from which the
// run id can be read back by whoever has the store's key. So such a name needs
// no row of its own in the store, neither to be kept nor to be looked up, and no
// check that it is free.
//
// Of the 122 bits that a UUID of version 4 leaves free, 62 are a MAC of the run
// id, and 60 are the run id under a key stream that the MAC selects (the
// construction of a synthetic initialisation vector). Names that somebody makes
// up do not pass the MAC and are ordinary names.
type names struct{ mac, stream cipher.Block }

const (
	nameIDBits  = 60
	nameIDMask  = 1<<nameIDBits - 1
	nameMACMask = 1<<62 - 1
)

func newNames(key []byte) names {
	block := func(purpose string) cipher.Block {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(purpose))
		b, err := aes.NewCipher(m.Sum(nil)[:16])
		if err != nil {
			panic(err) // the length of the key is ours
		}
		return b
	}
	return names{mac: block("execution name mac"), stream: block("execution name stream")}
}

func (n names) sum(run store.RunID) uint64 { return first64(n.mac, uint64(run)) & nameMACMask }

func first64(b cipher.Block, v uint64) uint64 {
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:], v)
	b.Encrypt(block[:], block[:])
	return binary.BigEndian.Uint64(block[:])
}

// of is the name of a run that was given none.
func (n names) of(run store.RunID) string {
	mac := n.sum(run)
	id := (uint64(run) ^ first64(n.stream, mac)) & nameIDMask
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], id>>12<<16|4<<12|id&0xfff) // version 4 (RFC 9562)
	binary.BigEndian.PutUint64(b[8:], 1<<63|mac)                // variant 10
	return uuidText(b)
}

// run is the run that a name was made for, if it was.
func (n names) run(name string) (store.RunID, bool) {
	high, low, ok := uuidBits(name)
	if !ok || high>>12&0xf != 4 || low>>62 != 2 {
		return 0, false
	}
	mac := low & nameMACMask
	run := store.RunID((high>>16<<12 | high&0xfff) ^ first64(n.stream, mac)&nameIDMask)
	if n.sum(run) != mac || n.of(run) != name {
		return 0, false
	}
	return run, true
}

// named fills in the name of a run that was given none. The head is the caller's.
func (e *Engine) named(run store.RunID, h *store.Head) *store.Head {
	if h != nil && h.Name == "" {
		h.Name = e.names.of(run)
	}
	return h
}
