package mock

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// File is a mock configuration file that is read again when it has changed. Its
// methods are safe for concurrent use.
type File struct {
	path string

	mu     sync.Mutex // guards what follows
	stamp  stamp
	config *Config
	err    error // of the last reading
}

// stamp tells whether a file has changed.
type stamp struct {
	modified time.Time
	size     int64
}

// Open reads the file. Its faults are the error.
func Open(path string) (*File, error) {
	f := &File{path: path}
	_, err := f.Config()
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Config is what the file says now. While it has faults, those are the error.
func (f *File) Config() (*Config, error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, fmt.Errorf("mock configuration: %w", err)
	}
	now := stamp{info.ModTime(), info.Size()}
	f.mu.Lock()
	defer f.mu.Unlock()
	if now != f.stamp {
		f.config, f.err = Load(f.path)
		f.stamp = now
	}
	return f.config, f.err
}
