package definition

import (
	"slices"
	"strings"
)

// most is how many items a distributed Map reads.
const most = 100_000_000

// itemReader reads ItemReader, nil if it is absent.
func (f fields) itemReader() *ItemReader {
	r, ok := f.nested("ItemReader")
	if !ok {
		return nil
	}
	r.check(itemReaderFields)
	r.comment()
	r.require("Resource", r.argumentsField())
	reader := &ItemReader{Arguments: r.callArguments()}
	if resource := r.fixedResource("s3:getObject", "s3:listObjectsV2"); resource != nil {
		reader.Resource = *resource
	}
	if config, ok := r.nested("ReaderConfig"); ok {
		reader.Config = config.readerConfig()
	}
	return reader
}

// argumentsField is where the state's query language has what a call is given.
func (f fields) argumentsField() string {
	if f.lang == JSONata {
		return "Arguments"
	}
	return "Parameters"
}

// callArguments reads Parameters or Arguments of a reader or writer.
func (f fields) callArguments() Template {
	if f.lang == JSONata {
		return f.arguments("Arguments")
	}
	return f.selector("Parameters")
}

// fixedResource reads a Resource that has to be one of a few integrations.
func (f fields) fixedResource(allowed ...string) *Resource {
	arn, ok := f.text("Resource")
	if !ok {
		return nil
	}
	r, ok := parseResource(arn)
	if ok && r.Pattern == RequestResponse && !r.AWSSDK {
		for _, a := range allowed {
			if a == r.Service+":"+r.Action {
				return &r
			}
		}
	}
	f.refuseValue(f.at.field("Resource"), arn, "The field 'Resource' does not match any of the allowed values",
		"write \"arn:aws:states:::\" and then "+quoteList(allowed))
	return nil
}

func (f fields) readerConfig() ReaderConfig {
	f.check(readerConfigFields)
	f.comment()
	f.exclusive("MaxItems", "MaxItemsPath")
	c := ReaderConfig{CSVHeaders: f.stringItems("CSVHeaders")}
	c.InputType, _ = f.choice("InputType", "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
	c.Transformation, _ = f.choice("Transformation", "NONE", "LOAD_AND_FLATTEN")
	c.ManifestType, _ = f.choice("ManifestType", "ATHENA_DATA", "S3_INVENTORY")
	c.CSVDelimiter, _ = f.choice("CSVDelimiter", "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	c.CSVHeaderLocation, _ = f.choice("CSVHeaderLocation", "FIRST_ROW", "GIVEN")
	c.ItemsPointer = f.itemsPointer()
	c.MaxItems = f.amount("MaxItems", bounds{max: most}, noContextRoot)
	f.checkInputType(c)
	return c
}

// itemsPointer reads ItemsPointer, a JSON pointer.
func (f fields) itemsPointer() string {
	pointer, _ := f.text("ItemsPointer")
	if pointer != "" && pointer[0] != '/' {
		f.refuseLater(f.at.field("ItemsPointer"), `Invalid input: JSON Pointer expression must start with '/': "`+pointer+`"`,
			`write "/" before the name of each member, such as "/data/items"`)
	}
	return pointer
}

// readerFields are the fields of a ReaderConfig that go with some InputTypes
// only.
var readerFields = []struct {
	name       string
	inputTypes []string
}{
	{"CSVDelimiter", []string{"CSV", "MANIFEST"}},
	{"CSVHeaderLocation", []string{"CSV", "MANIFEST"}},
	{"CSVHeaders", []string{"CSV", "MANIFEST"}},
	{"ManifestType", []string{"CSV", "JSONL", "PARQUET", "MANIFEST"}},
	{"ItemsPointer", []string{"JSON", "MANIFEST"}},
}

// checkInputType reports files of which too little is said, and of which
// something is said that files of their type do not have.
func (f fields) checkInputType(c ReaderConfig) {
	switch {
	case c.InputType == "" && c.Transformation == "LOAD_AND_FLATTEN" && !f.has("InputType"):
		f.refuseLater(f.at, "The field 'InputType' is required", "say what kind of files there are")
		return
	case c.InputType == "CSV" && !f.has("CSVHeaderLocation"):
		f.refuse(f.at, "The field 'CSVHeaderLocation' is required", `write "FIRST_ROW" or "GIVEN"`)
		return
	}
	for _, field := range readerFields {
		if c.InputType != "" && f.has(field.name) && !slices.Contains(field.inputTypes, c.InputType) {
			f.refuseLater(f.at, "Field '"+field.name+"' is not supported",
				"remove the field: it goes with the InputType "+strings.Join(field.inputTypes, ", "))
		}
	}
	if c.CSVHeaderLocation == "GIVEN" {
		f.require("CSVHeaders")
	}
}

// biggestBatch is the limit of MaxInputBytesPerBatch.
const biggestBatch = 256 * 1024

// itemBatcher reads ItemBatcher, nil if it is absent.
func (f fields) itemBatcher() *ItemBatcher {
	b, ok := f.nested("ItemBatcher")
	if !ok {
		return nil
	}
	b.check(itemBatcherFields)
	b.comment()
	b.exclusive("MaxItemsPerBatch", "MaxItemsPerBatchPath")
	b.exclusive("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
	batcher := &ItemBatcher{
		MaxItemsPerBatch:      b.amount("MaxItemsPerBatch", bounds{max: most}, noContextRoot),
		MaxInputBytesPerBatch: b.amount("MaxInputBytesPerBatch", bounds{max: biggestBatch}, noContextRoot),
		BatchInput:            b.template("BatchInput"),
	}
	if !b.has("MaxItemsPerBatch") && !b.has("MaxItemsPerBatchPath") &&
		!b.has("MaxInputBytesPerBatch") && !b.has("MaxInputBytesPerBatchPath") {
		b.refuse(b.at, "At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]", "say how big a batch may be")
	}
	return batcher
}

// resultWriter reads ResultWriter, nil if it is absent.
func (f fields) resultWriter() *ResultWriter {
	w, ok := f.nested("ResultWriter")
	if !ok {
		return nil
	}
	w.check(resultWriterFields)
	w.comment()
	writer := &ResultWriter{Resource: w.fixedResource("s3:putObject"), Arguments: w.callArguments()}
	if config, ok := w.nested("WriterConfig"); ok {
		config.check(writerConfigFields)
		config.comment()
		writer.OutputType, _ = config.choice("OutputType", "JSON", "JSONL")
		writer.Transformation, _ = config.choice("Transformation", "NONE", "COMPACT", "FLATTEN")
	}
	switch {
	case w.has("Resource"):
		w.require(w.argumentsField())
	case w.has(w.argumentsField()):
		w.require("Resource")
	case !w.has("WriterConfig"):
		w.refuse(w.at, "At least one of these fields is required: [Resource, WriterConfig]", "say where the results go, or their form")
	}
	return writer
}
