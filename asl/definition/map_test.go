package definition_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// items makes a machine with a Map state with these fields; its processor has
// this config.
func items(config, fields string) string {
	return end(`"Type": "Map", "ItemProcessor": {` + config + `"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}` + fields)
}

const (
	distributed = `"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, `
	processor   = `{"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}`
)

func TestMapRules(t *testing.T) {
	const at = " at /States/A"
	faults{
		{"no processor", end(`"Type": "Map"`), []string{"This object should have only one of the following fields: [ItemProcessor, Iterator]" + at}},
		{"two processors", end(`"Type": "Map", "ItemProcessor": ` + processor + `, "Iterator": ` + strings.ReplaceAll(processor, "I", "J")), []string{
			"There should only be one of the following fields: [ItemProcessor, Iterator]" + at}},
		{"two selectors", items(``, `, "ItemSelector": {}, "Parameters": {}`),
			[]string{"There should only be one of the following fields: [ItemSelector, Parameters]" + at}},
		{"ItemsPath null", items(``, `, "ItemsPath": null`), []string{"Expected value of type String" + at + "/ItemsPath"}},
		{"Items in JSONPath", items(``, `, "Items": []`), []string{
			"The QueryLanguage is set to 'JSONPath', but field 'Items' is only supported for the 'JSONata' QueryLanguage" + at}},
		{"QueryLanguage inside", items(`"QueryLanguage": "JSONata", `, ``), []string{"Field 'QueryLanguage' is not supported" + at + "/ItemProcessor"}},
		{"numbers", items(``, `, "MaxConcurrency": -1, "ToleratedFailureCount": 1.5, "ToleratedFailurePercentage": 100.5`), []string{
			"Minimum value is 0" + at + "/MaxConcurrency",
			"Expected value of type Integer" + at + "/ToleratedFailureCount",
			"Maximum value is 100.0" + at + "/ToleratedFailurePercentage"}},
		{"percentage below 0", items(``, `, "ToleratedFailurePercentage": -0.5`),
			[]string{"Minimum value is 0.0" + at + "/ToleratedFailurePercentage"}},
		{"number and path", items(``, `, "MaxConcurrency": 1, "MaxConcurrencyPath": "$.m"`),
			[]string{"There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath]" + at}},
		{"number from the context", items(``, `, "MaxConcurrencyPath": "$$.Execution.Input.n", "ItemsPath": "$$.Execution.Input.a"`),
			[]string{"Value is not a Reference Path" + at + "/MaxConcurrencyPath"}},
		{"Mode", items(`"ProcessorConfig": {"Mode": "FAST"}, `, ``),
			[]string{"Value should be one of the following: [INLINE, DISTRIBUTED]" + at + "/ItemProcessor/ProcessorConfig/Mode"}},
		{"no ExecutionType", items(`"ProcessorConfig": {"Mode": "DISTRIBUTED"}, `, ``),
			[]string{"These fields are required: [ExecutionType]" + at + "/ItemProcessor/ProcessorConfig"}},
		{"Label", items(distributed, `, "Label": "a b"`), []string{"INVALID_LABEL_NAME: Invalid Label name: a b" + at + "/Label"}},
		{"Label twice", machine(`"A": {"Type": "Map", "Label": "l", "Next": "B", "ItemProcessor": {` + distributed + `"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}},
			"B": {"Type": "Map", "Label": "l", "End": true, "ItemProcessor": {` + distributed + `"StartAt": "J", "States": {"J": {"Type": "Succeed"}}}}`),
			[]string{"DUPLICATE_LABEL_NAME: Duplicate Label name: l at /States/B/Label"}},
		{"Label too long", items(distributed, `, "Label": "`+strings.Repeat("l", 41)+`"`),
			[]string{"INVALID_LABEL_NAME: Invalid Label name: Label exceeds the 40-character limit allowed by the service" + at + "/Label"}},
		{"ExecutionType inline", items(`"ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "STANDARD"}, `, ``),
			[]string{"Field 'ExecutionType' is not supported" + at + "/ItemProcessor/ProcessorConfig"}},
		{"ExecutionType", items(`"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "FAST"}, `, ``),
			[]string{"Value should be one of the following: [STANDARD, EXPRESS]" + at + "/ItemProcessor/ProcessorConfig/ExecutionType"}},
	}.run(t, everything, definition.Error)
}

