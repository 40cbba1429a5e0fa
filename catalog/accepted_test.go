package catalog_test

import (
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/store/memstore"
)

// TestDefinitionsStayAccepted: a later version of the rules refuses what the store
// has, when it is given anew; executions of it go on.
func TestDefinitionsStayAccepted(t *testing.T) {
	s := memstore.New(memstore.Options{})
	m := mustCreate(t, open(t, s), request("m", "one"))
	stricter := func(text []byte, _ catalog.Type, accepted bool) (*catalog.Compiled, []definition.Diagnostic) {
		if !accepted {
			return nil, []definition.Diagnostic{{Severity: definition.Error, Code: definition.DuplicateVariableName}}
		}
		return &catalog.Compiled{}, nil
	}
	c, err := catalog.Open(t.Context(), catalog.Config{Records: s, Compile: stricter, Place: place})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Definition(t.Context(), m.Revision); err != nil {
		t.Errorf("an execution cannot go on: %v", err)
	}
	newRole, same := other, "one"
	if _, err := c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{RoleARN: &newRole}); err != nil {
		t.Errorf("its role cannot be changed: %v", err)
	}
	text := same + " more"
	_, err = c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &text})
	wantCode(t, err, catalog.InvalidDefinition)
	_, err = c.CreateMachine(t.Context(), request("n", same))
	wantCode(t, err, catalog.InvalidDefinition)
}
