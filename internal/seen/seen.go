// Package seen keeps docs/api.md true: what it says that a client was seen to do
// is what that client's test has done.
package seen

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The clients, by their columns in the table.
const (
	GoSDK         = "Go SDK"
	JavaScriptSDK = "JavaScript SDK"
	CLI           = "AWS CLI"
)

// Operations are those that the page has a line for, in alphabetical order.
func Operations(t testing.TB) []string {
	t.Helper()
	told, err := read(GoSDK)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(told))
}

// Check compares the operations that a client has used with success with those
// that the page says yes to in its column.
func Check(t testing.TB, client string, used []string) {
	t.Helper()
	told, err := read(client)
	if err != nil {
		t.Fatal(err)
	}
	for operation, yes := range told {
		if done := slices.Contains(used, operation); done && !yes {
			t.Errorf("%s has used %s, and docs/api.md does not say so", client, operation)
		} else if !done && yes {
			t.Errorf("docs/api.md says that %s uses %s, and it has not", client, operation)
		}
	}
	for _, operation := range used {
		if _, ok := told[operation]; !ok {
			t.Errorf("docs/api.md has no line for %s, which %s has used", operation, client)
		}
	}
}

// read gives all operations of the table, and whether the client's column says
// yes.
func read(client string) (map[string]bool, error) {
	text, err := page()
	if err != nil {
		return nil, err
	}
	column := -1
	operations := map[string]bool{}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		switch {
		case len(cells) < 3:
			column = -1 // between two tables
		case column < 0:
			column = slices.IndexFunc(cells, func(c string) bool { return strings.TrimSpace(c) == client })
		case column < len(cells) && !strings.Contains(cells[1], "---"):
			operations[strings.Trim(cells[1], " `")] = strings.TrimSpace(cells[column]) == "yes"
		}
	}
	if len(operations) == 0 {
		return nil, fmt.Errorf("docs/api.md has no table with a column %q", client)
	}
	return operations, nil
}

// page reads docs/api.md, above the package that is tested.
func page() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			text, err := os.ReadFile(filepath.Join(at, "docs", "api.md"))
			return string(text), err
		}
	}
	return "", fmt.Errorf("no go.mod above the working directory")
}
