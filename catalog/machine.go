package catalog

import (
	"time"

	"github.com/fermata-dev/fermata/executionlog"
)

// Type of a state machine. It never changes.
type Type string

// The types.
const (
	Standard Type = "STANDARD"
	Express  Type = "EXPRESS"
)

// Status of a state machine.
type Status string

// The statuses.
const (
	Active   Status = "ACTIVE"
	Deleting Status = "DELETING"
)

// Machine is a state machine.
type Machine struct {
	ID       uint64    `json:"id"`
	Name     string    `json:"name"`
	Type     Type      `json:"type"`
	Status   Status    `json:"status"`
	Created  time.Time `json:"created"`
	Revision uint64    `json:"revision"` // id of the current revision
	Tags     []Tag     `json:"tags,omitempty"`
	// Logs: there is a revision whose executions are logged.
	Logs bool `json:"logs,omitempty"`

	// Publish says whether the machine was created with version 1, and
	// VersionDescription how that is described, whenever it was published: a
	// repetition of the call that created the machine says the same.
	Publish            bool   `json:"publish,omitempty"`
	VersionDescription string `json:"versionDescription,omitempty"`
	// LastVersion is the highest version number that was ever given, Published
	// the version that the current revision has, 0 for none.
	LastVersion uint64 `json:"lastVersion,omitempty"`
	Published   uint64 `json:"published,omitempty"`
	// Versions and Aliases say how many there are.
	Versions int `json:"versions,omitempty"`
	Aliases  int `json:"aliases,omitempty"`
}

// format: those who do not know versions must not rewrite a machine that has
// had any.
func (m *Machine) format() byte {
	if m.LastVersion > 0 {
		return formatVersions
	}
	return formatFirst
}

// Revision is one state of what a machine does. It never changes.
type Revision struct {
	ID          uint64 `json:"id"`
	Machine     uint64 `json:"machine"`
	MachineName string `json:"machineName"`
	MachineType Type   `json:"machineType"`
	// UUID is the revision id that the API shows; empty for the revision that a
	// machine was created with.
	UUID       string    `json:"uuid,omitempty"`
	Created    time.Time `json:"created"`
	Definition string    `json:"definition"` // as the caller wrote it
	Settings
}

// Settings are what a machine has beside its definition.
type Settings struct {
	RoleARN    string     `json:"roleArn"`
	Logging    Logging    `json:"logging"`
	Tracing    Tracing    `json:"tracing"`
	Encryption Encryption `json:"encryption"`
}

// Logging says what is logged of the executions. Package catalog/logging sees to
// it; nothing is sent to CloudWatch.
type Logging struct {
	Level                executionlog.Level `json:"level,omitempty"` // empty means OFF
	IncludeExecutionData bool               `json:"includeExecutionData,omitempty"`
	// Destinations are the ARNs of log groups; nil is not the same as none given.
	Destinations []string `json:"destinations,omitzero"`
}

// Tracing says whether executions are traced.
type Tracing struct {
	Enabled bool `json:"enabled,omitempty"`
}

// The types of encryption.
const (
	OwnKey      = "AWS_OWNED_KEY"
	CustomerKey = "CUSTOMER_MANAGED_KMS_KEY"
)

// Encryption is the encryption configuration as it was given; its zero value
// says that none was. Nothing is encrypted: keys of a customer are refused unless
// Config.IgnoreKMS is set.
type Encryption struct {
	Type         string `json:"type,omitempty"`
	KeyID        string `json:"keyId,omitempty"`
	ReuseSeconds int    `json:"reuseSeconds,omitempty"`
}

// Activity is a queue that workers of the user's poll.
type Activity struct {
	Name       string     `json:"name"`
	Created    time.Time  `json:"created"`
	Encryption Encryption `json:"encryption"`
	Tags       []Tag      `json:"tags,omitempty"`
}

// Tag is a label of a machine or an activity.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}
