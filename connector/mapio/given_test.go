package mapio

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

// TestGiven: content is read in every form as an object with it would be.
func TestGiven(t *testing.T) {
	for _, tc := range []struct{ config, content, want string }{
		{`{"InputType":"JSON"}`, `[1, {"a": 2}]`, `[1,{"a":2}]`},
		{`{"InputType":"JSON"}`, `[]`, `[]`},
		{`{"InputType":"JSON","ItemsPointer":"/a/b"}`, `{"a":{"b":[1]}}`, `[1]`},
		{`{"InputType":"JSONL"}`, "{\"a\":1}\n2\n", `[{"a":1},2]`},
		{`{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`, "a,b\n1,2\n3,4\n", `[{"a":"1","b":"2"},{"a":"3","b":"4"}]`},
		{`{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["x"],"CSVDelimiter":"PIPE"}`, "1\n", `[{"x":"1"}]`},
		{`{"InputType":"JSON"}`, `[1,`, "error"},
		{`{"InputType":"PARQUET"}`, `no`, "error"},
		{`{"InputType":"MANIFEST","ManifestType":"ATHENA_DATA"}`, "s3://other/key\n", "error"},
		{`{"InputType":"XML"}`, ``, "error"},
	} {
		v, err := value.Parse([]byte(tc.config))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Given(t.Context(), v.(*value.Object), []byte(tc.content), Limits{})
		if tc.want == "error" {
			if err == nil || strings.TrimSpace(err.Error()) == "" {
				t.Errorf("%s %s: got %s", tc.config, tc.content, got)
			}
		} else if err != nil || string(got) != tc.want {
			t.Errorf("%s %s: got %s, %v", tc.config, tc.content, got, err)
		}
	}
}
