package catalog_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

const (
	role  = "arn:aws:iam::123456789012:role/test"
	other = "arn:aws:iam::123456789012:role/other"
)

var place = catalog.Place{Partition: "aws", Region: "us-east-1", Account: "123456789012"}

// compile takes every text but "bad".
func compile(text []byte, _ catalog.Type, _ bool) (*catalog.Compiled, []definition.Diagnostic) {
	if string(text) == "bad" {
		return nil, []definition.Diagnostic{{Severity: definition.Error, Code: definition.SchemaValidationFailed, Message: "it is bad", Location: "/"}}
	}
	return &catalog.Compiled{VariableReferences: map[string][]string{string(text): {"v"}}}, nil
}

func open(t *testing.T, records store.Records) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(context.Background(), catalog.Config{
		Records: records,
		Compile: compile,
		Place:   place,
		Now:     func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678_900_000, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func request(name, text string) catalog.CreateRequest {
	return catalog.CreateRequest{Name: name, Definition: text, Settings: catalog.Settings{RoleARN: role}}
}

func mustCreate(t *testing.T, c *catalog.Catalog, req catalog.CreateRequest) *catalog.Machine {
	t.Helper()
	m, err := c.CreateMachine(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// current is what an execution follows that starts now.
func current(t *testing.T, c *catalog.Catalog, name string) (*engine.Definition, error) {
	t.Helper()
	target, err := c.Target(t.Context(), parse(t, c.Machine(name)))
	return target.Definition, err
}

func parse(t *testing.T, text string) catalog.ARN {
	t.Helper()
	arn, err := catalog.ParseMachine(text)
	if err != nil {
		t.Fatal(err)
	}
	return arn
}

func wantCode(t *testing.T, err error, code catalog.Code) {
	t.Helper()
	if !errors.Is(err, &catalog.Error{Code: code}) || code == "" {
		t.Errorf("got error %v, want code %q", err, code)
	}
}

func TestCreateIsIdempotent(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	first := mustCreate(t, c, request("m", "one"))
	for name, tc := range map[string]struct {
		change func(*catalog.CreateRequest)
		code   catalog.Code
	}{
		"the same":             {func(*catalog.CreateRequest) {}, ""},
		"another role":         {func(r *catalog.CreateRequest) { r.RoleARN = other }, ""},
		"tags":                 {func(r *catalog.CreateRequest) { r.Tags = []catalog.Tag{{Key: "a", Value: "b"}} }, ""},
		"level OFF said":       {func(r *catalog.CreateRequest) { r.Logging.Level = "OFF" }, ""},
		"AWS's key said":       {func(r *catalog.CreateRequest) { r.Encryption.Type = "AWS_OWNED_KEY" }, ""},
		"another definition":   {func(r *catalog.CreateRequest) { r.Definition = "one " }, catalog.StateMachineAlreadyExists},
		"another type":         {func(r *catalog.CreateRequest) { r.Type = catalog.Express }, catalog.StateMachineAlreadyExists},
		"tracing":              {func(r *catalog.CreateRequest) { r.Tracing.Enabled = true }, catalog.StateMachineAlreadyExists},
		"bad definition":       {func(r *catalog.CreateRequest) { r.Name, r.Definition = "n", "bad" }, catalog.InvalidDefinition},
		"bad name":             {func(r *catalog.CreateRequest) { r.Name = "a b" }, catalog.InvalidName},
		"bad role":             {func(r *catalog.CreateRequest) { r.RoleARN = "me" }, catalog.InvalidArn},
		"bad type":             {func(r *catalog.CreateRequest) { r.Name, r.Type = "n", "FAST" }, catalog.ValidationException},
		"level, no group":      {func(r *catalog.CreateRequest) { r.Logging.Level = "ALL" }, catalog.InvalidLoggingConfiguration},
		"a group without star": {func(r *catalog.CreateRequest) { r.Logging.Destinations = []string{"arn:aws:logs:r:1:log-group:g"} }, catalog.InvalidLoggingConfiguration},
		"a customer's key": {func(r *catalog.CreateRequest) {
			r.Encryption = catalog.Encryption{Type: "CUSTOMER_MANAGED_KMS_KEY", KeyID: "k"}
		}, catalog.InvalidEncryptionConfiguration},
		"a reserved tag": {func(r *catalog.CreateRequest) { r.Tags = []catalog.Tag{{Key: "aws:x"}} }, catalog.AccessDeniedException},
	} {
		t.Run(name, func(t *testing.T) {
			req := request("m", "one")
			tc.change(&req)
			m, err := c.CreateMachine(t.Context(), req)
			if tc.code != "" {
				wantCode(t, err, tc.code)
				return
			}
			if err != nil || m.ID != first.ID || m.Tags != nil {
				t.Errorf("got %+v, %v; want the machine that was there", m, err)
			}
		})
	}
}

// TestLogGroup: the qualifier is what is forgotten most often, and AWS says so.
func TestLogGroup(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	for group, want := range map[string]string{
		"arn:aws:logs:r:1:log-group:/a/b:*":         "",
		"arn:aws:logs:r:1:log-group:/a/b":           "Log Group ARN must be provided with '*' qualifier.",
		"arn:aws:logs:r:1:log-group:g:":             "Log Group ARN must be provided with '*' qualifier.",
		"arn:aws:logs:r:1:log-group:g:log-stream:s": "Log Destination must be the ARN of a log group, with ':*' at its end.",
		"arn:aws:s3:::bucket":                       "Log Destination must be the ARN of a log group, with ':*' at its end.",
		"":                                          "Log Destination must be the ARN of a log group, with ':*' at its end.",
	} {
		req := request("m", "one")
		req.Logging = catalog.Logging{Level: "ALL", Destinations: []string{group}}
		_, err := c.CreateMachine(t.Context(), req)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != "InvalidLoggingConfiguration: Invalid Logging Configuration: "+want) {
			t.Errorf("%s: %v, want %q", group, err, want)
		}
	}
}

func TestUpdateMakesARevision(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	m := mustCreate(t, c, request("m", "one"))
	before, err := current(t, c, "m")
	if err != nil {
		t.Fatal(err)
	}
	two := "two"
	revision, err := c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &two})
	if err != nil || revision.UUID == "" || revision.RoleARN != role || revision.ID == before.ID || revision.Machine != m.ID {
		t.Fatalf("got %+v, %v", revision, err)
	}
	again, err := c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &two, RoleARN: &revision.RoleARN})
	if err != nil || again.ID != revision.ID {
		t.Errorf("an update that changes nothing gave %+v, %v", again, err)
	}
	now, err := current(t, c, "m")
	if err != nil || now.ID != revision.ID {
		t.Errorf("the machine follows %+v, %v", now, err)
	}
	if old, err := c.Definition(t.Context(), before.ID); err != nil || catalog.DetailOf(old).Definition != "one" {
		t.Errorf("the old revision is %+v, %v", old, err)
	}
	_, err = c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{})
	wantCode(t, err, catalog.MissingRequiredParameter)
	_, err = c.UpdateMachine(t.Context(), "none", catalog.UpdateRequest{Definition: &two})
	wantCode(t, err, catalog.StateMachineDoesNotExist)
	bad := "bad"
	_, err = c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &bad})
	wantCode(t, err, catalog.InvalidDefinition)
}

