package catalog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/store/memstore"
)

func publish(t *testing.T, c *catalog.Catalog, name string) uint64 {
	t.Helper()
	v, err := c.PublishVersion(t.Context(), name, catalog.PublishRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return v.Number
}

// revise gives a machine another definition.
func revise(t *testing.T, c *catalog.Catalog, name, text string) *catalog.Updated {
	t.Helper()
	updated, err := c.UpdateMachine(t.Context(), name, catalog.UpdateRequest{Definition: &text})
	if err != nil {
		t.Fatal(err)
	}
	return updated
}

func machine(t *testing.T, c *catalog.Catalog, name string) *catalog.Machine {
	t.Helper()
	m, err := c.MachineByName(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// numbers are the versions of a machine, as they are listed in pages of two.
func numbers(t *testing.T, c *catalog.Catalog, name string) string {
	t.Helper()
	var all []string
	for before := uint64(0); ; {
		page, err := c.ListVersions(t.Context(), machine(t, c, name), before, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page {
			all = append(all, fmt.Sprint(v.Number))
			before = v.Number
		}
		if len(page) < 2 {
			return strings.Join(all, " ")
		}
	}
}

func TestVersionsAreNumberedForGood(t *testing.T) {
	s := memstore.New(memstore.Options{})
	c := open(t, s)
	mustCreate(t, c, request("m", "one"))
	for range 2 {
		if publish(t, c, "m") != 1 {
			t.Error("a revision that is published already has to keep its version")
		}
	}
	revise(t, c, "m", "two")
	if publish(t, c, "m") != 2 {
		t.Error("another revision has to get the next number")
	}
	if err := c.DeleteVersion(t.Context(), "m", 2); err != nil {
		t.Fatal(err)
	}
	c = open(t, s) // another process
	if publish(t, c, "m") != 3 {
		t.Error("the number of a version that was deleted must not come back")
	}
	if got := numbers(t, c, "m"); got != "3 1" {
		t.Errorf("got versions %s", got)
	}
	for _, n := range []uint64{2, 77} {
		if err := c.DeleteVersion(t.Context(), "m", n); err != nil {
			t.Errorf("deleting version %d, which is not there: %v", n, err)
		}
	}
	if err := c.DeleteVersion(t.Context(), "none", 1); err != nil {
		t.Errorf("deleting a version of no machine: %v", err)
	}
	if m := machine(t, c, "m"); m.Versions != 2 {
		t.Errorf("the machine counts %d versions", m.Versions)
	}
}

func TestVersionsAreListedNewestFirst(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	mustCreate(t, c, request("m", "0"))
	var want []string
	for i := range 12 {
		revise(t, c, "m", fmt.Sprint("text ", i))
		want = append([]string{fmt.Sprint(publish(t, c, "m"))}, want...)
	}
	if got := numbers(t, c, "m"); got != strings.Join(want, " ") {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPublishThisRevisionOnly(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	mustCreate(t, c, request("m", "one"))
	try := func(id string) error {
		_, err := c.PublishVersion(t.Context(), "m", catalog.PublishRequest{RevisionID: id})
		return err
	}
	wantMessage(t, try("abc"), catalog.ConflictException,
		"Failed to publish the State Machine version for revision abc. The current State Machine revision is INITIAL.")
	if err := try("INITIAL"); err != nil {
		t.Error(err)
	}
	updated := revise(t, c, "m", "two")
	wantMessage(t, try("INITIAL"), catalog.ConflictException,
		"Failed to publish the State Machine version for revision INITIAL. The current State Machine revision is "+updated.UUID+".")
	if err := try(updated.UUID); err != nil {
		t.Error(err)
	}
}

func wantMessage(t *testing.T, err error, code catalog.Code, message string) {
	t.Helper()
	wantCode(t, err, code)
	var refused *catalog.Error
	if errors.As(err, &refused) && refused.Message != message {
		t.Errorf("got  %s\nwant %s", refused.Message, message)
	}
}

func TestCreateAndPublish(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	req := request("m", "one")
	req.VersionDescription = "first"
	_, err := c.CreateMachine(t.Context(), req)
	wantMessage(t, err, catalog.ValidationException, "Version description can only be set when publish is true")
	req.Publish = true
	m := mustCreate(t, c, req)
	v, err := c.VersionOf(t.Context(), m, 1)
	if err != nil || v.Description != "first" || v.Revision != m.Revision {
		t.Errorf("got %+v, %v", v, err)
	}
	mustCreate(t, c, req)
}

// TestCreateAgainAfterPublishing: what counts is the definition that the machine has
// now, whether it was ever published, and the description of version 1.
func TestCreateAgainAfterPublishing(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	m := mustCreate(t, c, request("m", "one"))
	arn := "'" + c.Machine("m") + "'"
	const published = "This state machine was already created with a published version"
	again := func(definition, description string, publish bool, want string) {
		t.Helper()
		req := request("m", definition)
		req.Publish, req.VersionDescription = publish, description
		same, err := c.CreateMachine(t.Context(), req)
		if want != "" {
			wantMessage(t, err, catalog.StateMachineAlreadyExists, "State Machine Already Exists: "+want)
		} else if err != nil || same.ID != m.ID {
			t.Errorf("got %+v, %v", same, err)
		}
	}
	again("one", "", false, "")
	again("one", "", true, arn)
	if _, err := c.PublishVersion(t.Context(), "m", catalog.PublishRequest{Description: "first"}); err != nil {
		t.Fatal(err)
	}
	again("one", "", false, published+".")
	again("one", "first", true, "")
	again("one", "second", true, published+" using a different description.")
	again("two", "first", true, arn)
	revise(t, c, "m", "two")
	if _, err := c.PublishVersion(t.Context(), "m", catalog.PublishRequest{Description: "second"}); err != nil {
		t.Fatal(err)
	}
	again("two", "first", true, "")
	again("two", "second", true, published+" using a different description.")
	again("one", "first", true, arn)
}

func TestUpdateAndPublish(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	mustCreate(t, c, request("m", "one"))
	for i, tc := range []struct {
		text string
		want uint64
	}{{"one", 1}, {"one", 1}, {"two", 2}, {"one", 3}} {
		updated, err := c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &tc.text, Publish: true, VersionDescription: "d"})
		if err != nil || updated.Version.Number != tc.want || updated.Version.Revision != updated.Revision.ID {
			t.Errorf("update %d: got %+v, %v; want version %d", i, updated.Version, err, tc.want)
		}
	}
	text := "three"
	_, err := c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &text, VersionDescription: "d"})
	wantCode(t, err, catalog.ValidationException)
	_, err = c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Publish: true})
	wantCode(t, err, catalog.MissingRequiredParameter)
}

