package catalog_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// routing makes a routing configuration of ARNs and weights in turn.
func routing(pairs ...any) []catalog.Routing {
	var all []catalog.Routing
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, catalog.Routing{VersionARN: pairs[i].(string), Weight: pairs[i+1].(int)})
	}
	return all
}

func mustAlias(t *testing.T, c *catalog.Catalog, name string, pairs ...any) *catalog.Alias {
	t.Helper()
	a, err := c.CreateAlias(t.Context(), catalog.AliasRequest{Name: name, Description: "d", Routing: routing(pairs...)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// withVersions opens a catalog whose machine m has versions 1 to 3, and other
// has version 1. Version n of m follows the definition "n".
func withVersions(t *testing.T, s store.Records, roll func(int) int) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(t.Context(), catalog.Config{Records: s, Compile: compile, Place: place, Roll: roll})
	if err != nil {
		t.Fatal(err)
	}
	req := request("other", "1")
	req.Publish = true
	mustCreate(t, c, req)
	req.Name = "m"
	mustCreate(t, c, req)
	for _, text := range []string{"2", "3"} {
		revise(t, c, "m", text)
		publish(t, c, "m")
	}
	return c
}

func TestRoutingIsChecked(t *testing.T) {
	c := withVersions(t, memstore.New(memstore.Options{}), nil)
	v1, v2 := c.Version("m", 1), c.Version("m", 2)
	for name, tc := range map[string]struct {
		routing []catalog.Routing
		code    catalog.Code
		message string
	}{
		"garbage":        {routing("x", 100), catalog.InvalidArn, "Invalid Arn: 'Invalid ARN prefix: x'"},
		"the machine":    {routing(c.Machine("m"), 50, v1, 50), catalog.ValidationException, "Routing configuration must contain state machine version ARNs. Received: [" + c.Machine("m") + ", " + v1 + "]"},
		"an alias":       {routing(c.Alias("m", "A"), 100), catalog.ValidationException, "Routing configuration must contain state machine version ARNs. Received: [" + c.Alias("m", "A") + "]"},
		"twice":          {routing(v1, 50, v1, 50), catalog.ValidationException, "Routing configuration must contain distinct state machine version ARNs. Received: [" + v1 + ", " + v1 + "]"},
		"less than 100":  {routing(v1, 70, v2, 29), catalog.ValidationException, "Sum of routing configuration weights must equal 100. Received: [70, 29]"},
		"more than 100":  {routing(v1, 70, v2, 31), catalog.ValidationException, "Sum of routing configuration weights must equal 100. Received: [70, 31]"},
		"two machines":   {routing(v1, 50, c.Version("other", 1), 50), catalog.ValidationException, "Routing configuration must contain state machine version ARNs for the same state machine. Received: [" + v1 + ", " + c.Version("other", 1) + "]"},
		"nothing":        {routing(), catalog.ValidationException, "Routing configuration must contain one or two state machine version ARNs. Received: []"},
		"no version 9":   {routing(c.Version("m", 9), 100), catalog.ResourceNotFound, "Request references a resource that does not exist."},
		"no machine":     {routing(c.Version("none", 1), 100), catalog.ResourceNotFound, "Request references a resource that does not exist."},
		"leading nought": {routing(c.Machine("m")+":01", 100), catalog.ValidationException, "Routing configuration must contain state machine version ARNs. Received: [" + c.Machine("m") + ":01]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.CreateAlias(t.Context(), catalog.AliasRequest{Name: "A", Routing: tc.routing})
			wantMessage(t, err, tc.code, tc.message)
		})
	}
}

func TestAliasesAreCreatedOnce(t *testing.T) {
	c := withVersions(t, memstore.New(memstore.Options{}), nil)
	v1, v2 := c.Version("m", 1), c.Version("m", 2)
	first := mustAlias(t, c, "A", v1, 100)
	if again := mustAlias(t, c, "A", v1, 100); again.Created != first.Created {
		t.Errorf("got %+v", again)
	}
	conflict := "Failed to create alias because an alias with the same name and a different routing configuration already exists."
	_, err := c.CreateAlias(t.Context(), catalog.AliasRequest{Name: "A", Description: "d", Routing: routing(v1, 50, v2, 50)})
	wantMessage(t, err, catalog.ConflictException, conflict)
	_, err = c.CreateAlias(t.Context(), catalog.AliasRequest{Name: "A", Description: "e", Routing: routing(v1, 100)})
	wantMessage(t, err, catalog.ConflictException, conflict)
	mustAlias(t, c, "A", c.Version("other", 1), 100) // of another machine
}

func TestUpdateAlias(t *testing.T) {
	c := withVersions(t, memstore.New(memstore.Options{}), nil)
	mustAlias(t, c, "A", c.Version("m", 1), 100)
	text, none := "new", ""
	update := func(description *string, to []catalog.Routing) string {
		t.Helper()
		a, err := c.UpdateAlias(t.Context(), "m", "A", description, to)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(a.Description, a.Routes)
	}
	if got := update(&text, nil); got != "new[{1 100}]" {
		t.Error(got)
	}
	if got := update(nil, routing(c.Version("m", 2), 40, c.Version("m", 3), 60)); got != "new[{2 40} {3 60}]" {
		t.Error(got)
	}
	if got := update(&none, nil); got != "[{2 40} {3 60}]" {
		t.Error(got)
	}
	_, err := c.UpdateAlias(t.Context(), "m", "A", nil, nil)
	wantCode(t, err, catalog.ValidationException)
	_, err = c.UpdateAlias(t.Context(), "m", "A", nil, routing(c.Version("other", 1), 100))
	wantCode(t, err, catalog.ValidationException)
	_, err = c.UpdateAlias(t.Context(), "m", "A", nil, routing(c.Version("m", 4), 100))
	wantCode(t, err, catalog.ResourceNotFound)
	for _, name := range []string{"m", "none"} {
		_, err = c.UpdateAlias(t.Context(), name, "B", &text, nil)
		wantMessage(t, err, catalog.ResourceNotFound, "Request references a resource that does not exist.")
	}
}

func TestAVersionWithAnAliasStays(t *testing.T) {
	c := withVersions(t, memstore.New(memstore.Options{}), nil)
	mustAlias(t, c, "B", c.Version("m", 1), 30, c.Version("m", 2), 70)
	mustAlias(t, c, "A", c.Version("m", 2), 100)
	wantMessage(t, c.DeleteVersion(t.Context(), "m", 2), catalog.ConflictException,
		"Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [A, B]")
	if err := c.DeleteVersion(t.Context(), "m", 3); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"A", "A", "B"} {
		if err := c.DeleteAlias(t.Context(), "m", name); err != nil {
			t.Error(err)
		}
	}
	if err := c.DeleteAlias(t.Context(), "none", "A"); err != nil {
		t.Error(err)
	}
	if err := c.DeleteVersion(t.Context(), "m", 2); err != nil {
		t.Error(err)
	}
	if m := machine(t, c, "m"); m.Aliases != 0 || m.Versions != 1 {
		t.Errorf("got %+v", m)
	}
}

