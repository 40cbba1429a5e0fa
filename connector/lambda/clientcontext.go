package lambda

import (
	"context"
	"encoding/base64"

	"github.com/fermata-dev/fermata/expr/value"
)

// KeyInContext is the name of the idempotency key among the custom values of the
// client context.
const KeyInContext = "fermata.idempotencyKey"

// keyContext is a client context that carries nothing but the key, as the
// Lambda API takes it.
func keyContext(key string) string {
	b := append([]byte(nil), `{"custom":{"`+KeyInContext+`":`...)
	b = value.AppendString(b, key)
	b = append(b, "}}"...)
	return base64.StdEncoding.EncodeToString(b)
}

// ClientContextJSON is the client context as a function sees it: the JSON text,
// empty if there is none or if it is no base64 of a JSON object.
func (r *Request) ClientContextJSON() string {
	if r.ClientContext == "" {
		return ""
	}
	b, err := base64.StdEncoding.DecodeString(r.ClientContext)
	if err != nil || value.Valid(b) != nil {
		return ""
	}
	return string(value.AppendCompact(nil, b)) // a header is one line
}

type callKey struct{}

// IdempotencyKey is the key of the call on whose behalf a registered function
// runs; empty if ctx is not that of such a function.
func IdempotencyKey(ctx context.Context) string {
	if r, ok := ctx.Value(callKey{}).(*Request); ok {
		return r.Call.IdempotencyKey
	}
	return ""
}
