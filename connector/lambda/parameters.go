package lambda

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// Parameters of lambda:invoke, as the optimised integration takes them.
type parameters struct {
	function, qualifier, clientContext string
	invocation, logType                string
	payload                            []byte
}

// readInvoke makes the request of a call of the action "invoke".
func readInvoke(call *connector.Call) (*Request, error) {
	v, err := value.Parse(call.Payload)
	if err != nil {
		return nil, refuse(call.Payload, []string{"The parameters are not valid JSON: " + err.Error()})
	}
	p, problems := readParameters(v)
	if len(problems) > 0 {
		return nil, refuse(call.Payload, problems)
	}
	r := &Request{
		Function:      p.function,
		Name:          ParseName(p.function),
		Payload:       p.payload,
		Type:          Type(p.invocation),
		LogTail:       p.logType == "Tail",
		ClientContext: p.clientContext,
		Call:          call,
	}
	if r.Type == "" {
		r.Type = Wait
	}
	if r.Name.Qualifier == "" {
		r.Name.Qualifier = p.qualifier
	}
	return r, nil
}

// readParameters reads the Parameters of lambda:invoke, and lists what is wrong
// with them in the words that a States.Runtime error has between its brackets.
func readParameters(v any) (p parameters, problems []string) {
	o, ok := v.(*value.Object)
	if !ok {
		return p, []string{"The Parameters must be a JSON object"}
	}
	for key, member := range o.All() {
		switch key {
		case "Payload":
			p.payload = payloadOf(member)
		case "FunctionName":
			problems = text(&p.function, key, member, problems)
		case "Qualifier":
			problems = text(&p.qualifier, key, member, problems)
		case "ClientContext":
			problems = text(&p.clientContext, key, member, problems)
		case "InvocationType":
			problems = text(&p.invocation, key, member, problems, "", string(Wait), string(Event), string(DryRun))
		case "LogType":
			problems = text(&p.logType, key, member, problems, "", "None", "Tail")
		default:
			problems = append(problems, fmt.Sprintf("The field \"%s\" is not supported by Step Functions", key))
		}
	}
	if _, given := o.Get("FunctionName"); !given || (p.function == "" && len(problems) == 0) {
		problems = append(problems, "The field 'FunctionName' is required but was missing")
	}
	return p, problems
}

// payloadOf is what the function is sent. A string is the text of the event
// itself, and null is no event at all (both recorded).
func payloadOf(v any) []byte {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []byte(v)
	}
	return value.Append(nil, v)
}

// text reads a member that must be a string, one of allowed if there are any;
// null counts as absent.
func text(dst *string, key string, v any, problems []string, allowed ...string) []string {
	if v == nil {
		return problems
	}
	s, ok := v.(string)
	if !ok || (len(allowed) > 0 && !slices.Contains(allowed, s)) {
		return append(problems, fmt.Sprintf("The value of the field '%s' has an invalid format", key))
	}
	*dst = s
	return problems
}

// refuse is the failure of a task whose parameters make no call.
func refuse(parameters []byte, problems []string) *connector.Error {
	return &connector.Error{
		Name: "States.Runtime",
		Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]",
			parameters, strings.Join(problems, ", ")),
	}
}
