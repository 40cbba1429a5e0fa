package mapio

import (
	"context"
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// The errors that a workflow sees.
const (
	readerFailed = "States.ItemReaderFailed"
	writerFailed = "States.ResultWriterFailed"
)

// fault is what is wrong with what a definition asks for or with what an object
// holds; its text is the cause that a workflow sees.
type fault string

func (f fault) Error() string { return string(f) }

func faultf(format string, args ...any) error { return fault(fmt.Sprintf(format, args...)) }

// failure is the task's failure of that name. A call that nobody waits for any
// longer just ends.
func failure(ctx context.Context, name string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	cause := err.Error()
	var object *objectstore.Error
	if errors.As(err, &object) {
		cause = object.Text
	}
	return &connector.Error{Name: name, Cause: cause}
}
