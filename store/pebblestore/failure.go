package pebblestore

import (
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/store"
)

// failure is the end of a store that could not write. It happens once.
type failure struct {
	dir      string // of the store
	once     sync.Once
	cause    error         // set before happened is closed
	happened chan struct{} // closed by the failure
	onError  func(error)
}

func newFailure(dir string, onError func(error)) *failure {
	return &failure{dir: dir, happened: make(chan struct{}), onError: onError}
}

// fail makes the failure happen. Only the first cause counts.
func (f *failure) fail(cause error) {
	f.once.Do(func() {
		f.cause = cause
		close(f.happened)
		f.onError(f.err())
	})
}

// err returns nil, or an ErrFailed with the cause.
func (f *failure) err() error {
	select {
	case <-f.happened:
		return fmt.Errorf("%w: directory %s: %w", store.ErrFailed, f.dir, f.cause)
	default:
		return nil
	}
}

// logger is what Pebble talks to. Pebble ends the process where it does not know
// how to go on; we fail the store instead. Pebble then does go on, on a file
// system that takes nothing more (see guardFS).
type logger struct{ failure *failure }

func (l logger) Infof(string, ...any) {}

func (l logger) Errorf(format string, args ...any) {
	l.failure.onError(fmt.Errorf("pebble: "+format, args...))
}

func (l logger) Fatalf(format string, args ...any) {
	l.failure.fail(fmt.Errorf("pebble: "+format, args...))
}