func TestUpdateAgainstAnother(t *testing.T) {
	s := memstore.New(memstore.Options{})
	c, rival := open(t, s), open(t, s)
	mustCreate(t, c, request("m", "one"))
	two, three := "two", "three"
	between := &interposed{Records: s}
	slow := open(t, between)
	between.before = func() {
		if _, err := rival.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &three}); err != nil {
			t.Error(err)
		}
	}
	_, err := slow.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &two})
	wantCode(t, err, catalog.ConflictException)
	if _, err := slow.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &two}); err != nil {
		t.Errorf("the second try gave %v", err)
	}
}

// interposed lets something happen once, before the first change of a machine.
type interposed struct {
	store.Records
	before func()
}

func (i *interposed) Write(ctx context.Context, changes ...store.Change) error {
	if before := i.before; before != nil && strings.HasPrefix(changes[0].Key, "catalog/machine/") {
		i.before = nil
		before()
	}
	return i.Records.Write(ctx, changes...)
}

func TestIDsAreNeverReused(t *testing.T) {
	s := memstore.New(memstore.Options{})
	seen := map[uint64]bool{}
	for range 3 { // three processes
		c := open(t, s)
		c.Attach(noRuns{})
		for range 40 {
			m := mustCreate(t, c, request("m", "one"))
			for _, id := range []uint64{m.ID, m.Revision} {
				if id == 0 || seen[id] {
					t.Fatalf("id %d comes again", id)
				}
				seen[id] = true
			}
			if err := c.DeleteMachine(t.Context(), "m"); err != nil {
				t.Fatal(err)
			}
		}
		c.Close()
	}
}

