package definition

import "github.com/fermata-dev/fermata/expr/value"

// pass reads the fields of a Pass state.
func (f fields) pass() *Pass {
	p := &Pass{}
	if f.lang == JSONPath {
		p.Result, _ = f.object.Get("Result")
		p.HasResult = p.Result != nil
	}
	if p.HasResult {
		f.lintStatic(p.Result, f.at.field("Result"))
		p.Result = constants(p.Result)
	}
	return p
}

// wait reads the fields of a Wait state.
func (f fields) wait() *Wait {
	w := &Wait{}
	if f.lang == JSONata {
		f.exactlyOne("Seconds", "Timestamp")
	} else {
		f.exactlyOne("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
	}
	w.Seconds = f.amount("Seconds", upTo99Million(0), anyRoot)
	w.Timestamp = f.textOrExpression("Timestamp")
	if c, ok := w.Timestamp.(*Constant); ok {
		if _, ok := ParseTimestamp(c.Value.(string)); !ok {
			f.refuseValue(f.at.field("Timestamp"), c.Value, "String does not match RFC3339 timestamp",
				"write date, T, time and zone: 2016-03-14T01:59:00Z")
		}
	}
	if w.Timestamp == nil {
		w.Timestamp = f.pathField("TimestampPath", anyRoot)
	}
	return w
}

// fail reads the fields of a Fail state.
func (f fields) fail() *Fail {
	f.exclusive("Error", "ErrorPath")
	f.exclusive("Cause", "CausePath")
	return &Fail{Error: f.failText("Error"), Cause: f.failText("Cause")}
}

// failText reads Error or Cause, or its path form.
func (f fields) failText(name string) Template {
	if t := f.textOrExpression(name); t != nil {
		return t
	}
	return f.pathOrCall(name + "Path")
}

// task reads the fields of a Task state.
func (f fields) task(express bool) *Task {
	t := &Task{}
	f.require("Resource")
	t.Resource = f.taskResource(express)
	f.exclusive("TimeoutSeconds", "TimeoutSecondsPath")
	f.exclusive("HeartbeatSeconds", "HeartbeatSecondsPath")
	t.TimeoutSeconds = f.amount("TimeoutSeconds", upTo99Million(1), anyRoot)
	t.HeartbeatSeconds = f.amount("HeartbeatSeconds", upTo99Million(1), anyRoot)
	timeout, okTimeout := constantInt(t.TimeoutSeconds)
	heartbeat, okHeartbeat := constantInt(t.HeartbeatSeconds)
	if okTimeout && okHeartbeat && heartbeat >= timeout {
		f.refuse(f.at.field("HeartbeatSeconds"), "The value of 'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'", "a heartbeat is missed before the time is over")
	}
	t.RoleARN = f.credentials()
	if t.RoleARN != nil && t.Resource.Family == FamilyActivity {
		f.refuse(f.at.field("Credentials"), "The field 'Credentials' is not supported for activities", "a worker has credentials of its own; remove the field")
	}
	f.integrationArguments(t.Resource)
	return t
}

// textOnly reports an object or array of which parts are computed: it cannot become
// a text.
func (f fields) textOnly(t Template, at place) {
	switch t.(type) {
	case *Object:
		f.expectTypeLater(at, "String", value.NewObject(0))
	case *Array:
		f.expectTypeLater(at, "String", []any{})
	}
}

// credentials reads RoleArn out of Credentials.
func (f fields) credentials() Template {
	v, ok := f.object.Get("Credentials")
	if !ok {
		return nil
	}
	at := f.at.field("Credentials")
	if _, ok := f.fieldsOf(v, at, f.lang); !ok {
		return nil
	}
	switch c := f.template("Credentials").(type) {
	case *Constant:
		if role, ok := memberOf(c.Value, "RoleArn"); ok {
			if _, isText := role.(string); !isText {
				f.expectType(at.field("RoleArn"), "String", role)
			}
			return &Constant{Value: role}
		}
	case *Object:
		for _, m := range c.Members {
			if m.Name == "RoleArn" {
				f.textOnly(m.Value, at.field("RoleArn"))
				return m.Value
			}
		}
	}
	f.refuse(at, "The field 'RoleArn' is required but was missing", "name the role to assume for the call")
	return nil
}
