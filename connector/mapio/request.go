package mapio

import (
	"strings"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/expr/value"
)

// request is a payload, as the three actions have it.
type request struct {
	*value.Object
}

func parseRequest(payload []byte) (request, error) {
	v, err := value.Parse(payload)
	if err != nil {
		return request{}, faultf("The payload is not valid JSON: %v.", err)
	}
	o, ok := v.(*value.Object)
	if !ok {
		return request{}, fault("The payload is not a JSON object.")
	}
	return request{o}, nil
}

// parseAround reads a payload but for one member, whose text it returns: nil if it is
// not there. That text may have megabytes, of which little is to be known.
func parseAround(payload []byte, member string) (r request, text []byte, err error) {
	r = request{value.NewObject(8)}
	wrong := value.Members(payload, func(name string, v []byte) bool {
		if name == member {
			text = v
			return true
		}
		parsed, err := value.Parse(v)
		r.Set(name, parsed)
		return err == nil
	})
	if wrong != nil {
		r, err = parseRequest(payload) // it says what is wrong
	}
	return r, text, err
}

// name says what is read, apart from how much of it.
func (r request) name() string {
	var text []byte
	for _, member := range []string{"Resource", "ReaderConfig", "Parameters"} {
		v, _ := r.Get(member)
		text = append(value.Append(text, v), '\n')
	}
	return string(text)
}

// object is a member that is an object; nil if it is not there.
func (r request) object(name string) (*value.Object, error) {
	v, ok := r.Get(name)
	if !ok || v == nil {
		return nil, nil
	}
	o, ok := v.(*value.Object)
	if !ok {
		return nil, faultf("%s is not a JSON object.", name)
	}
	return o, nil
}

// count is a member that is a whole number; 0 if it is not there.
func (r request) count(name string) (int, error) {
	v, ok := r.Get(name)
	if !ok || v == nil {
		return 0, nil
	}
	n, ok := v.(value.Number)
	if !ok {
		return 0, faultf("%s is not a number.", name)
	}
	i, ok := n.Int64()
	if !ok {
		return 0, faultf("%s is not a whole number.", name)
	}
	return int(i), nil
}

// operation is the last part of the resource: getObject.
func (r request) operation() (string, error) {
	resource := textOf(r.Object, "Resource")
	name := resource[strings.LastIndexByte(resource, ':')+1:]
	if !strings.Contains(resource, ":states:") || !strings.Contains(resource, ":s3:") {
		return "", faultf("The resource '%s' is not of S3: there are arn:aws:states:::s3:getObject and arn:aws:states:::s3:listObjectsV2 to read, arn:aws:states:::s3:putObject to write.", resource)
	}
	return name, nil
}

// parameters are the strings that are needed, and those that may be there.
func (r request) parameters(needed ...string) (*value.Object, error) {
	p, err := r.object("Parameters")
	if err != nil {
		return nil, err
	}
	if p == nil {
		p = value.NewObject(0)
	}
	for name, v := range p.All() {
		if _, ok := v.(string); !ok {
			return nil, faultf("The parameter %s is not a string.", name)
		}
	}
	for _, name := range needed {
		if textOf(p, name) == "" {
			return nil, faultf("The parameter %s is missing.", name)
		}
	}
	return p, nil
}

// ref is the object that the parameters name.
func (r request) ref() (objectstore.Ref, error) {
	p, err := r.parameters("Bucket", "Key")
	if err != nil {
		return objectstore.Ref{}, err
	}
	version := textOf(p, "VersionId")
	if version == "" {
		version = textOf(p, "Version")
	}
	return objectstore.Ref{Bucket: textOf(p, "Bucket"), Key: textOf(p, "Key"), Version: version}, nil
}
