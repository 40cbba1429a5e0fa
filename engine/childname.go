package engine

import (
	"crypto/aes"
	"encoding/binary"
	"encoding/hex"

	"github.com/fermata-dev/fermata/store"
)

// Children that a run starts in great number have names from which the run and
// the number of the child can be read back: UUIDs of version 8, of whose 122 free
// bits 40 are the number, 48 the run under a key stream that the MAC selects (see
// names), and 34 that MAC. So the child with a name is found without an index,
// and a start that is repeated finds it. The number comes first and as it is:
// children are written, and looked for, in the order in which their names lie.
const (
	childRunBits    = 48
	childNumberBits = 40
	childMACMask    = 1<<34 - 1
)

// ChildName is the name of a run's child. The number is below 2^40.
func (e *Engine) ChildName(run store.RunID, number int64) string {
	return e.names.child(run, uint64(number)&(1<<childNumberBits-1))
}

// ParentOfName is the run and the number for which ChildName gave the name, if it
// did.
func (e *Engine) ParentOfName(name string) (run store.RunID, number int64, ok bool) {
	return e.names.parent(name)
}

func (n names) childSum(run store.RunID, number uint64) uint64 {
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:], uint64(run))
	binary.BigEndian.PutUint64(block[8:], number|1<<63)
	n.mac.Encrypt(block[:], block[:])
	return binary.BigEndian.Uint64(block[:]) & childMACMask
}

// childStream is the key stream for the run.
func (n names) childStream(mac uint64) uint64 {
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:], mac)
	block[15] = 1 // not the stream of names.of
	n.stream.Encrypt(block[:], block[:])
	return binary.BigEndian.Uint64(block[:]) & (1<<childRunBits - 1)
}

// child lays the bits out: 40 of the number and 8 of the run, 4 of the version, 12
// of the run; 2 of the variant, 28 of the run, 34 of the MAC.
func (n names) child(run store.RunID, number uint64) string {
	mac := n.childSum(run, number)
	hidden := uint64(run) ^ n.childStream(mac)
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], number<<24|hidden>>40<<16|8<<12|hidden>>28&0xfff)
	binary.BigEndian.PutUint64(b[8:], 1<<63|hidden&(1<<28-1)<<34|mac)
	return uuidText(b)
}

func (n names) parent(name string) (store.RunID, int64, bool) {
	high, low, ok := uuidBits(name)
	if !ok || high>>12&0xf != 8 || low>>62 != 2 {
		return 0, 0, false
	}
	mac := low & childMACMask
	hidden := high>>16&0xff<<40 | high&0xfff<<28 | low>>34&(1<<28-1)
	run, number := store.RunID(hidden^n.childStream(mac)), high>>24
	if n.childSum(run, number) != mac || n.child(run, number) != name {
		return 0, 0, false
	}
	return run, int64(number), true
}

// uuidText writes a UUID.
func uuidText(b [16]byte) string {
	var t [36]byte
	hex.Encode(t[:8], b[:4])
	hex.Encode(t[9:13], b[4:6])
	hex.Encode(t[14:18], b[6:8])
	hex.Encode(t[19:23], b[8:10])
	hex.Encode(t[24:], b[10:])
	t[8], t[13], t[18], t[23] = '-', '-', '-', '-'
	return string(t[:])
}

// uuidBits reads a UUID.
func uuidBits(name string) (high, low uint64, ok bool) {
	if len(name) != 36 || name[8] != '-' || name[13] != '-' || name[18] != '-' || name[23] != '-' {
		return 0, 0, false
	}
	var b [16]byte
	if _, err := hex.Decode(b[:], []byte(name[:8]+name[9:13]+name[14:18]+name[19:23]+name[24:])); err != nil {
		return 0, 0, false
	}
	return binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:]), true
}
