package awsmodel

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

// TestCheck states the rules: what is refused, and in which words.
func TestCheck(t *testing.T) {
	const none = ""
	for _, tc := range []struct {
		service, operation, result string
		strict                     string // the fault when all required members are wanted
		present                    string // and when they are not
	}{
		{"sfn", "StartExecution", `{}`, "Required field 'ExecutionArn' is missing", none},
		{"sfn", "StartExecution", `{"executionArn":"a","startDate":1}`, "Required field 'ExecutionArn' is missing", none},
		{"sfn", "StartExecution", `{"ExecutionArn":"a","StartDate":true}`, "Field 'StartDate' must be a string", "Field 'StartDate' must be a string"},
		{"sfn", "StartExecution", `{"ExecutionArn":"","StartDate":"d"}`, "Field 'ExecutionArn' is smaller than the minimum length", "Field 'ExecutionArn' is smaller than the minimum length"},
		{"kms", "Encrypt", `{"CiphertextBlob":""}`, "Field 'CiphertextBlob' is smaller than the minimum length", "Field 'CiphertextBlob' is smaller than the minimum length"},
		{"kms", "Encrypt", `{"CiphertextBlob":1}`, "Field 'CiphertextBlob' must be a string", "Field 'CiphertextBlob' must be a string"},
		{"lambda", "GetFunction", `{"Configuration":{"MemorySize":127}}`, "Field 'MemorySize' is less than the minimum value", "Field 'MemorySize' is less than the minimum value"},
		{"lambda", "GetFunction", `{"Configuration":{"MemorySize":10241}}`, "Field 'MemorySize' exceeds the maximum value", "Field 'MemorySize' exceeds the maximum value"},
		{"lambda", "GetFunction", `{"Configuration":{"MemorySize":10240}}`, none, none},
		{"lambda", "GetFunction", `{"Configuration":[]}`, "Field 'Configuration' must be an object", "Field 'Configuration' must be an object"},
		{"s3", "GetObject", `{"StorageClass":"Stone"}`, "Field 'StorageClass' is not an expected value", "Field 'StorageClass' is not an expected value"},
		{"s3", "GetObject", `{"ContentLength":"9"}`, "Field 'ContentLength' must be a number", "Field 'ContentLength' must be a number"},
		{"s3", "GetObject", `{"DeleteMarker":"x","Metadata":{}}`, "Field 'DeleteMarker' must be a boolean", "Field 'DeleteMarker' must be a boolean"},
		{"s3", "GetObject", `{"Metadata":{"a":1}}`, "Field 'Metadata' must be a string", "Field 'Metadata' must be a string"},
		{"s3", "GetObject", `{"Metadata":[]}`, "Field 'Metadata' must be an object", "Field 'Metadata' must be an object"},
		{"eventbridge", "PutEvents", `{"Entries":[{"EventId":"1"},{"EventId":[]}]}`, "Field 'EventId' must be a string", "Field 'EventId' must be a string"},
		{"eventbridge", "PutEvents", `{"Entries":{}}`, "Field 'Entries' must be an array", "Field 'Entries' must be an array"},
		{"eventbridge", "PutEvents", `{"Unknown":[]}`, none, none},
		{"dynamodb", "GetItem", `{"Item":{"k":{"M":{"l":{"S":1}}}}}`, "Field 'S' must be a string", "Field 'S' must be a string"},
		{"sqs", "SendMessage", `[]`, "Mock result must be a JSON object", "Mock result must be a JSON object"},
	} {
		o, err := Response(tc.service, tc.operation)
		if err != nil || o == nil {
			t.Fatalf("%s:%s: %v, %v", tc.service, tc.operation, o, err)
		}
		v, err := value.Parse([]byte(tc.result))
		if err != nil {
			t.Fatal(err)
		}
		if strict, present := o.Check(v, true), o.Check(v, false); strict != tc.strict || present != tc.present {
			t.Errorf("%s:%s %s: got %q and %q, want %q and %q", tc.service, tc.operation, tc.result, strict, present, tc.strict, tc.present)
		}
	}
}

// TestNoResponse: what there is no model for is not an error.
func TestNoResponse(t *testing.T) {
	for _, name := range [][2]string{
		{"nonsense", "Get"}, {"", ""}, {"../sqs", "SendMessage"}, {"sqs", "Nonsense"}, {"sqs", "DeleteQueue"},
	} {
		if o, err := Response(name[0], name[1]); o != nil || err != nil {
			t.Errorf("%v: %v, %v", name, o, err)
		}
	}
}

// TestEntries: every entry can be read, and every position in it is one.
func TestEntries(t *testing.T) {
	r, err := zip.NewReader(bytes.NewReader(responsesZip), int64(len(responsesZip)))
	if err != nil {
		t.Fatal(err)
	}
	operations := 0
	for _, file := range r.File {
		s, err := readService(file.Name)
		if err != nil || s == nil {
			t.Fatalf("%s: %v", file.Name, err)
		}
		operations += len(s.Operations)
		for name, at := range s.Operations {
			if at >= len(s.Shapes) {
				t.Errorf("%s:%s has no shape", file.Name, name)
			}
		}
		for _, shape := range s.Shapes {
			for _, at := range append([]int{shape.Of}, values(shape.Members)...) {
				if at < 0 || at >= len(s.Shapes) {
					t.Errorf("%s: a shape refers to %d of %d", file.Name, at, len(s.Shapes))
				}
			}
		}
	}
	if len(r.File) < 400 || operations < 18000 {
		t.Errorf("there are %d services with %d operations", len(r.File), operations)
	}
}

func values(m map[string]int) (all []int) {
	for _, at := range m {
		all = append(all, at)
	}
	return all
}
