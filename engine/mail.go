package engine

import (
	"encoding/binary"
	"errors"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// A message tells a run the result of one of its tasks. Version 1 is
//
//	version  1 byte
//	kind     1 byte: succeeded, or failed with flags for what is absent
//	task     uvarint
//	then     the output; or the error's name with its uvarint length, and the cause
const mailVersion = 1

const (
	mailSucceeded = 0
	mailFailed    = 1
	mailNoName    = 2
	mailNoCause   = 4
)

var errMail = errors.New("message is damaged or newer than this version")

func writeMail(task uint64, r connector.ChildResult) []byte {
	kind := byte(mailSucceeded)
	if r.Err != nil {
		kind = mailFailed
		if r.Err.NoName {
			kind |= mailNoName
		}
		if r.Err.NoCause {
			kind |= mailNoCause
		}
	}
	b := binary.AppendUvarint([]byte{mailVersion, kind}, task)
	if r.Err == nil {
		return append(b, r.Output...)
	}
	b = binary.AppendUvarint(b, uint64(len(r.Err.Name)))
	b = append(b, r.Err.Name...)
	return append(b, r.Err.Cause...)
}

// readMail turns a message into the command that it stands for.
func readMail(m store.Message) (interpreter.Command, error) {
	b := m.Body
	if len(b) < 3 || b[0] != mailVersion {
		return nil, errMail
	}
	kind := b[1]
	task, n := binary.Uvarint(b[2:])
	if n <= 0 {
		return nil, errMail
	}
	b = b[2+n:]
	if kind == mailSucceeded {
		return interpreter.TaskSucceeded{ID: task, Output: b}, nil
	}
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, errMail
	}
	name, cause := string(b[n:n+int(size)]), string(b[n+int(size):])
	f := interpreter.TaskFailed{ID: task, Error: &name, Cause: &cause}
	if kind&mailNoName != 0 {
		f.Error = nil
	}
	if kind&mailNoCause != 0 {
		f.Cause = nil
	}
	return f, nil
}
