package awsmodel

import (
	_ "embed"
	"iter"
	"strconv"
	"strings"
)

//go:embed requests.zip
var requestsZip []byte

var requests = archive{data: requestsZip}

// API is what the operations of a service take: an entry of requests.zip. An entry
// is a text that is taken apart where it is asked, so that a service with 700
// operations costs no more than one with a few:
//
//	DeleteQueue 5        an operation and the line of its shape, one a line
//	SendMessage 6
//	                     an empty line
//	t                    shapes, counted from 0: the types of Plain,
//	n
//	b
//	a
//	s                    the structure of an operation that takes nothing,
//	s QueueUrl!:0        structures: each member with its line, ! if required,
//	l 0                  lists and
//	m 0                  maps, with the line of what they hold
type API struct {
	operations []string
	shapes     []string
}

// Plain are the types that have no parts. They are the first lines of an entry.
var Plain = []Type{Text, Number, Boolean, Anything}

// apis that were read, by the name of their entry.
var apis cache[*API]

// Requests is what the operations of a service take, nil if there is no model of
// it. The name is that of Response; a "service" at its end may be left out, as the
// SDK for Java does. An error means that the embedded models are damaged.
func Requests(service string) (*API, error) {
	for _, name := range []string{service, service + "service"} {
		a, err := apis.get(name, readAPI)
		if a != nil || err != nil {
			return a, err
		}
	}
	return nil, nil
}

func readAPI(name string) (*API, error) {
	text, err := requests.read(name)
	if text == nil || err != nil {
		return nil, err
	}
	operations, shapes, _ := strings.Cut(string(text), "\n\n")
	return &API{operations: strings.Split(operations, "\n"), shapes: strings.Split(shapes, "\n")}, nil
}

// Input is what an operation takes, false if there is no such operation. Its first
// letter may be small, as Step Functions writes it.
func (a *API) Input(operation string) (Input, bool) {
	for _, line := range a.operations {
		name, at, _ := strings.Cut(line, " ")
		if name != "" && strings.EqualFold(name, operation) && name[1:] == operation[1:] {
			return a.input(at), true
		}
	}
	return Input{}, false
}

// Operations are the names of the operations, as the API has them.
func (a *API) Operations() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range a.operations {
			name, _, _ := strings.Cut(line, " ")
			if !yield(name) {
				return
			}
		}
	}
}

// input is the shape at a line. Lines that are none do not occur in an entry.
func (a *API) input(line string) Input {
	at, _ := strconv.Atoi(line)
	return Input{api: a, line: a.shapes[at]}
}

// Input is what an operation, or a part of what it takes, has to be.
type Input struct {
	api  *API
	line string
}

// Type is the type of the value.
func (i Input) Type() Type { return Type(i.line[:1]) }

// Of is what the items of a list or the values of a map have to be.
func (i Input) Of() Input { return i.api.input(i.line[2:]) }

// Member is a member of a structure.
type Member struct {
	// Name begins with a capital letter, as Step Functions writes it.
	Name     string
	Required bool
	Input    Input
}

// Members are the members of a structure.
func (i Input) Members() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for part := range strings.FieldsSeq(i.line[1:]) {
			name, at, _ := strings.Cut(part, ":")
			name, required := strings.CutSuffix(name, "!")
			if !yield(Member{Name: name, Required: required, Input: i.api.input(at)}) {
				return
			}
		}
	}
}

// Member is the member that Step Functions calls so. It takes the names from the
// SDK for Java, which writes DBInstanceIdentifier as DbInstanceIdentifier, and
// static, a word of its own, as StaticValue: the case of letters counts for the
// first one only, which is a capital, and a "Value" may stand at the end.
func (i Input) Member(name string) (Member, bool) {
	if name == "" || name[0] >= 'a' && name[0] <= 'z' {
		return Member{}, false
	}
	if m, ok := i.Like(name); ok {
		return m, true
	}
	if plain, ok := strings.CutSuffix(name, "Value"); ok {
		return i.Like(plain)
	}
	return Member{}, false
}

// Like is the member of that name, whatever the case of letters and the
// underscores, which a few names have and Java's have not.
func (i Input) Like(name string) (Member, bool) {
	for m := range i.Members() {
		if strings.EqualFold(m.Name, name) || strings.Contains(m.Name, "_") && strings.EqualFold(unscored(m.Name), unscored(name)) {
			return m, true
		}
	}
	return Member{}, false
}

func unscored(name string) string { return strings.ReplaceAll(name, "_", "") }
