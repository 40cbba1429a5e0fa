package sfn

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/store"
)

// versioned makes a machine with version 1 (passes), version 2 (waits) and the
// alias PROD, which leads to version 1.
func (w *world) versioned(name string) (arn string) {
	w.t.Helper()
	arn = w.must("CreateStateMachine", map[string]any{
		"name": name, "definition": passes, "roleArn": roleARN, "publish": true, "versionDescription": "first",
	})["stateMachineArn"].(string)
	w.must("UpdateStateMachine", map[string]any{"stateMachineArn": arn, "definition": waits, "publish": true})
	w.must("CreateStateMachineAlias", map[string]any{"name": "PROD", "description": "d", "routingConfiguration": routes(arn+":1", 100)})
	return arn
}

func routes(pairs ...any) []any {
	var all []any
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, map[string]any{"stateMachineVersionArn": pairs[i], "weight": pairs[i+1]})
	}
	return all
}

func TestVersions(t *testing.T) {
	w := newWorld(t)
	arn := w.versioned("m")
	first := w.must("DescribeStateMachine", map[string]any{"stateMachineArn": arn + ":1"})
	if first["stateMachineArn"] != arn+":1" || first["name"] != "m" || first["definition"] != passes || first["description"] != "first" || first["revisionId"] != nil {
		t.Errorf("version 1 is %v", first)
	}
	second := w.must("DescribeStateMachine", map[string]any{"stateMachineArn": arn + ":2"})
	now := w.must("DescribeStateMachine", map[string]any{"stateMachineArn": arn})
	if second["definition"] != waits || second["description"] != nil || second["revisionId"] != now["revisionId"] || now["stateMachineArn"] != arn {
		t.Errorf("version 2 is %v, the machine %v", second, now)
	}
	same := w.must("PublishStateMachineVersion", map[string]any{"stateMachineArn": arn, "description": "another", "revisionId": now["revisionId"]})
	if same["stateMachineVersionArn"] != arn+":2" || same["creationDate"] != second["creationDate"] {
		t.Errorf("published again: %v", same)
	}
	if out := w.must("UpdateStateMachine", map[string]any{"stateMachineArn": arn, "definition": passes}); out["stateMachineVersionArn"] != nil {
		t.Errorf("nobody asked for a version: %v", out)
	}
	w.fails("PublishStateMachineVersion", map[string]any{"stateMachineArn": arn, "revisionId": "INITIAL"}, "ConflictException")
	page := w.must("ListStateMachineVersions", map[string]any{"stateMachineArn": arn, "maxResults": 1})
	rest := w.must("ListStateMachineVersions", map[string]any{"stateMachineArn": arn, "maxResults": 1, "nextToken": page["nextToken"]})
	if !strings.HasSuffix(fmt.Sprint(page["stateMachineVersions"]), ":2]]") || !strings.HasSuffix(fmt.Sprint(rest), "stateMachineVersions:[map[creationDate:"+fmt.Sprint(first["creationDate"])+" stateMachineVersionArn:"+arn+":1]]]") {
		t.Errorf("the versions are %v, %v", page, rest)
	}
	w.must("DeleteStateMachineVersion", map[string]any{"stateMachineVersionArn": arn + ":2"})
	w.must("DeleteStateMachineVersion", map[string]any{"stateMachineVersionArn": arn + ":2"})
	w.fails("DeleteStateMachineVersion", map[string]any{"stateMachineVersionArn": arn + ":1"},
		"ConflictException: Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [PROD]")
	w.fails("DescribeStateMachine", map[string]any{"stateMachineArn": arn + ":2"}, "StateMachineDoesNotExist: State Machine Version Does Not Exist: '"+arn+":2'")
}

