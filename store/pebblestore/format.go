package pebblestore

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
)

// The file FORMAT says what the directory is. It is made before anything else
// and has two lines:
//
//	fermata-pebblestore 1
//	id 00112233445566778899aabbccddeeff
//
// Version 1 is the layout of keys.go with heads of version 1.
const (
	formatFile    = "FORMAT"
	formatTemp    = "FORMAT.tmp"
	formatName    = "fermata-pebblestore"
	formatVersion = 1
	lockFile      = "LOCK" // Pebble's name for it
)

// lockDirectory makes the directory if need be and locks it for this process.
// It leaves no trace in a directory that is not a store's.
func lockDirectory(fsys vfs.FS, dir string) (*pebble.Lock, error) {
	if err := fsys.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make directory %s: %w", dir, err)
	}
	if err := refuseForeign(fsys, dir); err != nil {
		return nil, err
	}
	lock, err := pebble.LockDirectory(dir, fsys)
	switch {
	case err == nil:
		return lock, nil
	case isLocked(err):
		return nil, fmt.Errorf("%w: directory %s", store.ErrInUse, dir)
	}
	return nil, fmt.Errorf("lock directory %s: %w", dir, err)
}

// isLocked tells a lock that somebody has from a lock that cannot be made. For a
// lock of this same process Pebble has a text only.
func isLocked(err error) bool {
	return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) ||
		strings.Contains(err.Error(), "held by current process")
}

// refuseForeign refuses a directory that is in use for something else.
func refuseForeign(fsys vfs.FS, dir string) error {
	names, err := fsys.List(dir)
	if err != nil {
		return fmt.Errorf("list directory %s: %w", dir, err)
	}
	foreign := ""
	for _, name := range names {
		switch name {
		case formatFile:
			return nil
		case formatTemp, lockFile: // left by a crash while the store was being made
		default:
			foreign = name
		}
	}
	if foreign != "" {
		return fmt.Errorf("directory %s is not a store and not empty: it holds %s", dir, foreign)
	}
	return nil
}

// ensureFormat reads the directory's format, or writes it into a new one, and
// returns the id of the store.
func ensureFormat(fsys vfs.FS, dir string) (string, error) {
	path := fsys.PathJoin(dir, formatFile)
	text, err := readFile(fsys, path)
	switch {
	case err == nil:
		return parseFormat(text)
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	id := hex.EncodeToString(raw)
	return id, writeFormat(fsys, dir, fmt.Sprintf("%s %d\nid %s\n", formatName, formatVersion, id))
}

// parseFormat gives the id of the store that a format file describes.
func parseFormat(text string) (string, error) {
	var version int
	var id string
	if _, err := fmt.Sscanf(text, formatName+" %d\nid %s\n", &version, &id); err != nil || version < 1 {
		if version > formatVersion {
			return "", newerFormat(version)
		}
		return "", fmt.Errorf("the file %s reads %.80q: %w", formatFile, text, store.ErrCorrupt)
	}
	if version > formatVersion {
		return "", newerFormat(version)
	}
	return id, nil
}

func newerFormat(version int) error {
	return fmt.Errorf("%w: version %d, this program knows up to %d", store.ErrNewer, version, formatVersion)
}

func readFile(fsys vfs.FS, path string) (string, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	return string(text), errors.Join(err, f.Close())
}

func writeFormat(fsys vfs.FS, dir, text string) error {
	return errors.Join(writeWhole(fsys, dir, formatTemp, formatFile, text), syncDir(fsys, fsys.PathDir(dir)))
}

// writeWhole makes a file of that text appear at once and for good, by way of a
// temporary one.
func writeWhole(fsys vfs.FS, dir, tempName, name, text string) error {
	temp := fsys.PathJoin(dir, tempName)
	f, err := fsys.Create(temp, vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := fsys.Rename(temp, fsys.PathJoin(dir, name)); err != nil {
		return err
	}
	return syncDir(fsys, dir)
}

func syncDir(fsys vfs.FS, dir string) error {
	d, err := fsys.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
