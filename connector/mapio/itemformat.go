package mapio

import (
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// The input types.
const (
	inputJSON     = "JSON"
	inputJSONL    = "JSONL"
	inputCSV      = "CSV"
	inputParquet  = "PARQUET"
	inputManifest = "MANIFEST"
)

// The manifest types.
const (
	manifestAthena    = "ATHENA_DATA"
	manifestInventory = "S3_INVENTORY"
)

// itemFormat is how items are written in an object: a ReaderConfig.
type itemFormat struct {
	inputType string
	manifest  string // the type of a manifest, if the object is one
	flatten   bool   // the items of the listed objects, not the listing

	firstRow  bool     // the first row of a CSV file has the names of the columns
	headers   []string // otherwise these are
	delimiter byte
	pointer   []string
	limits    *Limits
}

var delimiters = map[string]byte{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// readFormat reads a ReaderConfig, nil if there is none.
func readFormat(config *value.Object, listed bool, limits *Limits) (*itemFormat, error) {
	f := &itemFormat{limits: limits}
	if config == nil {
		config = value.NewObject(0)
	}
	var err error
	f.inputType, f.manifest = textOf(config, "InputType"), textOf(config, "ManifestType")
	if f.pointer, err = parsePointer(textOf(config, "ItemsPointer")); err != nil {
		return nil, err
	}
	if err := f.readTransformation(textOf(config, "Transformation"), listed); err != nil {
		return nil, err
	}
	if err := f.checkTypes(listed); err != nil {
		return nil, err
	}
	if f.inputType == inputCSV {
		return f, f.readCSV(config)
	}
	return f, nil
}

func (f *itemFormat) readTransformation(text string, listed bool) error {
	switch text {
	case "", "NONE":
	case "LOAD_AND_FLATTEN":
		f.flatten = true
	default:
		return faultf("The Transformation of a ReaderConfig is %q; there are NONE and LOAD_AND_FLATTEN.", text)
	}
	if f.flatten && !listed {
		return fault("The Transformation LOAD_AND_FLATTEN needs the resource listObjectsV2.")
	}
	return nil
}

// checkTypes checks InputType and ManifestType against each other.
func (f *itemFormat) checkTypes(listed bool) error {
	if f.inputType == inputManifest && f.manifest == "" {
		f.manifest = manifestInventory
	}
	switch {
	case listed && !f.flatten:
		return nil
	case f.manifest == manifestInventory:
		f.inputType = inputCSV
	case f.manifest != "" && f.manifest != manifestAthena:
		return faultf("The ManifestType is %q; there are ATHENA_DATA and S3_INVENTORY.", f.manifest)
	case f.manifest == manifestAthena && f.inputType == inputManifest:
		return fault("A manifest of ATHENA_DATA needs the InputType of its data files: CSV, JSONL or PARQUET.")
	}
	if !slices.Contains([]string{inputJSON, inputJSONL, inputCSV, inputParquet}, f.inputType) {
		return faultf("The InputType is %q; there are CSV, JSON, JSONL, MANIFEST and PARQUET.", f.inputType)
	}
	return nil
}

func (f *itemFormat) readCSV(config *value.Object) error {
	delimiter, ok := delimiters[textOf(config, "CSVDelimiter")]
	if !ok {
		return faultf("The CSVDelimiter is %q; there are COMMA, PIPE, SEMICOLON, SPACE and TAB.", textOf(config, "CSVDelimiter"))
	}
	f.delimiter = delimiter
	if f.manifest == manifestInventory {
		return nil // the manifest names the columns
	}
	switch location := textOf(config, "CSVHeaderLocation"); location {
	case "FIRST_ROW":
		f.firstRow = true
		return nil
	case "GIVEN":
		return f.readHeaders(config)
	default:
		return faultf("The CSVHeaderLocation is %q; there are FIRST_ROW and GIVEN.", location)
	}
}

func (f *itemFormat) readHeaders(config *value.Object) error {
	given, _ := config.Get("CSVHeaders")
	list, _ := given.([]any)
	for _, h := range list {
		text, ok := h.(string)
		if !ok {
			return fault("The CSVHeaders must be strings.")
		}
		f.headers = append(f.headers, text)
	}
	if len(list) == 0 {
		return fault("With the CSVHeaderLocation GIVEN, CSVHeaders must be an array with the names of the columns.")
	}
	if n := len(strings.Join(f.headers, ",")); n > f.limits.HeaderBytes {
		return faultf("The CSV headers have %d bytes; at most %d are allowed.", n, f.limits.HeaderBytes)
	}
	_, err := columnsOf(f.headers)
	return err
}
