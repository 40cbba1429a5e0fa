package catalog

import (
	"regexp"
	"slices"

	"github.com/fermata-dev/fermata/executionlog"
)

// logGroup is the form of the ARN of a log group that executions log to.
var logGroup = regexp.MustCompile(`^arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+:\*$`)

// check refuses settings that a machine must not have.
func (s *Settings) check() error {
	if err := s.Logging.check(); err != nil {
		return err
	}
	return s.Encryption.check()
}

// check: a level other than OFF needs exactly one destination (recorded); more
// than one is wrong at any level.
func (l *Logging) check() error {
	if n := len(l.Destinations); n > 1 || l.Level.On() && n != 1 {
		return badLogging("Must specify exactly one Log Destination.")
	}
	for _, arn := range l.Destinations {
		if !logGroup.MatchString(arn) {
			return badLogging("Log Destination must be the ARN of a log group, with ':*' at its end.")
		}
	}
	return nil
}

func badLogging(why string) error {
	return &Error{Code: InvalidLoggingConfiguration, Message: "Invalid Logging Configuration: " + why}
}

func (e *Encryption) check() error {
	switch {
	case e.Type == "CUSTOMER_MANAGED_KMS_KEY":
		return badEncryption("Fermata has no access to keys in AWS KMS. Use the type AWS_OWNED_KEY.")
	case e.KeyID != "" || e.ReuseSeconds != 0:
		return badEncryption("kmsKeyId and kmsDataKeyReusePeriodSeconds need the type CUSTOMER_MANAGED_KMS_KEY.")
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
func (e Encryption) same(o Encryption) bool {
	if e.Type == "" {
		e.Type = "AWS_OWNED_KEY"
	}
	if o.Type == "" {
		o.Type = "AWS_OWNED_KEY"
	}
	return e == o
}