func TestARNsOfVersionsAndAliases(t *testing.T) {
	w := newWorld(t)
	arn := w.versioned("m")
	elsewhere := strings.Replace(arn, "us-east-1", "eu-west-1", 1)
	doesNotExist := func(arn string) string {
		return "StateMachineDoesNotExist: State Machine Does Not Exist: '" + arn + "'"
	}
	noVersion := "StateMachineDoesNotExist: State Machine Version Does Not Exist: '" + arn + ":9'"
	noResource := func(arn string) string { return "ResourceNotFound: Resource not found: '" + arn + "'" }
	for _, tc := range []struct{ operation, member, arn, want string }{
		{"PublishStateMachineVersion", "stateMachineArn", "x", "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'"},
		{"PublishStateMachineVersion", "stateMachineArn", arn + "x", doesNotExist(arn + "x")},
		{"PublishStateMachineVersion", "stateMachineArn", arn + ":1", doesNotExist(arn + ":1")},
		{"PublishStateMachineVersion", "stateMachineArn", arn + "/label", "ValidationException: API does not support labelled state machine ARNs: '" + arn + "/label'"},
		{"UpdateStateMachine", "stateMachineArn", arn + ":PROD", doesNotExist(arn + ":PROD")},
		{"DescribeStateMachine", "stateMachineArn", arn + ":PROD", doesNotExist(arn + ":PROD")},
		{"DescribeStateMachine", "stateMachineArn", arn + ":9", noVersion},
		{"DescribeStateMachine", "stateMachineArn", elsewhere, doesNotExist(elsewhere)},
		{"DeleteStateMachine", "stateMachineArn", arn + ":1", "ValidationException: The ARN of a version or alias does not name a state machine to delete: '" + arn + ":1'"},
		{"DeleteStateMachineVersion", "stateMachineVersionArn", arn, "ValidationException: The ARN must be that of a state machine version: '" + arn + "'"},
		{"DeleteStateMachineVersion", "stateMachineVersionArn", elsewhere + ":1", ""},
		{"DeleteStateMachineVersion", "stateMachineVersionArn", arn + "x:1", ""},
		{"ListStateMachineVersions", "stateMachineArn", arn + "x", doesNotExist(arn + "x")},
		{"ListStateMachineAliases", "stateMachineArn", arn + "x", doesNotExist(arn + "x")},
		{"ListStateMachineAliases", "stateMachineArn", arn + ":9", noVersion},
		{"DescribeStateMachineAlias", "stateMachineAliasArn", arn + ":TEST", noResource(arn + ":TEST")},
		{"DescribeStateMachineAlias", "stateMachineAliasArn", arn + "x:PROD", noResource(arn + "x:PROD")},
		{"DescribeStateMachineAlias", "stateMachineAliasArn", elsewhere + ":PROD", noResource(elsewhere + ":PROD")},
		{"DescribeStateMachineAlias", "stateMachineAliasArn", arn + ":1", "ValidationException: The ARN must be that of a state machine alias: '" + arn + ":1'"},
		{"DeleteStateMachineAlias", "stateMachineAliasArn", arn + ":TEST", ""},
		{"DeleteStateMachineAlias", "stateMachineAliasArn", elsewhere + ":PROD", ""},
		{"StartExecution", "stateMachineArn", arn + ":9", noVersion},
		{"StartExecution", "stateMachineArn", arn + ":TEST", doesNotExist(arn + ":TEST")},
		{"StartExecution", "stateMachineArn", arn + "/label", "ValidationException: API does not support labelled state machine ARNs: '" + arn + "/label'"},
		{"ListExecutions", "stateMachineArn", arn + ":9", noVersion},
		{"ListExecutions", "stateMachineArn", arn + ":TEST", doesNotExist(arn + ":TEST")},
		{"UpdateStateMachineAlias", "stateMachineAliasArn", arn + ":TEST", "ValidationException: Either description or routing configuration must be specified"},
		{"TagResource", "resourceArn", arn + ":1", noResource(arn + ":1")},
		{"TagResource", "resourceArn", arn + ":PROD", noResource(arn + ":PROD")},
		{"ListTagsForResource", "resourceArn", arn + ":1", ""},
		{"ListTagsForResource", "resourceArn", arn + ":PROD", ""},
		{"ListTagsForResource", "resourceArn", arn + ":9", noResource(arn + ":9")},
		{"ListTagsForResource", "resourceArn", arn + ":TEST", noResource(arn + ":TEST")},
		{"ListTagsForResource", "resourceArn", elsewhere + ":1", noResource(elsewhere + ":1")},
		{"ListTagsForResource", "resourceArn", arn + "/label", noResource(arn + "/label")},
	} {
		in := map[string]any{tc.member: tc.arn, "definition": passes, "tags": []any{}}
		if tc.want == "" {
			w.must(tc.operation, in)
			continue
		}
		w.fails(tc.operation, in, tc.want)
	}
}

