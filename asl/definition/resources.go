package definition

import (
	"strings"
)

// taskResource reads the Resource of a Task.
func (f fields) taskResource(express bool) Resource {
	arn, ok := f.text("Resource")
	if !ok {
		return Resource{}
	}
	at := f.at.field("Resource")
	r, ok := parseResource(arn)
	if !ok || r.onlyInMaps() {
		f.unrecognised(arn, at)
		return Resource{}
	}
	f.knownAPI(r, at)
	if express {
		f.expressResource(r, at)
	}
	if !f.opts.serves(r) {
		f.warn(NoConnector, at, "There is no connector for the service integration '"+r.integration()+"'",
			"AWS has it, but here the task fails when it runs, unless it is mocked")
	}
	return r
}

// unrecognised reports a Resource that is none, or that a Task cannot have.
func (f fields) unrecognised(arn string, at place) {
	const hint = "an ARN such as arn:aws:states:::lambda:invoke, of a function, or of an activity"
	if parts := strings.Split(arn, ":"); len(parts) < 6 || parts[0] != "arn" || parts[2] != "states" {
		f.refuseValue(at, arn, "Value is not a valid resource ARN", hint)
		return
	}
	f.refuseValue(at, arn, notRecognised(arn), hint)
}

// notRecognised is what AWS says of an integration that it does not have.
func notRecognised(arn string) string {
	return "The resource provided " + arn + " is not recognized. The value is not a valid " +
		"resource ARN, or the resource is not available in this region."
}

// onlyInMaps says whether the integration is for readers and writers of a Map.
func (r Resource) onlyInMaps() bool { return r.Service == "s3" && !r.AWSSDK }

const expressHint = "use the request-response pattern, or a state machine of type STANDARD"

// expressResource reports what an EXPRESS workflow cannot wait for. The blank
// before the end of one message is AWS's.
func (f fields) expressResource(r Resource, at place) {
	switch {
	case r.Family == FamilyActivity:
		f.refuse(at, "Express state machine does not support Activity ARN", expressHint)
	case r.Pattern == WaitForTaskToken:
		f.refuse(at, "Express state machine does not support '.waitForTaskToken' service integration ", expressHint)
	case r.Pattern != RequestResponse:
		f.refuse(at, "Express state machine does not support '.sync' service integration", expressHint)
	}
}

// isIntegration says whether the ARN is arn:aws:states:::<service>:<action>.
func (r Resource) isIntegration() bool {
	parts := strings.SplitN(r.ARN, ":", 4)
	return r.Family == FamilyTask && len(parts) == 4 && parts[2] == "states"
}

// integration names service and action for a message.
func (r Resource) integration() string {
	name := r.Service + ":" + r.Action + r.Pattern.Suffix()
	if r.AWSSDK {
		return "aws-sdk:" + name
	}
	return name
}

// parseResource takes an ARN apart. It is false if the text is no ARN of a
// resource that a state can use.
func parseResource(arn string) (Resource, bool) {
	r := Resource{ARN: arn}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[1] == "" || parts[2] == "" || parts[5] == "" {
		return r, false
	}
	r.Region, r.Account = parts[3], parts[4]
	service, rest := parts[2], parts[5]
	if name, ok := strings.CutPrefix(rest, "function:"); ok && service == "lambda" {
		r.Family, r.Service, r.Action, r.Name = FamilyLambda, "lambda", "function", name
		return r, name != ""
	}
	if service != "states" {
		r.Service, r.Action = service, rest
		return r, service != "lambda"
	}
	if name, ok := strings.CutPrefix(rest, "activity:"); ok {
		r.Family, r.Service, r.Action, r.Name = FamilyActivity, "states", "activity", name
		return r, name != ""
	}
	return parseIntegration(r, rest)
}

// parseIntegration reads "service:action.pattern" into r.
func parseIntegration(r Resource, text string) (Resource, bool) {
	text, r.Pattern = cutPattern(text)
	text, r.AWSSDK = strings.CutPrefix(text, "aws-sdk:")
	var ok bool
	r.Service, r.Action, ok = strings.Cut(text, ":")
	if !ok {
		return r, false
	}
	if r.AWSSDK {
		return r, isLowerWord(r.Service) && isCamelWord(r.Action) && r.Pattern != Sync && r.Pattern != Sync2
	}
	return r, integrations[r.Service][r.Action].has(r.Pattern)
}

// cutPattern removes the suffix that tells the pattern.
func cutPattern(text string) (string, Pattern) {
	for _, p := range []Pattern{Sync, Sync2, WaitForTaskToken} {
		if before, ok := strings.CutSuffix(text, p.Suffix()); ok {
			return before, p
		}
	}
	return text, RequestResponse
}

// isLowerWord says whether s is the id of an SDK: "s3", "secretsmanager".
func isLowerWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

// isCamelWord says whether s is an SDK's operation: "getObject".
func isCamelWord(s string) bool {
	return s != "" && s[0] >= 'a' && s[0] <= 'z' && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}