// TestFieldsWithoutEffect: AWS accepts them in an inline Map, where they do
// nothing.
func TestFieldsWithoutEffect(t *testing.T) {
	faults{{"inline", items(``, `, "Label": "l", "ItemBatcher": {"MaxItemsPerBatch": 1},
		"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b"}},
		"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}`), []string{
		"NO_EFFECT: Field 'ItemReader' has no effect in a Map with the 'INLINE' Mode at /States/A/ItemReader",
		"NO_EFFECT: Field 'ItemBatcher' has no effect in a Map with the 'INLINE' Mode at /States/A/ItemBatcher",
		"NO_EFFECT: Field 'ResultWriter' has no effect in a Map with the 'INLINE' Mode at /States/A/ResultWriter",
		"NO_EFFECT: Field 'Label' has no effect in a Map with the 'INLINE' Mode at /States/A/Label",
	}}}.run(t, everything, definition.Warning)
}

func TestMapInputAndOutputRules(t *testing.T) {
	const at = " at /States/A/"
	reader := func(config string) string {
		return items(distributed, `, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b"}, "ReaderConfig": {`+config+`}}`)
	}
	faults{
		{"reader's Resource", items(distributed, `, "ItemReader": {"Resource": "arn:aws:states:::s3:putObject"}`), []string{
			"These fields are required: [Parameters]" + at + "ItemReader",
			"The field 'Resource' does not match any of the allowed values" + at + "ItemReader/Resource"}},
		{"no Resource", items(distributed, `, "ItemReader": {}`), []string{"These fields are required: [Resource, Parameters]" + at + "ItemReader"}},
		{"reader's fields", reader(`"InputType": "XML", "CSVDelimiter": ",", "CSVHeaders": [1], "MaxItems": 100000001`), []string{
			"Expected value of type String" + at + "ItemReader/ReaderConfig/CSVHeaders[0]",
			"Value should be one of the following: [CSV, JSON, JSONL, PARQUET, MANIFEST]" + at + "ItemReader/ReaderConfig/InputType",
			"Value should be one of the following: [COMMA, PIPE, SEMICOLON, SPACE, TAB]" + at + "ItemReader/ReaderConfig/CSVDelimiter",
			"Maximum value is 100000000" + at + "ItemReader/ReaderConfig/MaxItems"}},
		{"MaxItems twice", reader(`"MaxItems": 1, "MaxItemsPath": "$.m"`),
			[]string{"There should only be one of the following fields: [MaxItems, MaxItemsPath]" + at + "ItemReader/ReaderConfig"}},
		{"headers missing", reader(`"CSVHeaderLocation": "GIVEN"`), []string{"These fields are required: [CSVHeaders]" + at + "ItemReader/ReaderConfig"}},
		{"CSV without a header location", reader(`"InputType": "CSV"`), []string{"The field 'CSVHeaderLocation' is required" + at + "ItemReader/ReaderConfig"}},
		{"a pointer that is none", reader(`"InputType": "JSON", "ItemsPointer": "data/items"`), []string{
			"Invalid input: JSON Pointer expression must start with '/': \"data/items\"" + at + "ItemReader/ReaderConfig/ItemsPointer"}},
		{"a pointer into lines", reader(`"InputType": "JSONL", "ItemsPointer": "/a"`), []string{
			"Field 'ItemsPointer' is not supported" + at + "ItemReader/ReaderConfig"}},
		{"a manifest of JSON files", reader(`"InputType": "JSON", "ManifestType": "ATHENA_DATA"`), []string{
			"Field 'ManifestType' is not supported" + at + "ItemReader/ReaderConfig"}},
		{"nothing said of files that are to be read", reader(`"Transformation": "LOAD_AND_FLATTEN"`), []string{
			"The field 'InputType' is required" + at + "ItemReader/ReaderConfig"}},
		{"header location without CSV", reader(`"InputType": "JSON", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "TAB"`), []string{
			"Field 'CSVDelimiter' is not supported" + at + "ItemReader/ReaderConfig",
			"Field 'CSVHeaderLocation' is not supported" + at + "ItemReader/ReaderConfig"}},
		{"writer without Parameters", items(distributed, `, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject"}`),
			[]string{"These fields are required: [Parameters]" + at + "ResultWriter"}},
		{"writer without Resource", items(distributed, `, "ResultWriter": {"Parameters": {"Bucket": "b"}}`),
			[]string{"These fields are required: [Resource]" + at + "ResultWriter"}},
		{"batcher empty", items(distributed, `, "ItemBatcher": {}`),
			[]string{"At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]" + at + "ItemBatcher"}},
		{"batcher", items(distributed, `, "ItemBatcher": {"MaxItemsPerBatch": 1, "MaxItemsPerBatchPath": "$.x", "MaxInputBytesPerBatch": 262145}`), []string{
			"There should only be one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath]" + at + "ItemBatcher",
			"Maximum value is 262144" + at + "ItemBatcher/MaxInputBytesPerBatch"}},
		{"writer empty", items(distributed, `, "ResultWriter": {}`),
			[]string{"At least one of these fields is required: [Resource, WriterConfig]" + at + "ResultWriter"}},
		{"writer", items(distributed, `, "ResultWriter": {"WriterConfig": {"OutputType": "CSV", "Transformation": "FLAT"}}`), []string{
			"Value should be one of the following: [JSON, JSONL]" + at + "ResultWriter/WriterConfig/OutputType",
			"Value should be one of the following: [NONE, COMPACT, FLATTEN]" + at + "ResultWriter/WriterConfig/Transformation"}},
	}.run(t, everything, definition.Error)
}

