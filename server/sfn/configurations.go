package sfn

import (
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/executionlog"
)

// readLogging reads a LoggingConfiguration.
func readLogging(in input) catalog.Logging {
	l := catalog.Logging{Level: executionlog.Level(in.text("level")), IncludeExecutionData: in.flag("includeExecutionData")}
	if in.has("destinations") {
		l.Destinations = []string{}
	}
	for i := range in.list("destinations") {
		group := in.element("destinations", i).structure("cloudWatchLogsLogGroup")
		l.Destinations = append(l.Destinations, group.text("logGroupArn"))
	}
	return l
}

func readTracing(in input) catalog.Tracing { return catalog.Tracing{Enabled: in.flag("enabled")} }

func readEncryption(in input) catalog.Encryption {
	return catalog.Encryption{
		Type:         in.text("type"),
		KeyID:        in.text("kmsKeyId"),
		ReuseSeconds: in.integer("kmsDataKeyReusePeriodSeconds", 0),
	}
}

func readTags(in input) []catalog.Tag {
	tags := make([]catalog.Tag, len(in.list("tags")))
	for i := range tags {
		t := in.element("tags", i)
		tags[i] = catalog.Tag{Key: t.text("key"), Value: t.text("value")}
	}
	return tags
}

// settings writes what a state machine has beside its definition. A level and a
// flag that were not given are shown, destinations are not (recorded).
func (o *output) settings(s *catalog.Settings) {
	o.object("loggingConfiguration", func() {
		level := s.Logging.Level
		if level == "" {
			level = "OFF"
		}
		o.text("level", string(level))
		o.flag("includeExecutionData", s.Logging.IncludeExecutionData)
		if s.Logging.Destinations != nil {
			o.destinations(s.Logging.Destinations)
		}
	})
	o.object("tracingConfiguration", func() { o.flag("enabled", s.Tracing.Enabled) })
	o.encryption(s.Encryption)
}

func (o *output) destinations(arns []string) {
	o.array("destinations", func() {
		for _, arn := range arns {
			o.next()
			o.item(func() {
				o.object("cloudWatchLogsLogGroup", func() { o.text("logGroupArn", arn) })
			})
		}
	})
}

// encryption writes an encryption configuration. AWS shows one always, since
// there are customers' keys (recorded from July 2024 on).
func (o *output) encryption(e catalog.Encryption) {
	e = e.Shown()
	o.object("encryptionConfiguration", func() {
		o.text("type", e.Type)
		if e.Type == catalog.CustomerKey {
			o.text("kmsKeyId", e.KeyID)
			o.integer("kmsDataKeyReusePeriodSeconds", int64(e.ReuseSeconds))
		}
	})
}