func TestAliases(t *testing.T) {
	w := newWorld(t)
	arn := w.versioned("m")
	alias := arn + ":PROD"
	d := w.must("DescribeStateMachineAlias", map[string]any{"stateMachineAliasArn": alias})
	if d["stateMachineAliasArn"] != alias || d["name"] != "PROD" || d["description"] != "d" || d["updateDate"] != nil ||
		fmt.Sprint(d["routingConfiguration"]) != fmt.Sprint(routes(arn+":1", 100)) {
		t.Errorf("got %v", d)
	}
	updated := w.must("UpdateStateMachineAlias", map[string]any{"stateMachineAliasArn": alias, "routingConfiguration": routes(arn+":2", 60, arn+":1", 40)})
	d = w.must("DescribeStateMachineAlias", map[string]any{"stateMachineAliasArn": alias})
	if d["updateDate"] != updated["updateDate"] || d["description"] != "d" || fmt.Sprint(d["routingConfiguration"]) != fmt.Sprint(routes(arn+":2", 60, arn+":1", 40)) {
		t.Errorf("got %v", d)
	}
	w.must("CreateStateMachineAlias", map[string]any{"name": "_", "routingConfiguration": routes(arn+":2", 100)})
	list := func(in map[string]any) string {
		var names []string
		for {
			page := w.must("ListStateMachineAliases", in)
			for _, a := range page["stateMachineAliases"].([]any) {
				names = append(names, strings.TrimPrefix(a.(map[string]any)["stateMachineAliasArn"].(string), arn+":"))
			}
			if page["nextToken"] == nil {
				return strings.Join(names, " ")
			}
			in["nextToken"] = page["nextToken"]
		}
	}
	for want, in := range map[string]map[string]any{
		"PROD _": {"stateMachineArn": arn, "maxResults": 1}, "PROD": {"stateMachineArn": arn + ":1"}, "_": {"stateMachineArn": arn + ":2", "maxResults": 1},
	} {
		if got := list(in); !strings.HasSuffix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	w.must("DeleteStateMachineAlias", map[string]any{"stateMachineAliasArn": alias})
	w.must("DeleteStateMachineAlias", map[string]any{"stateMachineAliasArn": alias})
	w.fails("UpdateStateMachineAlias", map[string]any{"stateMachineAliasArn": alias, "description": "x"}, "ResourceNotFound")
}

func TestAliasShapes(t *testing.T) {
	w := newWorld(t)
	arn := w.versioned("m")
	one, pattern := routes(arn+":1", 100), "Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$"
	detected := "ValidationException: 1 validation error detected: "
	for _, tc := range []struct {
		name    string
		routing []any
		want    string
	}{
		{"123", one, detected + "Value '123' at 'name' failed to satisfy constraint: " + pattern},
		{"a b", one, detected + "Value 'a b' at 'name' failed to satisfy constraint: " + pattern},
		{"a\n", one, detected + "Value 'a\n' at 'name' failed to satisfy constraint: " + pattern},
		{strings.Repeat("a", 81), one, detected + "Value '" + strings.Repeat("a", 81) + "' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80"},
		{"a", routes(arn+":1", 101), detected + "Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100"},
		{"a", routes(arn+":1", 50, arn+":2", -1), detected + "Value '-1' at 'routingConfiguration.2.member.weight' failed to satisfy constraint: Member must have value greater than or equal to 0"},
		{"a", []any{map[string]any{"weight": 1}}, detected + "Value null at 'routingConfiguration.1.member.stateMachineVersionArn' failed to satisfy constraint: Member must not be null"},
		{"a", []any{}, detected + "Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"a", routes(arn+":1", 1, arn+":2", 2, arn+":3", 3), detected + "Value '[RoutingConfigurationListItem(stateMachineVersionArn=" + arn + ":1, weight=1), RoutingConfigurationListItem(stateMachineVersionArn=" + arn +
			":2, weight=2), RoutingConfigurationListItem(stateMachineVersionArn=" + arn + ":3, weight=3)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2"},
	} {
		w.fails("CreateStateMachineAlias", map[string]any{"name": tc.name, "routingConfiguration": tc.routing}, tc.want)
	}
	for _, name := range []string{"1.", "-", "A_b", "2b"} {
		w.must("CreateStateMachineAlias", map[string]any{"name": name, "routingConfiguration": one})
	}
	_, out := call(t, w, "CreateStateMachineAlias", map[string]any{"name": "a", "routingConfiguration": routes(arn+":1", 99)})
	if out["reason"] != "INVALID_ROUTING_CONFIGURATION" {
		t.Errorf("got %v", out)
	}
	if _, out = call(t, w, "UpdateStateMachineAlias", map[string]any{"stateMachineAliasArn": arn + ":2b"}); out["reason"] != "MISSING_REQUIRED_PARAMETER" {
		t.Errorf("an update of nothing: %v", out)
	}
}

func TestExecutionsOfVersionsAndAliases(t *testing.T) {
	w := newWorld(t)
	arn := w.versioned("m")
	started := map[string]string{} // by what it was started with
	for name, suffix := range map[string]string{"plain": "", "version": ":1", "alias": ":PROD"} {
		started[name] = w.must("StartExecution", map[string]any{"stateMachineArn": arn + suffix, "name": name})["executionArn"].(string)
		if want := prefix + "execution:m:" + name; started[name] != want {
			t.Errorf("got %s, want %s", started[name], want)
		}
	}
	for name, want := range map[string]string{"plain": "<nil> <nil>", "version": arn + ":1 <nil>", "alias": arn + ":1 " + arn + ":PROD"} {
		shown := func(d map[string]any) string {
			return fmt.Sprint(d["stateMachineVersionArn"], " ", d["stateMachineAliasArn"])
		}
		d := w.must("DescribeExecution", map[string]any{"executionArn": started[name]})
		if shown(d) != want || d["stateMachineArn"] != arn {
			t.Errorf("%s: described as %v", name, d)
		}
		history := w.must("GetExecutionHistory", map[string]any{"executionArn": started[name], "reverseOrder": true})["events"].([]any)
		first := history[len(history)-1].(map[string]any)["executionStartedEventDetails"].(map[string]any)
		if shown(first) != want {
			t.Errorf("%s: the history begins with %v", name, first)
		}
	}
	if d := w.ended(started["alias"]); d["output"] != `{"done":true}` {
		t.Errorf("the alias led to %v", d)
	}
	if d := w.must("DescribeStateMachineForExecution", map[string]any{"executionArn": started["version"]}); d["definition"] != passes || d["stateMachineArn"] != arn {
		t.Errorf("the version follows %v", d)
	}
	for suffix, want := range map[string]int{"": 3, ":1": 2, ":2": 0, ":PROD": 1} {
		if got := w.must("ListExecutions", map[string]any{"stateMachineArn": arn + suffix})["executions"].([]any); len(got) != want {
			t.Errorf("%q has executions %v, want %d", suffix, got, want)
		}
	}
}

func TestListOfAVersionGoesOnAfterManyOthers(t *testing.T) {
	w := newWorld(t)
	arn := w.versioned("m")
	for i := range 3 {
		w.must("StartExecution", map[string]any{"stateMachineArn": arn + ":1", "name": fmt.Sprint("v", i)})
		for range 5 {
			w.must("StartExecution", map[string]any{"stateMachineArn": arn})
		}
	}
	in := map[string]any{"stateMachineArn": arn + ":1", "maxResults": 2}
	page := w.must("ListExecutions", in)
	if got := page["executions"].([]any); len(got) != 2 || got[0].(map[string]any)["name"] != "v2" || page["nextToken"] == nil {
		t.Fatalf("got %v", page)
	}
	w.fails("ListExecutions", map[string]any{"stateMachineArn": arn, "nextToken": page["nextToken"]}, "InvalidToken")
	in["nextToken"] = page["nextToken"]
	page = w.must("ListExecutions", in)
	if got := page["executions"].([]any); len(got) != 1 || got[0].(map[string]any)["name"] != "v0" || page["nextToken"] != nil {
		t.Errorf("got %v", page)
	}
}

func TestNestedExecutionByAlias(t *testing.T) {
	w := newWorld(t)
	child := w.versioned("child")
	parent := w.machine("parent", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
		"Parameters":{"StateMachineArn":"`+child+`:PROD","Name":"c"},"OutputPath":"$.Output","End":true}}}`, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": parent})["executionArn"].(string)
	if d := w.ended(execution); d["output"] != `{"done":true}` {
		t.Errorf("got %v", d)
	}
	if d := w.must("DescribeExecution", map[string]any{"executionArn": prefix + "execution:child:c"}); d["stateMachineAliasArn"] != child+":PROD" || d["stateMachineVersionArn"] != child+":1" {
		t.Errorf("the child is %v", d)
	}
}

func TestExpressByAlias(t *testing.T) {
	w := newWorld(t)
	created := w.must("CreateStateMachine", map[string]any{"name": "x", "definition": passes, "roleArn": roleARN, "type": "EXPRESS", "publish": true})
	if created["stateMachineVersionArn"] != fmt.Sprint(created["stateMachineArn"], ":1") {
		t.Errorf("got %v", created)
	}
	w.must("CreateStateMachineAlias", map[string]any{"name": "PROD", "routingConfiguration": routes(created["stateMachineVersionArn"], 100)})
	out := w.must("StartSyncExecution", map[string]any{"stateMachineArn": fmt.Sprint(created["stateMachineArn"], ":PROD")})
	if out["status"] != "SUCCEEDED" || out["stateMachineArn"] != created["stateMachineArn"] {
		t.Errorf("got %v", out)
	}
}

// crowd is an engine with a hundred thousand executions that were started by no
// version.
type crowd struct {
	Engine
	looked int
}

func (c *crowd) List(_ context.Context, _ store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error) {
	next := uint64(100_000)
	if after.Run != 0 {
		next = uint64(after.Run) - 1
	}
	rows := make([]store.ListRow, min(uint64(limit), next))
	for i := range rows {
		rows[i] = store.ListRow{Run: store.RunID(next - uint64(i)), Head: &store.Head{}}
	}
	c.looked += len(rows)
	return rows, nil
}

func TestListOfAVersionLooksAtSoMany(t *testing.T) {
	w := newWorld(t)
	engine := &crowd{}
	w.cfg.Engine = engine
	l := &selection{machine: &catalog.Machine{ID: 1}, version: 1}
	var after store.ListRow
	for calls := 1; ; calls++ {
		rows, next, err := w.listPage(t.Context(), l, after, 5)
		if err != nil || len(rows) != 0 || engine.looked > calls*maxScan {
			t.Fatalf("call %d gave %d rows after a look at %d, %v", calls, len(rows), engine.looked, err)
		}
		if next == nil {
			break
		}
		after = *next
	}
	if engine.looked != 100_000 {
		t.Errorf("looked at %d", engine.looked)
	}
}
