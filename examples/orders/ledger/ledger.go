// Package ledger keeps what the handlers of the example did, in a folder for
// temporary files: a line for each call in calls.log, and a counter for each
// function and execution. So what was done can be seen across processes and
// crashes.
package ledger

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder is where the ledger lies.
func Folder() string { return filepath.Join(os.TempDir(), "fermata-orders") }

// Call notes a call of a function for an execution and returns how many there
// were with this one.
func Call(function, execution string) (int, error) {
	if err := os.MkdirAll(Folder(), 0o755); err != nil {
		return 0, err
	}
	name := execution[strings.LastIndex(execution, ":")+1:]
	count, err := count(filepath.Join(Folder(), function+"-"+name+".count"))
	if err != nil {
		return 0, err
	}
	line, err := json.Marshal(map[string]any{
		"at": time.Now().UTC().Format("15:04:05.000"), "function": function, "execution": name, "call": count,
	})
	if err != nil {
		return 0, err
	}
	return count, add(filepath.Join(Folder(), "calls.log"), string(line)+"\n")
}

// count adds a byte to a file and returns its size: a counter that needs no
// lock, since appending is atomic.
func count(path string) (int, error) {
	if err := add(path, "x"); err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return int(info.Size()), nil
}

func add(path, text string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := file.WriteString(text); err != nil {
		_ = file.Close()
		return fmt.Errorf("ledger: %w", err)
	}
	return file.Close()
}
