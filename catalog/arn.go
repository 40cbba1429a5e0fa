package catalog

import (
	"strconv"
	"strings"
)

// Place says in whose name ARNs are made. The zero value is not usable; see
// Config.
type Place struct{ Partition, Region, Account string }

// The resource types of ARNs.
const (
	machineType   = "stateMachine"
	activityType  = "activity"
	executionType = "execution"
	expressType   = "express"
	mapRunType    = "mapRun"
)

func (p Place) arn(kind string, parts ...string) string {
	return "arn:" + p.Partition + ":states:" + p.Region + ":" + p.Account + ":" + kind + ":" + strings.Join(parts, ":")
}

// Machine is the ARN of a state machine, without a version or alias.
func (p Place) Machine(name string) string { return p.arn(machineType, name) }

// Version is the ARN of a version of a state machine.
func (p Place) Version(machine string, number uint64) string {
	return p.arn(machineType, machine, strconv.FormatUint(number, 10))
}

// Alias is the ARN of an alias of a state machine.
func (p Place) Alias(machine, alias string) string { return p.arn(machineType, machine, alias) }

// Activity is the ARN of an activity.
func (p Place) Activity(name string) string { return p.arn(activityType, name) }

// Execution is the ARN of an execution of a machine of that type. The name of
// an Express execution is ExpressName's.
func (p Place) Execution(t Type, machine, name string) string {
	if t == Express {
		return p.arn(expressType, machine, name)
	}
	return p.arn(executionType, machine, name)
}

// MapRun is the ARN of a map run of a part of a machine ("machine/label").
func (p Place) MapRun(part, name string) string { return p.arn(mapRunType, part, name) }

// ParseMapRun takes the ARN of a map run apart: Rest is the part of the machine
// ("machine/label") and the name of the map run.
func ParseMapRun(text string) (ARN, error) {
	a, err := ParseARN(text, mapRunType)
	if err == nil && (len(a.Rest) != 2 || a.Rest[1] == "" || a.Label() == "") {
		return ARN{}, BadARN("Invalid ARN: " + text)
	}
	return a, err
}

// MachineName is the name of the machine, without the label of a part of it.
func (a ARN) MachineName() string {
	name, _, _ := strings.Cut(a.Rest[0], "/")
	return name
}

// ExpressName is what the engine knows an Express execution by: names need not
// be unique for them, so that a UUID follows.
func ExpressName(name, uuid string) string { return name + ":" + uuid }

// ARN is a well-formed ARN of Step Functions.
type ARN struct {
	Text string
	Place
	Kind string // "stateMachine", "execution", …
	// Rest are the parts that follow: the name of the machine and so on.
	Rest []string
}

// ParseARN takes an ARN apart. Kinds are the resource types that are right in
// this context. The error is an *Error with code InvalidArn.
func ParseARN(text string, kinds ...string) (ARN, error) {
	parts := strings.SplitN(text, ":", 8)
	if len(parts) < 2 || parts[0] != "arn" {
		return ARN{}, BadARN("Invalid ARN prefix: " + text)
	}
	if len(parts) < 7 || parts[1] == "" || parts[2] != "states" {
		return ARN{}, BadARN("Invalid ARN: " + text)
	}
	a := ARN{Text: text, Place: Place{Partition: parts[1], Region: parts[3], Account: parts[4]}, Kind: parts[5], Rest: parts[6:]}
	for _, kind := range kinds {
		if a.Kind == kind {
			return a.checkName()
		}
	}
	return ARN{}, BadARN("Resource type not valid in this context: " + a.Kind)
}

func (a ARN) checkName() (ARN, error) {
	if a.Rest[0] == "" || a.Kind == machineType && a.Name() == "" {
		return ARN{}, BadARN("Resource name is missing: " + a.Text)
	}
	return a, nil
}

// ParseMachine takes the ARN of a state machine apart.
func ParseMachine(text string) (ARN, error) { return ParseARN(text, machineType) }

// ParseActivity takes the ARN of an activity apart.
func ParseActivity(text string) (ARN, error) { return ParseARN(text, activityType) }

// ParseExecution takes the ARN of a Standard execution apart: Rest is the name
// of the machine and the name of the execution.
func ParseExecution(text string) (ARN, error) {
	a, err := ParseARN(text, executionType)
	if err == nil && (len(a.Rest) != 2 || a.Rest[1] == "") {
		return ARN{}, BadARN("Execution name is missing: " + text)
	}
	return a, err
}

// ParseTagged takes the ARN of something that has tags apart.
func ParseTagged(text string) (ARN, error) { return ParseARN(text, machineType, activityType) }

// Name is the last part: of a machine, an activity or an execution.
func (a ARN) Name() string { return a.Rest[len(a.Rest)-1] }

// Qualified reports whether it names a version, an alias or a labelled part of
// a machine rather than the machine itself.
func (a ARN) Qualified() bool { return len(a.Rest) > 1 || strings.Contains(a.Rest[0], "/") }

// VersionNumber is the number of the version that the ARN of a machine names.
func (a ARN) VersionNumber() (uint64, bool) {
	if len(a.Rest) != 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(a.Rest[1], 10, 64)
	return n, err == nil && strconv.FormatUint(n, 10) == a.Rest[1]
}

// AliasName is the alias that the ARN of a machine names, empty for none.
func (a ARN) AliasName() string {
	if _, version := a.VersionNumber(); version || len(a.Rest) != 2 {
		return ""
	}
	return a.Rest[1]
}

// Label is the label of the state that the ARN of a machine names, empty for
// none: what a distributed Map runs has such an ARN.
func (a ARN) Label() string {
	_, label, _ := strings.Cut(a.Rest[0], "/")
	return label
}

// ParseExpress takes the ARN of an Express execution apart: Rest is the name of
// the machine and the two parts of [ExpressName].
func ParseExpress(text string) (ARN, error) {
	a, err := ParseARN(text, expressType)
	if err == nil && len(a.Rest) == 2 {
		name, uuid, ok := strings.Cut(a.Rest[1], ":")
		if !ok {
			return ARN{}, BadARN("Execution name is missing: " + text)
		}
		a.Rest = []string{a.Rest[0], name, uuid}
	}
	if err == nil && len(a.Rest) != 3 {
		return ARN{}, BadARN("Execution name is missing: " + text)
	}
	return a, err
}
