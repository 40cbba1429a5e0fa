package project

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadText(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.json")
	for _, c := range []struct{ bytes, want, fault string }{
		{"{}", "{}", ""},
		{"\ufeff{\"ä\":1}", `{"ä":1}`, ""},
		{"", "", ""},
		{"\xff\xfe{\x00}\x00", "", "m.json: it is not text in UTF-8; save it as such"},
		{"{\"\xe4\":1}", "", "m.json: it is not text in UTF-8; save it as such"},
	} {
		if err := os.WriteFile(file, []byte(c.bytes), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := ReadText(file)
		if string(text) != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.HasSuffix(err.Error(), c.fault) {
			t.Errorf("%q: got %q, %v", c.bytes, text, err)
		}
	}
	if _, err := ReadText(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}