func TestListMachines(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	for _, name := range []string{"b", "a-1", "a", "ä", "c"} {
		mustCreate(t, c, request(name, "one"))
	}
	var names []string
	for after := ""; ; {
		page, err := c.ListMachines(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			names = append(names, m.Name)
		}
		if len(page) < 2 {
			break
		}
		after = page[1].Name
	}
	if want := []string{"a", "a-1", "b", "c", "ä"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

func TestActivitiesOutliveTheProcess(t *testing.T) {
	s := memstore.New(memstore.Options{})
	c := open(t, s)
	arn := c.Activity("work")
	if c.QueueExists(arn) {
		t.Error("the activity is there before it was created")
	}
	first, err := c.CreateActivity(t.Context(), "work", catalog.Encryption{}, []catalog.Tag{{Key: "k", Value: "v"}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.CreateActivity(t.Context(), "work", catalog.Encryption{}, nil)
	if err != nil || !again.Created.Equal(first.Created) || len(again.Tags) != 1 {
		t.Errorf("creating it again gave %+v, %v", again, err)
	}
	reopened := open(t, s)
	if !c.QueueExists(arn) || !reopened.QueueExists(arn) || reopened.QueueExists(arn+"x") || reopened.QueueExists("work") {
		t.Error("QueueExists is wrong")
	}
	for range 2 {
		if err := reopened.DeleteActivity(t.Context(), "work"); err != nil {
			t.Fatal(err)
		}
	}
	if reopened.QueueExists(arn) {
		t.Error("the activity is still there")
	}
	_, err = reopened.ActivityByName(t.Context(), "work")
	wantCode(t, err, catalog.ActivityDoesNotExist)
	_, err = c.CreateActivity(t.Context(), "a/b", catalog.Encryption{}, nil)
	wantCode(t, err, catalog.InvalidName)
}

func TestTags(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	mustCreate(t, c, request("m", "one"))
	arn, err := catalog.ParseTagged(c.Machine("m"))
	if err != nil {
		t.Fatal(err)
	}
	steps := []error{
		c.Tag(t.Context(), arn, []catalog.Tag{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}),
		c.Tag(t.Context(), arn, []catalog.Tag{{Key: "a", Value: "3"}}),
		c.Tag(t.Context(), arn, nil),
		c.Untag(t.Context(), arn, []string{"b", "none", "b"}),
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
	tags, err := c.Tags(t.Context(), arn)
	if want := []catalog.Tag{{Key: "a", Value: "3"}}; err != nil || !slices.Equal(tags, want) {
		t.Errorf("got %v, %v", tags, err)
	}
	many := make([]catalog.Tag, catalog.MaxTags)
	for i := range many {
		many[i].Key = strings.Repeat("k", i+1)
	}
	wantCode(t, c.Tag(t.Context(), arn, many), catalog.TooManyTags)
	tooMany := make([]catalog.Tag, 200_000) // as many as a request has room for
	for i := range tooMany {
		tooMany[i].Key = strconv.Itoa(i)
	}
	wantCode(t, c.Tag(t.Context(), arn, tooMany), catalog.TooManyTags)
	for _, text := range []string{c.Machine("none"), c.Machine("m") + ":1", c.Activity("none"), "arn:aws:states:eu-west-1:123456789012:stateMachine:m"} {
		arn, err := catalog.ParseTagged(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Tags(t.Context(), arn)
		wantCode(t, err, catalog.ResourceNotFound)
	}
}

func TestInfo(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	mustCreate(t, c, request("m", "one"))
	req := request("x", "one")
	req.Type = catalog.Express
	mustCreate(t, c, req)
	for name, tc := range map[string]struct{ machine, run, wantName, wantARN string }{
		"standard": {"m", "run", "run", "arn:aws:states:us-east-1:123456789012:execution:m:run"},
		"express":  {"x", "run:id", "run", "arn:aws:states:us-east-1:123456789012:express:x:run:id"},
	} {
		def, err := current(t, c, tc.machine)
		if err != nil {
			t.Fatal(err)
		}
		info := c.Info(def, tc.run)
		if info.Name != tc.wantName || info.ExecutionARN != tc.wantARN || info.RoleARN != role || info.MachineName != tc.machine {
			t.Errorf("%s: got %+v", name, info)
		}
	}
}

func TestDefinitionOfAnotherProcess(t *testing.T) {
	s := memstore.New(memstore.Options{})
	m := mustCreate(t, open(t, s), request("m", "one"))
	def, err := open(t, s).Definition(t.Context(), m.Revision)
	if err != nil || def.Machine != m.ID || catalog.DetailOf(def).VariableReferences["one"] == nil {
		t.Errorf("got %+v, %v", def, err)
	}
	if _, err := open(t, s).Definition(t.Context(), 999); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a revision that is not there gave %v", err)
	}
}
