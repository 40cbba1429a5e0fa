package catalog

import (
	"regexp"
	"slices"

	"github.com/fermata-dev/fermata/executionlog"
)

// The form of the ARN of a log group that executions log to, and that of one whose
// qualifier was forgotten.
var (
	logGroup    = regexp.MustCompile(`^arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+:\*$`)
	unqualified = regexp.MustCompile(`^arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+:?$`)
)

// check refuses settings that a machine must not have.
func (s *Settings) check(ignoreKMS bool) error {
	if err := s.Logging.check(); err != nil {
		return err
	}
	return s.Encryption.check(ignoreKMS)
}

// check: a level other than OFF needs exactly one destination (recorded); more
// than one is wrong at any level.
func (l *Logging) check() error {
	if n := len(l.Destinations); n > 1 || l.Level.On() && n != 1 {
		return badLogging("Must specify exactly one Log Destination.")
	}
	for _, arn := range l.Destinations {
		switch {
		case unqualified.MatchString(arn):
			return badLogging("Log Group ARN must be provided with '*' qualifier.")
		case !logGroup.MatchString(arn):
			return badLogging("Log Destination must be the ARN of a log group, with ':*' at its end.")
		}
	}
	return nil
}

func badLogging(why string) error {
	return &Error{Code: InvalidLoggingConfiguration, Message: "Invalid Logging Configuration: " + why}
}

// check refuses a customer's key, which nothing is encrypted with, unless keys
// are ignored.
func (e *Encryption) check(ignoreKMS bool) error {
	switch {
	case e.Type == CustomerKey && e.KeyID == "":
		return badEncryption("Must set a valid kmsKeyId.")
	case e.Type == CustomerKey && !ignoreKMS:
		return badEncryption("Fermata does not encrypt with keys of AWS KMS yet. Use the type AWS_OWNED_KEY, or start the server with --insecure-ignore-kms, which stores the configuration and encrypts nothing.")
	case e.Type == CustomerKey:
		return nil
	case e.KeyID != "":
		return badEncryption("Custom kmsKeyId is not allowed when selecting AWS_OWNED_KEY.")
	case e.ReuseSeconds != 0:
		return badEncryption("Custom kmsDataKeyReusePeriodSeconds is not allowed when selecting AWS_OWNED_KEY.")
	}
	return nil
}

func badEncryption(why string) error {
	return &Error{Code: InvalidEncryptionConfiguration, Message: "Invalid Encryption Configuration: " + why}
}

// same compares what makes a CreateStateMachine call a repetition of an earlier
// one: not the role (reference 13.1).
func (s *Settings) same(o *Settings) bool {
	return s.Logging.same(&o.Logging) && s.Tracing == o.Tracing && s.Encryption.same(o.Encryption)
}

func (l *Logging) same(o *Logging) bool {
	level := func(l *Logging) executionlog.Level {
		if l.Level == "" {
			return executionlog.Off
		}
		return l.Level
	}
	return level(l) == level(o) && l.IncludeExecutionData == o.IncludeExecutionData && slices.Equal(l.Destinations, o.Destinations)
}

// same: no configuration is the same as AWS's own key.
func (e Encryption) same(o Encryption) bool { return e.Shown() == o.Shown() }

// reuseDefault is how long a data key is used again if nobody says.
const reuseDefault = 300

// Shown is the configuration as the API shows it, also where none was given.
func (e Encryption) Shown() Encryption {
	switch {
	case e.Type == "":
		e.Type = OwnKey
	case e.Type == CustomerKey && e.ReuseSeconds == 0:
		e.ReuseSeconds = reuseDefault
	}
	return e
}
