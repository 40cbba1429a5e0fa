package definition

// fieldTable says which fields an object may have, and in which query
// languages.
type fieldTable map[string]languages

// languages is a set of query languages.
type languages uint8

const (
	onlyJSONPath languages = 1 << iota
	onlyJSONata
	anyLanguage = onlyJSONPath | onlyJSONata
)

func (l languages) has(q QueryLanguage) bool {
	if q == JSONata {
		return l&onlyJSONata != 0
	}
	return l&onlyJSONPath != 0
}

// table lists fields: those of both languages, of JSONPath, of JSONata.
func table(both, path, jsonata []string) fieldTable {
	t := fieldTable{"Comment": anyLanguage}
	for _, name := range both {
		t[name] = anyLanguage
	}
	for _, name := range path {
		t[name] = onlyJSONPath
	}
	for _, name := range jsonata {
		t[name] = onlyJSONata
	}
	return t
}

// check reports the fields that the table does not have. AWS locates them at
// the object.
func (f fields) check(t fieldTable) {
	for name := range f.object.All() {
		allowed, known := t[name]
		at := f.at.fieldOf(name)
		switch {
		case !known:
			f.refuse(at, "Field '"+name+"' is not supported", "remove the field")
		case !f.mixed && !allowed.has(f.lang):
			other := JSONPath
			if f.lang == JSONPath {
				other = JSONata
			}
			f.refuse(at, "The QueryLanguage is set to '"+string(f.lang)+"', but field '"+name+
				"' is only supported for the '"+string(other)+"' QueryLanguage", "remove the field, or set the QueryLanguage")
		}
	}
}

var (
	machineFields   = table([]string{"StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"}, nil, nil)
	branchFields    = table([]string{"StartAt", "States"}, nil, nil)
	processorFields = table([]string{"StartAt", "States", "ProcessorConfig"}, nil, nil)

	processorConfigFields = table([]string{"Mode", "ExecutionType"}, nil, nil)

	retrierFields = table([]string{"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate",
		"MaxDelaySeconds", "JitterStrategy"}, nil, nil)
	catcherFields = table([]string{"ErrorEquals", "Next", "Assign"}, []string{"ResultPath"}, []string{"Output"})

	itemReaderFields   = table([]string{"Resource", "ReaderConfig"}, []string{"Parameters"}, []string{"Arguments"})
	readerConfigFields = table([]string{"InputType", "Transformation", "ManifestType", "CSVDelimiter",
		"CSVHeaderLocation", "CSVHeaders", "ItemsPointer", "MaxItems"}, []string{"MaxItemsPath"}, nil)
	itemBatcherFields = table([]string{"BatchInput", "MaxItemsPerBatch", "MaxInputBytesPerBatch"},
		[]string{"MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"}, nil)
	resultWriterFields = table([]string{"Resource", "WriterConfig"}, []string{"Parameters"}, []string{"Arguments"})
	writerConfigFields = table([]string{"OutputType", "Transformation"}, nil, nil)
)

// stateFields are the fields of each type of state.
var stateFields = map[Type]fieldTable{
	TypePass: stateTable(step, inOut, []string{"Assign"},
		[]string{"ResultPath", "Parameters", "Result"}, []string{"Output"}),
	TypeTask: stateTable(step, inOut,
		[]string{"Assign", "Retry", "Catch", "TimeoutSeconds", "HeartbeatSeconds", "Credentials", "Resource"},
		[]string{"ResultPath", "Parameters", "ResultSelector", "TimeoutSecondsPath", "HeartbeatSecondsPath"},
		[]string{"Arguments", "Output"}),
	TypeChoice: stateTable(nil, inOut, []string{"Assign", "Choices", "Default"}, nil, []string{"Output"}),
	TypeWait: stateTable(step, inOut, []string{"Assign", "Seconds", "Timestamp"},
		[]string{"SecondsPath", "TimestampPath"}, []string{"Output"}),
	TypeSucceed: stateTable(nil, inOut, nil, nil, []string{"Output"}),
	TypeFail:    stateTable(nil, nil, []string{"Error", "Cause"}, []string{"ErrorPath", "CausePath"}, nil),
	TypeParallel: stateTable(step, inOut, []string{"Assign", "Retry", "Catch", "Branches"},
		[]string{"ResultPath", "Parameters", "ResultSelector"}, []string{"Arguments", "Output"}),
	TypeMap: stateTable(step, inOut,
		[]string{"Assign", "Retry", "Catch", "ItemProcessor", "Iterator", "ItemSelector", "MaxConcurrency", "Label",
			"ToleratedFailureCount", "ToleratedFailurePercentage", "ItemReader", "ItemBatcher", "ResultWriter"},
		[]string{"ResultPath", "Parameters", "ResultSelector", "ItemsPath", "MaxConcurrencyPath",
			"ToleratedFailureCountPath", "ToleratedFailurePercentagePath"},
		[]string{"Items", "Output"}),
}

var (
	step  = []string{"Next", "End"}
	inOut = []string{"InputPath", "OutputPath"}
)

// stateTable adds the fields that many types share to those of one.
func stateTable(next, inOut, both, path, jsonata []string) fieldTable {
	t := table(both, path, jsonata)
	for _, name := range append([]string{"Type", "QueryLanguage"}, next...) {
		t[name] = anyLanguage
	}
	for _, name := range inOut {
		t[name] = onlyJSONPath
	}
	return t
}
