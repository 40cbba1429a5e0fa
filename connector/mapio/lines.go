package mapio

import (
	"bytes"
	"context"
	"errors"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// lines are the items of a JSON Lines file: one JSON value a line, empty lines
// left out.
type lines struct {
	*text
	limit int
}

func openLines(ctx context.Context, store objectstore.Store, s source, at position) (stream, error) {
	t, err := openText(ctx, store, s, at)
	if err != nil {
		return nil, err
	}
	return &lines{text: t, limit: s.format.limits.ItemBytes}, nil
}

func (l *lines) next(dst []byte) ([]byte, error) {
	for {
		line, err := l.readLine(l.limit)
		if err != nil {
			return dst, err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if err := value.Valid(line); err != nil {
			return dst, faultf("Line %d is not valid JSON: %s.", l.line, syntaxText(err))
		}
		return value.AppendCompact(dst, line), nil
	}
}

// syntaxText says what is wrong with a JSON text of one line.
func syntaxText(err error) string {
	var syntax *value.SyntaxError
	if !errors.As(err, &syntax) {
		return err.Error()
	}
	return faultf("%s at column %d", syntax.Msg, syntax.Column).Error()
}
