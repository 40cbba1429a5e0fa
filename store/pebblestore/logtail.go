package pebblestore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
)

// Pebble's write-ahead log is a row of chunks in blocks. The header of a chunk has
// its checksum, its length, its kind, the number of the log, and how far the log was
// durable when the chunk was written.
//
// Where a chunk cannot be read, Pebble takes it for the end that a crash has left,
// unless a chunk in a later block says that this place had been durable. It does not
// look at the rest of the same block, which is most of a small log: checkLogTail does.
// The first log of a new directory is of an older kind whose chunks do not say it.
const (
	logBlock      = 32 << 10
	logHeader     = 19
	logKindsFrom  = 9 // the kinds of chunks that say how far the log was durable
	logKindsUntil = 12
	logSuffix     = ".log"
)

// checkLogTail refuses a directory whose newest log is damaged in the block with
// which it ends, in a place that had been durable.
func checkLogTail(fsys vfs.FS, dir string) error {
	name, number, err := newestLog(fsys, dir)
	if err != nil || name == "" {
		return err
	}
	log, err := fsys.Open(fsys.PathJoin(dir, name))
	if err != nil {
		return err
	}
	defer log.Close()
	at, err := damagedAt(log, number)
	if err != nil {
		return fmt.Errorf("read the log %s: %w", name, err)
	}
	if at >= 0 {
		return fmt.Errorf("%w: the log %s is damaged at byte %d; put the whole directory back from a backup", store.ErrCorrupt, name, at)
	}
	return nil
}

// newestLog is the log with the greatest number; no name if there is none.
func newestLog(fsys vfs.FS, dir string) (name string, number uint32, err error) {
	names, err := fsys.List(dir)
	if err != nil {
		return "", 0, err
	}
	for _, candidate := range names {
		digits, ok := strings.CutSuffix(candidate, logSuffix)
		n, err := strconv.ParseUint(digits, 10, 32)
		if ok && err == nil && uint32(n) >= number {
			name, number = candidate, uint32(n)
		}
	}
	return name, number, nil
}

// damagedAt is where a log cannot be read though it had been durable there, or -1 if
// the block says nothing of that kind.
func damagedAt(log io.Reader, number uint32) (int64, error) {
	block := make([]byte, logBlock)
	for start := int64(0); ; start += logBlock {
		n, err := io.ReadFull(log, block)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return -1, err
		}
		at := readable(block[:n], number)
		switch {
		case at+logHeader > n:
		case durableTo(block[at+1:n], number) > uint64(start)+uint64(at):
			return start + int64(at), nil
		default:
			return -1, nil
		}
	}
}

// readable is how far the chunks of a block can be read one after the other.
func readable(block []byte, number uint32) int {
	for at := 0; at+logHeader <= len(block); {
		size, _ := chunk(block[at:], number)
		if size == 0 {
			return at
		}
		at += size
	}
	return len(block)
}

// durableTo is how far the log had been durable, as some chunk in the rest of a block
// says.
func durableTo(rest []byte, number uint32) (most uint64) {
	for at := 0; at+logHeader <= len(rest); at++ {
		if size, durable := chunk(rest[at:], number); size > 0 {
			most = max(most, durable)
		}
	}
	return most
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// chunk reads the chunk that begins here: its size with the header, and how far the
// log was durable. The size is 0 if there is no chunk of that log.
func chunk(here []byte, number uint32) (size int, durable uint64) {
	kind := here[6]
	if kind < logKindsFrom || kind > logKindsUntil || binary.LittleEndian.Uint32(here[7:]) != number {
		return 0, 0
	}
	size = logHeader + int(binary.LittleEndian.Uint16(here[4:]))
	if size > len(here) {
		return 0, 0
	}
	sum := crc32.Checksum(here[6:size], castagnoli)
	if (sum>>15|sum<<17)+0xa282ead8 != binary.LittleEndian.Uint32(here) {
		return 0, 0
	}
	return size, binary.LittleEndian.Uint64(here[11:])
}