func TestPublishAgainstAnother(t *testing.T) {
	s := memstore.New(memstore.Options{})
	rival := open(t, s)
	mustCreate(t, rival, request("m", "one"))
	between := &interposed{Records: s}
	c := open(t, between)
	between.before = func() {
		if n := publish(t, rival, "m"); n != 1 {
			t.Errorf("the rival got version %d", n)
		}
	}
	if n := publish(t, c, "m"); n != 1 {
		t.Errorf("one revision got version %d, too", n)
	}
	if got := numbers(t, c, "m"); got != "1" {
		t.Errorf("got versions %s", got)
	}
}

func TestQuotas(t *testing.T) {
	s := memstore.New(memstore.Options{})
	small := func() *catalog.Catalog {
		c, err := catalog.Open(t.Context(), catalog.Config{
			Records: s, Compile: compile, Place: place,
			Quotas: catalog.Quotas{Machines: 2, Activities: 1, Versions: 1, Aliases: 1},
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := small()
	c.Attach(noRuns{})
	defer c.Close()
	mustCreate(t, c, request("m", "one"))
	mustCreate(t, c, request("n", "one"))
	_, err := small().CreateMachine(t.Context(), request("o", "one"))
	wantCode(t, err, catalog.StateMachineLimitExceeded)
	mustCreate(t, c, request("m", "one")) // not a new one
	if err := c.DeleteMachine(t.Context(), "n"); err != nil {
		t.Fatal(err)
	}
	mustCreate(t, c, request("o", "one"))

	publish(t, c, "m")
	revise(t, c, "m", "two")
	_, err = c.PublishVersion(t.Context(), "m", catalog.PublishRequest{})
	wantCode(t, err, catalog.ServiceQuotaExceeded)
	mustAlias(t, c, "A", c.Version("m", 1), 100)
	_, err = c.CreateAlias(t.Context(), catalog.AliasRequest{Name: "B", Routing: []catalog.Routing{{VersionARN: c.Version("m", 1), Weight: 100}}})
	wantCode(t, err, catalog.ServiceQuotaExceeded)

	for _, name := range []string{"a", "a"} {
		if _, err := c.CreateActivity(t.Context(), name, catalog.Encryption{}, nil); err != nil {
			t.Error(err)
		}
	}
	_, err = c.CreateActivity(t.Context(), "b", catalog.Encryption{}, nil)
	wantCode(t, err, catalog.ActivityLimitExceeded)
}

func TestDeletingAMachineDeletesWhatBelongsToIt(t *testing.T) {
	s := memstore.New(memstore.Options{})
	c := open(t, s)
	c.Attach(noRuns{})
	defer c.Close()
	mustCreate(t, c, request("m", "0"))
	for i := range 60 {
		revise(t, c, "m", fmt.Sprint("text ", i))
		publish(t, c, "m")
	}
	mustAlias(t, c, "PROD", c.Version("m", 60), 100)
	if err := c.DeleteMachine(t.Context(), "m"); err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"catalog/version/", "catalog/alias/"} {
		if left, err := s.ListRecords(t.Context(), prefix, "", 1); err != nil || len(left) > 0 {
			t.Errorf("%s: %v is left (%v)", prefix, left, err)
		}
	}
	mustCreate(t, c, request("m", "0"))
	if publish(t, c, "m") != 1 {
		t.Error("another machine of that name has to begin with version 1")
	}
	_, err := c.Target(t.Context(), parse(t, c.Alias("m", "PROD")))
	wantCode(t, err, catalog.StateMachineDoesNotExist)
}

func TestKeysOfACustomer(t *testing.T) {
	open := func(ignore bool) *catalog.Catalog {
		c, err := catalog.Open(t.Context(), catalog.Config{Records: memstore.New(memstore.Options{}), Compile: compile, Place: place, IgnoreKMS: ignore})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	key := catalog.Encryption{Type: catalog.CustomerKey, KeyID: "alias/k"}
	for name, tc := range map[string]struct {
		e      catalog.Encryption
		ignore bool
		why    string // as far as it begins
	}{
		"refused":                    {key, false, "Fermata does not encrypt"},
		"ignored":                    {key, true, ""},
		"no key":                     {catalog.Encryption{Type: catalog.CustomerKey}, true, "Must set a valid kmsKeyId."},
		"no key, refused":            {catalog.Encryption{Type: catalog.CustomerKey}, false, "Must set a valid kmsKeyId."},
		"a key for AWS's own":        {catalog.Encryption{Type: catalog.OwnKey, KeyID: "k"}, true, "Custom kmsKeyId is not allowed when selecting AWS_OWNED_KEY."},
		"a period for AWS's own":     {catalog.Encryption{Type: catalog.OwnKey, ReuseSeconds: 60}, false, "Custom kmsDataKeyReusePeriodSeconds is not allowed when selecting AWS_OWNED_KEY."},
		"AWS's own":                  {catalog.Encryption{Type: catalog.OwnKey}, false, ""},
		"nothing, which is the same": {catalog.Encryption{}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(tc.ignore)
			req := request("m", "one")
			req.Encryption = tc.e
			_, err := c.CreateMachine(t.Context(), req)
			_, second := c.CreateActivity(t.Context(), "a", tc.e, nil)
			if tc.why == "" && (err != nil || second != nil) {
				t.Error(err, second)
			}
			for _, err := range []error{err, second} {
				if tc.why != "" && !strings.HasPrefix(fmt.Sprint(err), "InvalidEncryptionConfiguration: Invalid Encryption Configuration: "+tc.why) {
					t.Error(err)
				}
			}
		})
	}
	c := open(true)
	if _, err := c.CreateActivity(t.Context(), "a", key, nil); err != nil {
		t.Fatal(err)
	}
	same := key
	same.ReuseSeconds = 300 // which is the default
	if a, err := c.CreateActivity(t.Context(), "a", same, nil); err != nil || a.Encryption.Shown() != same {
		t.Errorf("got %+v, %v", a, err)
	}
	_, err := c.CreateActivity(t.Context(), "a", catalog.Encryption{}, nil)
	wantMessage(t, err, catalog.ActivityAlreadyExists, "Activity Already Exists: '"+c.Activity("a")+"'")
}

// TestNewKeyNeedsTheDefinition, which would have to be encrypted with it.
func TestNewKeyNeedsTheDefinition(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	mustCreate(t, c, request("m", "one"))
	own, definition := catalog.Encryption{Type: catalog.OwnKey}, "two"
	_, err := c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Encryption: &own})
	wantMessage(t, err, catalog.MissingRequiredParameter, "The definition must be specified when updating the EncryptionConfiguration")
	if _, err := c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Encryption: &own, Definition: &definition}); err != nil {
		t.Error(err)
	}
	customer := catalog.Encryption{Type: catalog.CustomerKey}
	_, err = c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Encryption: &customer})
	wantMessage(t, err, catalog.InvalidEncryptionConfiguration, "Invalid Encryption Configuration: Must set a valid kmsKeyId.")
}
