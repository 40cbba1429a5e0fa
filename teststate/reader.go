package teststate

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// readItems are the items that the reader of a Map finds in the data that the
// request gives it, nil where there is no such data.
func readItems(r *Request, state *definition.State) (*value.Document, error) {
	m, ok := state.Kind.(*definition.Map)
	data := r.Configuration.MapItemReaderData
	if !ok || m.Reader == nil || data == nil {
		return nil, nil
	}
	switch config := m.Reader.Config; config.InputType {
	case "JSONL":
		return readLines(*data)
	case "JSON", "":
		return readJSON(*data, config.ItemsPointer)
	default:
		return nil, refuse("The data of an ItemReader with the InputType '" + config.InputType + "' cannot be given in MapItemReaderData")
	}
}

func badData(why string) error { return refuse("Invalid MapItemReaderData: " + why) }

func readJSON(data, pointer string) (*value.Document, error) {
	v, err := value.Parse([]byte(data))
	if err != nil {
		return nil, badData("it must be valid JSON")
	}
	if v, err = follow(v, pointer); err != nil {
		return nil, err
	}
	if _, ok := v.([]any); !ok {
		return nil, badData("it must be an array")
	}
	if pointer == "" {
		return value.Text([]byte(data)), nil
	}
	return value.Of(v), nil
}

func readLines(data string) (*value.Document, error) {
	var items []any
	for i, line := range bytes.Split([]byte(data), []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		v, err := value.Parse(line)
		if err != nil {
			return nil, badData("line " + strconv.Itoa(i+1) + " must be valid JSON")
		}
		items = append(items, v)
	}
	return value.Of(items), nil
}

// follow is the value that a JSON pointer (RFC 6901) leads to.
func follow(v any, pointer string) (any, error) {
	if pointer == "" {
		return v, nil
	}
	for _, token := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		found := false
		switch in := v.(type) {
		case *value.Object:
			v, found = in.Get(token)
		case []any:
			if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(in) {
				v, found = in[i], true
			}
		}
		if !found {
			return nil, badData("the ItemsPointer '" + pointer + "' leads to nothing")
		}
	}
	return v, nil
}
