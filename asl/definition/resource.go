package definition

// Resource is the parsed Resource of a Task, ItemReader or ResultWriter.
type Resource struct {
	// ARN is the text as written.
	ARN string
	// Family says which history events a Task uses.
	Family Family
	// Service and Action name the integration ("lambda", "invoke"; "sqs",
	// "sendMessage"). For a function ARN they are "lambda" and "function",
	// for an activity ARN "states" and "activity".
	Service string
	Action  string
	// AWSSDK is true for arn:aws:states:::aws-sdk:<service>:<action>.
	AWSSDK bool
	// Pattern is how the task waits for its result.
	Pattern Pattern
	// Region and Account are those of the ARN, often "".
	Region  string
	Account string
	// Name is the part of the ARN that names the function (with version or
	// alias, "f:prod") or the activity, "" for integrations.
	Name string
}

// Family is a group of history events for a task.
type Family uint8

// The families.
const (
	// FamilyTask is for service integrations: TaskScheduled and so on.
	FamilyTask Family = iota
	// FamilyLambda is for a function ARN: LambdaFunctionScheduled.
	FamilyLambda
	// FamilyActivity is for an activity ARN: ActivityScheduled.
	FamilyActivity
)

// Pattern is how a service integration waits.
type Pattern uint8

// The patterns.
const (
	RequestResponse  Pattern = iota
	Sync                     // suffix .sync: until the job is done
	Sync2                    // suffix .sync:2: the same, output parsed
	WaitForTaskToken         // suffix .waitForTaskToken: until called back
)

// Suffix is what the pattern looks like at the end of an ARN.
func (p Pattern) Suffix() string {
	switch p {
	case Sync:
		return ".sync"
	case Sync2:
		return ".sync:2"
	case WaitForTaskToken:
		return ".waitForTaskToken"
	default:
		return ""
	}
}
