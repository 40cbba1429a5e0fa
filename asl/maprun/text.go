package maprun

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// marshal is the JSON text of what is ours.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("maprun: a %T that cannot be written: %v", v, err))
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
