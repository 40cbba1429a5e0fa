package awsmodel

// Service is an entry of responses.zip, in JSON. Its name is that of the service
// in the SDKs (their serviceId) in lower case, letters and digits only.
type Service struct {
	// Operations have the position of their response in Shapes, -1 for none.
	Operations map[string]int `json:"o"`
	Shapes     []Shape        `json:"s"`
}

// Type is the type of a shape.
type Type string

// The types.
const (
	Structure Type = "s"
	List      Type = "l"
	Map       Type = "m"
	Text      Type = "t" // strings, timestamps and blobs
	Number    Type = "n"
	Boolean   Type = "b"
	Anything  Type = "a" // documents
)

// Shape is what a value has to be.
type Shape struct {
	Type Type `json:"t"`
	// Min and Max bound numbers, and the length of texts, lists and maps.
	Min *float64 `json:"a,omitempty"`
	Max *float64 `json:"z,omitempty"`
	// Enum are the texts that are allowed, all if there are none.
	Enum []string `json:"e,omitempty"`
	// Members of a structure: positions in Service.Shapes by name. Names begin
	// with a capital letter, as Step Functions writes them.
	Members map[string]int `json:"m,omitempty"`
	// Required members of a structure.
	Required []string `json:"r,omitempty"`
	// Of is the shape of the items of a list or the values of a map.
	Of int `json:"i,omitempty"`
}
