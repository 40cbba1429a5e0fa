package engine

import (
	"encoding/hex"
	"testing"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// mailMuseum holds messages as every version has written them.
var mailMuseum = []struct {
	hex  string
	task uint64
	want connector.ChildResult
}{
	{"0100ac027b7d", 300, connector.ChildResult{Output: []byte("{}")}},
	{"01010703426164776879", 7, connector.ChildResult{Err: &connector.Error{Name: "Bad", Cause: "why"}}},
	{"01070700", 7, connector.ChildResult{Err: &connector.Error{NoName: true, NoCause: true}}},
}

func TestMailMuseum(t *testing.T) {
	for _, m := range mailMuseum {
		if got := hex.EncodeToString(writeMail(m.task, m.want)); got != m.hex {
			t.Errorf("%+v is written as %s, want %s", m.want, got, m.hex)
		}
		data, err := hex.DecodeString(m.hex)
		if err != nil {
			t.Fatal(err)
		}
		cmd, err := readMail(store.Message{Body: data})
		if err != nil {
			t.Fatal(err)
		}
		switch cmd := cmd.(type) {
		case interpreter.TaskSucceeded:
			if cmd.ID != m.task || string(cmd.Output) != string(m.want.Output) {
				t.Errorf("%s reads as %+v", m.hex, cmd)
			}
		case interpreter.TaskFailed:
			e := m.want.Err
			if cmd.ID != m.task || (cmd.Error == nil) != e.NoName || (cmd.Cause == nil) != e.NoCause ||
				cmd.Error != nil && *cmd.Error != e.Name || cmd.Cause != nil && *cmd.Cause != e.Cause {
				t.Errorf("%s reads as %+v", m.hex, cmd)
			}
		default:
			t.Errorf("%s reads as %T", m.hex, cmd)
		}
	}
}

func FuzzReadMail(f *testing.F) {
	for _, m := range mailMuseum {
		data, _ := hex.DecodeString(m.hex)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if cmd, err := readMail(store.Message{Body: data}); (cmd == nil) == (err == nil) {
			t.Errorf("%x gave %v and %v", data, cmd, err)
		}
	})
}
