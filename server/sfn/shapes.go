package sfn

import (
	"regexp"
)

// kind is the type of a member.
type kind uint8

const (
	text kind = iota
	integer
	long
	boolean
	decimal
	list
	structure
)

// shape is what the service model says of a value. Limits count characters of a
// text, items of a list, or bound an integer; a max of 0 is none.
type shape struct {
	kind     kind
	min, max int
	pattern  *regexp.Regexp
	written  string   // the pattern as error messages write it
	enum     []string // in the order in which error messages list it
	secret   bool     // error messages do not show the value
	payload  bool     // the limit is Limits.PayloadBytes
	item     *shape   // of a list
	members  []member // of a structure
	checked  []member // the same, in the order in which they are checked
	name     string   // of a structure, as error messages write it
}

// member of a structure.
type member struct {
	name     string
	required bool
	shape    *shape
}

func required(name string, s *shape) member { return member{name, true, s} }
func optional(name string, s *shape) member { return member{name, false, s} }

// members makes the shape of a request.
func members(m ...member) *shape { return structured("", m...) }

// structured makes the shape of a structure that error messages call by that name.
func structured(name string, m ...member) *shape {
	return &shape{kind: structure, name: name, members: m, checked: asChecked(m)}
}

// aliasName says without looking ahead what its written form says: not all
// digits.
var aliasName = regexp.MustCompile(`^[a-zA-Z0-9_.-]*[a-zA-Z_.-][a-zA-Z0-9_.-]*$`)

// The shapes that operations share (reference 12, 13).
var (
	anARN        = &shape{min: 1, max: 256}
	aLongARN     = &shape{min: 1, max: 2000}
	aName        = &shape{min: 1, max: 80}
	aDefinition  = &shape{min: 1, max: 1 << 20, secret: true}
	aDocument    = &shape{payload: true, secret: true}
	anErrorName  = &shape{max: 256, secret: true}
	aCause       = &shape{max: 32768, secret: true}
	aDescription = &shape{max: 256, secret: true}
	aRevision    = &shape{}
	aToken       = &shape{min: 1, max: 2048}
	aPageToken   = &shape{min: 1, max: 1024}
	aLongToken   = &shape{min: 1, max: 3096}
	aPageSize    = &shape{kind: integer, max: 1000}
	aSmallPage   = &shape{kind: integer, max: 100}
	aCount       = &shape{kind: integer}
	aLongCount   = &shape{kind: long}
	aShare       = &shape{kind: decimal, max: 100}
	aFlag        = &shape{kind: boolean}
	anAliasName  = &shape{min: 1, max: 80, pattern: aliasName, written: `^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`}
	aTrace       = &shape{max: 256, pattern: regexp.MustCompile(`^[\x00-\x7f]*$`), written: `\p{ASCII}*`}

	aClientToken = &shape{min: 1, max: 64, pattern: regexp.MustCompile(`^[!-~]+$`), written: `[!-~]+`}

	aType            = oneOf("EXPRESS", "STANDARD")
	aStatus          = oneOf("SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING")
	aRedriveFilter   = oneOf("NOT_REDRIVEN", "REDRIVEN")
	anIncludedData   = oneOf("ALL_DATA", "METADATA_ONLY")
	aSeverity        = oneOf("ERROR", "WARNING")
	aLogLevel        = oneOf("ALL", "FATAL", "ERROR", "OFF")
	anEncryptionType = oneOf("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY")

	aValidationMode   = oneOf("STRICT", "NONE", "PRESENT")
	anInspectionLevel = oneOf("TRACE", "INFO", "DEBUG")
	aStateName        = &shape{min: 1, max: 80, secret: true}
	aMock             = structured("MockInput",
		optional("result", aDocument),
		optional("errorOutput", structured("MockErrorOutput",
			optional("error", anErrorName),
			optional("cause", aCause),
		)),
		optional("fieldValidationMode", aValidationMode),
	)
	aStateConfiguration = structured("TestStateConfiguration",
		optional("retrierRetryCount", aCount),
		optional("errorCausedByState", aStateName),
		optional("mapIterationFailureCount", aCount),
		optional("mapItemReaderData", aDocument),
	)

	aTag = structured("Tag",
		required("key", &shape{min: 1, max: 128}),
		optional("value", &shape{max: 256}),
	)
	tags    = &shape{kind: list, item: aTag}
	tagKeys = &shape{kind: list, item: &shape{min: 1, max: 128}}

	aLogDestination = structured("LogDestination",
		optional("cloudWatchLogsLogGroup", structured("CloudWatchLogsLogGroup",
			optional("logGroupArn", &shape{min: 1, max: 256}),
		)),
	)
	logging = structured("LoggingConfiguration",
		optional("level", aLogLevel),
		optional("includeExecutionData", aFlag),
		optional("destinations", &shape{kind: list, item: aLogDestination}),
	)
	tracing = structured("TracingConfiguration",
		optional("enabled", aFlag),
	)
	routing = &shape{kind: list, min: 1, max: 2, item: structured("RoutingConfigurationListItem",
		required("stateMachineVersionArn", anARN),
		required("weight", &shape{kind: integer, max: 100}),
	)}
	encryption = structured("EncryptionConfiguration",
		required("type", anEncryptionType),
		optional("kmsKeyId", &shape{min: 1, max: 2048}),
		optional("kmsDataKeyReusePeriodSeconds", &shape{kind: integer, min: 60, max: 900}),
	)
)
