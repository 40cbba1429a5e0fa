package core

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// entryVersion is the format of log entries. Version 1 is
//
//	version   1 byte
//	commit    8 bytes, big endian: the id of the commit that wrote the entry
//	time      uvarint, Unix milliseconds
//	facts     uvarint count, then for each its uvarint length and its bytes
//
// It only moves forward; newer versions are refused.
const entryVersion = 1

// Entry is one entry of a run's log, decoded: the facts of one commit.
type Entry struct {
	Commit store.CommitID
	At     time.Time
	Facts  [][]byte // slices of the entry's bytes
}

// facts gives the facts of a decision to appendEntry without copying them first.
type facts interface {
	Facts() int
	Fact(i int) []byte
	Bytes() int
}

// appendEntry appends the encoded entry to dst.
func appendEntry(dst []byte, commit store.CommitID, at time.Time, f facts) []byte {
	if dst == nil {
		dst = make([]byte, 0, 24+f.Bytes()+2*f.Facts())
	}
	dst = append(dst, entryVersion)
	dst = binary.BigEndian.AppendUint64(dst, uint64(commit))
	dst = binary.AppendUvarint(dst, uint64(at.UnixMilli()))
	dst = binary.AppendUvarint(dst, uint64(f.Facts()))
	for i := range f.Facts() {
		fact := f.Fact(i)
		dst = binary.AppendUvarint(dst, uint64(len(fact)))
		dst = append(dst, fact...)
	}
	return dst
}

var errEntry = errors.New("log entry is damaged")

// ParseEntry decodes an entry. The facts are slices of data.
func ParseEntry(data []byte) (Entry, error) {
	if len(data) < 10 {
		return Entry{}, errEntry
	}
	if data[0] != entryVersion {
		return Entry{}, fmt.Errorf("log entry has format %d, this version reads up to %d: %w", data[0], entryVersion, store.ErrNewer)
	}
	e := Entry{Commit: store.CommitID(binary.BigEndian.Uint64(data[1:]))}
	data = data[9:]
	ms, n := binary.Uvarint(data)
	if n <= 0 {
		return Entry{}, errEntry
	}
	e.At = time.UnixMilli(int64(ms)).UTC()
	data = data[n:]
	count, n := binary.Uvarint(data)
	if n <= 0 || count > uint64(len(data)) {
		return Entry{}, errEntry
	}
	data = data[n:]
	e.Facts = make([][]byte, 0, count)
	for range count {
		size, n := binary.Uvarint(data)
		if n <= 0 || size > uint64(len(data)-n) {
			return Entry{}, errEntry
		}
		e.Facts = append(e.Facts, data[n:n+int(size):n+int(size)])
		data = data[n+int(size):]
	}
	if len(data) != 0 {
		return Entry{}, errEntry
	}
	return e, nil
}
