package definition

// Pass hands its input on, or a fixed result.
type Pass struct {
	// Result is the fixed result (JSONPath only), valid if HasResult: a
	// Result of null is the same as none (recorded).
	Result    any
	HasResult bool
}

// Task calls something outside of the machine.
type Task struct {
	Resource Resource
	// TimeoutSeconds and HeartbeatSeconds are nil if not set. A constant is
	// an integer in 1 … 99,999,999; otherwise it is a path (from the field
	// TimeoutSecondsPath, HeartbeatSecondsPath) or a JSONata expression.
	TimeoutSeconds   Template
	HeartbeatSeconds Template
	// RoleARN is the role of Credentials, nil without Credentials.
	RoleARN Template
}

// Wait delays. Exactly one of the two is set.
type Wait struct {
	// Seconds is a constant integer ≥ 0, a path (SecondsPath), or a JSONata
	// expression.
	Seconds Template
	// Timestamp is a constant RFC 3339 string, a path (TimestampPath), or a
	// JSONata expression.
	Timestamp Template
}

// Succeed ends its scope with success.
type Succeed struct{}

// Fail ends its scope with an error.
type Fail struct {
	// Error and Cause are nil if not given; otherwise a constant string, a
	// path or intrinsic call (ErrorPath, CausePath), or JSONata.
	Error Template
	Cause Template
}

// Parallel runs its branches at the same time, all on the same input.
type Parallel struct {
	// Branches has at least one element.
	Branches []*Scope
}

// MapMode is the Mode of a ProcessorConfig.
type MapMode string

// The modes of a Map state.
const (
	MapInline      MapMode = "INLINE"
	MapDistributed MapMode = "DISTRIBUTED"
)

// Map runs its processor once for each item.
type Map struct {
	Mode MapMode
	// ExecutionType is "STANDARD" or "EXPRESS" for MapDistributed and ""
	// otherwise.
	ExecutionType string
	Processor     *Scope
	// Items are what to go over: a path (ItemsPath), or a JSONata template
	// (Items); nil means the state's effective input.
	Items Template
	// ItemSelector shapes the input of an iteration (also from the older
	// field Parameters); nil means the item as it is.
	ItemSelector Template
	// The limits are nil if not set; each is a constant number, a path (from
	// the field of the same name with the suffix Path), or JSONata.
	MaxConcurrency             Template
	ToleratedFailureCount      Template
	ToleratedFailurePercentage Template
	// Label names the map run, "" if not given.
	Label string
	// The following three are nil if not given.
	Reader  *ItemReader
	Batcher *ItemBatcher
	Writer  *ResultWriter
}

// ItemReader reads the items of a distributed Map from elsewhere.
type ItemReader struct {
	Resource Resource
	// Arguments are the Parameters (JSONPath) or Arguments (JSONata) of the
	// call, nil if not given.
	Arguments Template
	// Config is the zero ReaderConfig if not given.
	Config ReaderConfig
}

// ReaderConfig says how to read what ItemReader found. Strings are "" and
// templates nil if not given.
type ReaderConfig struct {
	InputType         string
	Transformation    string
	ManifestType      string
	CSVDelimiter      string
	CSVHeaderLocation string
	CSVHeaders        []string
	ItemsPointer      string
	// MaxItems is a constant integer, a path (MaxItemsPath) or JSONata.
	MaxItems Template
}

// ItemBatcher groups items. At least one of the two limits is set; each is a
// constant integer, a path (…Path) or JSONata.
type ItemBatcher struct {
	MaxItemsPerBatch      Template
	MaxInputBytesPerBatch Template
	// BatchInput is added to each batch, nil if not given.
	BatchInput Template
}

// ResultWriter writes the results of a distributed Map to elsewhere.
type ResultWriter struct {
	// Resource is nil if only the form of the result is configured.
	Resource  *Resource
	Arguments Template
	// OutputType ("JSON", "JSONL") and Transformation ("NONE", "COMPACT",
	// "FLATTEN") are "" if not given.
	OutputType     string
	Transformation string
}
