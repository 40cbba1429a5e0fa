package teststate

import (
	"context"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/connector/mapio"
	"github.com/fermata-dev/fermata/expr/value"
)

// readItems are the items that the reader of a Map finds in the data that the
// request gives it, nil for a state without a reader.
func readItems(ctx context.Context, r *Request, state *definition.State) (*value.Document, error) {
	m, ok := state.Kind.(*definition.Map)
	if !ok || m.Reader == nil {
		return nil, nil
	}
	data := r.Configuration.MapItemReaderData
	if data == nil {
		return nil, refuse("ItemReader data must be specified when testing a Map state with ItemReader specified.")
	}
	items, err := mapio.Given(ctx, readerConfig(&m.Reader.Config), []byte(*data), mapio.Limits{})
	if err != nil {
		return nil, refuse("Invalid MapItemReaderData: " + err.Error())
	}
	return value.Text(items), nil
}

// readerConfig is a ReaderConfig in JSON. What does not say how it is written, such
// as a listing, is an array.
func readerConfig(c *definition.ReaderConfig) *value.Object {
	o := value.NewObject(6)
	for _, member := range []struct{ name, text string }{
		{"InputType", c.InputType}, {"ManifestType", c.ManifestType}, {"CSVDelimiter", c.CSVDelimiter},
		{"CSVHeaderLocation", c.CSVHeaderLocation}, {"ItemsPointer", c.ItemsPointer},
	} {
		if member.text != "" {
			o.Set(member.name, member.text)
		}
	}
	if c.InputType == "" {
		o.Set("InputType", "JSON")
	}
	if c.CSVHeaders != nil {
		headers := make([]any, len(c.CSVHeaders))
		for i, header := range c.CSVHeaders {
			headers[i] = header
		}
		o.Set("CSVHeaders", headers)
	}
	return o
}
