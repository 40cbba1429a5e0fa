package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settleTime is how long a folder must be quiet after a change: editors write a
// file in several steps.
const settleTime = 150 * time.Millisecond

// watcher watches a folder and all folders in it.
type watcher struct {
	folder string
	events *fsnotify.Watcher
}

// ignored are folders whose content is not the user's own work.
var ignored = []string{buildFolder, "node_modules", "fermata-data", "__pycache__"}

func ignore(name string) bool {
	return slices.Contains(ignored, name) || strings.HasPrefix(name, ".") && name != "."
}

func watch(folder string) (*watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &watcher{folder: folder, events: events}
	if err := w.add(folder); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// add watches a folder and those in it.
func (w *watcher) add(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return err
		case path != w.folder && ignore(entry.Name()):
			return filepath.SkipDir
		}
		return w.events.Add(path)
	})
}

func (w *watcher) close() error { return w.events.Close() }

// run calls changed, with a path relative to the folder, each time that the
// folder has changed and is quiet again, until the context ends.
func (w *watcher) run(ctx context.Context, changed func(path string)) {
	var newest string
	quiet := time.NewTimer(settleTime)
	quiet.Stop()
	for {
		select {
		case event := <-w.events.Events:
			if path, ok := w.counts(event); ok {
				newest = path
				quiet.Reset(settleTime)
			}
		case <-w.events.Errors: // an overflow: something has changed
			newest = "the folder"
			quiet.Reset(settleTime)
		case <-quiet.C:
			changed(newest)
		case <-ctx.Done():
			return
		}
	}
}

// counts says whether an event is a change of the user's. New folders are
// watched from now on.
func (w *watcher) counts(event fsnotify.Event) (string, bool) {
	path, err := filepath.Rel(w.folder, event.Name)
	if err != nil || event.Op == fsnotify.Chmod {
		return "", false
	}
	for _, name := range strings.Split(path, string(filepath.Separator)) {
		if ignore(name) || strings.HasSuffix(name, "~") || strings.HasSuffix(name, ".swp") {
			return "", false
		}
	}
	if info, err := os.Stat(event.Name); err == nil && info.IsDir() && event.Has(fsnotify.Create) {
		_ = w.add(event.Name) // it may be gone again
	}
	return path, true
}