// TestAnAliasAgainstADeletion: an alias and the deletion of its version at the
// same time leave no alias that leads nowhere.
func TestAnAliasAgainstADeletion(t *testing.T) {
	s := memstore.New(memstore.Options{})
	rival := withVersions(t, s, nil)
	between := &interposed{Records: s}
	c := open(t, between)
	between.before = func() {
		if err := rival.DeleteVersion(t.Context(), "m", 1); err != nil {
			t.Error(err)
		}
	}
	_, err := c.CreateAlias(t.Context(), catalog.AliasRequest{Name: "A", Routing: routing(c.Version("m", 1), 100)})
	wantCode(t, err, catalog.ResourceNotFound)
	between.before = func() { mustAlias(t, rival, "B", c.Version("m", 3), 100) }
	wantCode(t, c.DeleteVersion(t.Context(), "m", 3), catalog.ConflictException)
}

func TestListAliases(t *testing.T) {
	c := withVersions(t, memstore.New(memstore.Options{}), nil)
	for i := range 250 {
		mustAlias(t, c, fmt.Sprintf("A%03d", i), c.Version("m", uint64(i%2+1)), 100)
	}
	m := machine(t, c, "m")
	for version, want := range map[uint64]int{0: 250, 1: 125, 2: 125, 3: 0} {
		var names []string
		for after := ""; ; {
			page, err := c.ListAliases(t.Context(), m, version, after, 60)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page {
				names = append(names, a.Name)
				after = a.Name
			}
			if len(page) < 60 {
				break
			}
		}
		if len(names) != want || !slices.IsSorted(names) {
			t.Errorf("version %d has %d aliases, want %d in order: %v", version, len(names), want, names)
		}
	}
}

func TestTarget(t *testing.T) {
	rolls := []int{0, 29, 30, 99}
	roll := func(n int) int {
		if n != 100 {
			t.Errorf("rolled for one of %d", n)
		}
		first := rolls[0]
		rolls = rolls[1:]
		return first
	}
	c := withVersions(t, memstore.New(memstore.Options{}), roll)
	mustAlias(t, c, "A", c.Version("m", 1), 30, c.Version("m", 2), 70)
	for _, tc := range []struct{ arn, want string }{
		{c.Machine("m"), "3 of 0 "}, {c.Version("m", 1), "1 of 1 "}, {c.Version("m", 3), "3 of 3 "},
		{c.Alias("m", "A"), "1 of 1 A"}, {c.Alias("m", "A"), "1 of 1 A"}, {c.Alias("m", "A"), "2 of 2 A"}, {c.Alias("m", "A"), "2 of 2 A"},
	} {
		target, err := c.Target(t.Context(), parse(t, tc.arn))
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%s of %d %s", catalog.DetailOf(target.Definition).Definition, target.Version, target.Alias)
		if got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.arn, got, tc.want)
		}
		version, alias := catalog.StartedBy(&store.Head{Attributes: target.Attributes()})
		if version != target.Version || alias != target.Alias {
			t.Errorf("the run remembers version %d and alias %q of %+v", version, alias, target)
		}
	}
	for _, arn := range []string{c.Alias("m", "B"), c.Machine("m") + ":01", c.Machine("none"), c.Version("none", 1), c.Machine("m/label"),
		"arn:aws:states:eu-west-1:123456789012:stateMachine:m"} {
		_, err := c.Target(t.Context(), parse(t, arn))
		wantMessage(t, err, catalog.StateMachineDoesNotExist, "State Machine Does Not Exist: '"+arn+"'")
	}
	_, err := c.Target(t.Context(), parse(t, c.Version("m", 4)))
	wantMessage(t, err, catalog.StateMachineDoesNotExist, "State Machine Version Does Not Exist: '"+c.Version("m", 4)+"'")
}