func TestDistributedMapIsAnOption(t *testing.T) {
	faults{{"off", items(distributed, ``), []string{
		"A Map state with the Mode DISTRIBUTED is not supported by this version at /States/A/ItemProcessor/ProcessorConfig/Mode",
	}}}.run(t, definition.Options{}, definition.Error)
}

func TestMapModel(t *testing.T) {
	m := mustParse(t, items(`"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, `, `, "Label": "l",
		"ItemsPath": "$$.x", "Parameters": {"i.$": "$$.Map.Item.Value"}, "MaxConcurrency": 7, "ToleratedFailurePercentagePath": "$.p",
		"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"},
			"ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["h"], "MaxItemsPath": "$.n"}},
		"ItemBatcher": {"MaxItemsPerBatch": 3, "BatchInput": {"b.$": "$.b"}},
		"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}, "WriterConfig": {"OutputType": "JSONL"}}`), everything)
	k := m.Root.Start.Kind.(*definition.Map)
	if k.Mode != definition.MapDistributed || k.ExecutionType != "EXPRESS" || k.Label != "l" || k.Processor.Start.Name != "I" {
		t.Errorf("got %+v", k)
	}
	if p, ok := k.ToleratedFailurePercentage.(*definition.PathExpr); !ok || p.Field != "ToleratedFailurePercentagePath" {
		t.Errorf("percentage is %#v", k.ToleratedFailurePercentage)
	}
	if _, ok := k.ItemSelector.(*definition.Object); !ok || m.Root.Start.Data.Arguments != nil {
		t.Errorf("selector is %#v", k.ItemSelector)
	}
	if k.Reader.Resource.Action != "listObjectsV2" || k.Reader.Config.CSVHeaders[0] != "h" || k.Reader.Config.MaxItems == nil {
		t.Errorf("reader is %+v", k.Reader)
	}
	if k.Batcher.MaxItemsPerBatch == nil || k.Batcher.MaxInputBytesPerBatch != nil || k.Writer.OutputType != "JSONL" || k.Writer.Resource.Action != "putObject" {
		t.Errorf("batcher %+v, writer %+v", k.Batcher, k.Writer)
	}
}
