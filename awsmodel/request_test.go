package awsmodel

import (
	"slices"
	"strings"
	"testing"
)

// inputOf is what an operation takes.
func inputOf(t *testing.T, service, operation string) Input {
	t.Helper()
	api, err := Requests(service)
	if err != nil || api == nil {
		t.Fatalf("%s: %v, %v", service, api, err)
	}
	input, ok := api.Input(operation)
	if !ok {
		t.Fatalf("%s:%s is not known", service, operation)
	}
	return input
}

// describe writes the members of a structure: "QueueUrl! t".
func describe(i Input) string {
	var all []string
	for m := range i.Members() {
		mark := ""
		if m.Required {
			mark = "!"
		}
		all = append(all, m.Name+mark+" "+string(m.Input.Type()))
	}
	return strings.Join(all, ", ")
}

// TestRequests states what a few operations take.
func TestRequests(t *testing.T) {
	for _, tc := range []struct{ service, operation, want string }{
		{"sqs", "sendMessageBatch", "Entries! l, QueueUrl! t"},
		{"dynamodb", "BatchGetItem", "RequestItems! m, ReturnConsumedCapacity t"},
		{"sfn", "startExecution", "Input t, Name t, StateMachineArn! t, TraceHeader t"},
		{"s3", "listBuckets", "BucketRegion t, ContinuationToken t, MaxBuckets n, Prefix t"},
		{"lambda", "getAccountSettings", ""},
		{"iam", "getAccountSummary", ""},
		{"config", "listStoredQueries", "MaxResults n, NextToken t"},
		{"rds", "copyDBClusterSnapshot", "CopyTags b, KmsKeyId t, PreSignedUrl t, SourceDBClusterSnapshotIdentifier! t, SourceRegion t, Tags l, TargetDBClusterSnapshotIdentifier! t"},
	} {
		if got := describe(inputOf(t, tc.service, tc.operation)); got != tc.want {
			t.Errorf("%s:%s takes %q, not %q", tc.service, tc.operation, got, tc.want)
		}
	}
}

// TestParts: lists and maps have what they hold, documents have no parts.
func TestParts(t *testing.T) {
	entries, _ := inputOf(t, "sqs", "sendMessageBatch").Member("Entries")
	if got := describe(entries.Input.Of()); !strings.HasPrefix(got, "DelaySeconds n, Id! t, ") {
		t.Errorf("an entry has %q", got)
	}
	key, _ := inputOf(t, "dynamodb", "getItem").Member("Key")
	if got := describe(key.Input.Of()); got != "B t, BOOL b, BS l, L l, M m, N t, NS l, NULL b, S t, SS l, Nul a" {
		t.Errorf("a value has %q", got)
	}
	fields, _ := inputOf(t, "bedrockruntime", "converse").Member("AdditionalModelRequestFields")
	if fields.Input.Type() != Anything {
		t.Errorf("a document has type %q", fields.Input.Type())
	}
}

// TestNamesOfInputs: which names of a member are taken, and which are not.
func TestNamesOfInputs(t *testing.T) {
	policy, _ := inputOf(t, "verifiedpermissions", "createPolicy").Member("Definition")
	for name, known := range map[string]bool{
		"StaticValue": true, "Static": true, "static": false, "StaticValues": false, "": false, "Value": false, "É": false,
	} {
		if m, ok := policy.Input.Member(name); ok != known || ok && m.Name != "Static" {
			t.Errorf("%q: %v, %q", name, ok, m.Name)
		}
	}
	wan, _ := inputOf(t, "iotwireless", "createWirelessDevice").Member("LoRaWAN")
	if m, ok := wan.Input.Member("OtaaV10x"); !ok || m.Name != "OtaaV1_0_x" {
		t.Errorf("got %q", m.Name)
	}
	if m, ok := inputOf(t, "rds", "stopDBInstance").Member("DbInstanceIdentifier"); !ok || m.Name != "DBInstanceIdentifier" {
		t.Errorf("got %q", m.Name)
	}
}

// TestNoRequests: what there is no model for is not an error.
func TestNoRequests(t *testing.T) {
	for _, service := range []string{"nonsense", "", "../sqs", "SQS"} {
		if api, err := Requests(service); api != nil || err != nil {
			t.Errorf("%q: %v, %v", service, api, err)
		}
	}
	api, _ := Requests("sqs")
	for _, operation := range []string{"nonsense", "", "S", "SENDMESSAGE", "sendmessage", "sendMessages"} {
		if _, ok := api.Input(operation); ok {
			t.Errorf("sqs has an operation %q", operation)
		}
	}
}

// TestRequestEntries: every entry can be read, every line in it is one, and both
// archives have the same services and operations.
func TestRequestEntries(t *testing.T) {
	r, err := requests.open()
	if err != nil {
		t.Fatal(err)
	}
	operations := 0
	for _, entry := range r.File {
		api, err := Requests(entry.Name)
		if err != nil || api == nil {
			t.Fatalf("%s: %v, %v", entry.Name, api, err)
		}
		answers, err := readService(entry.Name)
		if err != nil || answers == nil {
			t.Fatalf("%s has no responses: %v", entry.Name, err)
		}
		names := slices.Collect(api.Operations())
		operations += len(names)
		if len(names) != len(answers.Operations) {
			t.Errorf("%s has %d operations, and responses of %d", entry.Name, len(names), len(answers.Operations))
		}
		for _, name := range names {
			if input, _ := api.Input(name); input.Type() != Structure {
				t.Errorf("%s:%s takes a %s", entry.Name, name, input.Type())
			}
		}
		for i := range api.shapes {
			Input{api: api, line: api.shapes[i]}.check(t, entry.Name)
		}
	}
	if len(r.File) < 400 || operations < 18000 {
		t.Errorf("there are %d services with %d operations", len(r.File), operations)
	}
}

// check reads all that a shape refers to.
func (i Input) check(t *testing.T, service string) {
	switch i.Type() {
	case Structure:
		for m := range i.Members() {
			if m.Name == "" || m.Input.Type() == "" {
				t.Errorf("%s: a structure reads %q", service, i.line)
			}
		}
	case List, Map:
		_ = i.Of().Type()
	default:
		if !slices.Contains(Plain, i.Type()) {
			t.Errorf("%s: a shape reads %q", service, i.line)
		}
	}
}

// BenchmarkRequests reads the largest service anew.
func BenchmarkRequests(b *testing.B) {
	if _, err := requests.open(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		api, err := readAPI("ec2")
		if err != nil {
			b.Fatal(err)
		}
		if _, ok := api.Input("runInstances"); !ok {
			b.Fatal("ec2 has no runInstances")
		}
	}
}

// BenchmarkArchive reads the table of the embedded file, which happens once.
func BenchmarkArchive(b *testing.B) {
	for b.Loop() {
		a := archive{data: requestsZip}
		if _, err := a.open(); err != nil {
			b.Fatal(err)
		}
	}
}
