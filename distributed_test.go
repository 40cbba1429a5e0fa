package fermata_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/connector/mapio"
	"github.com/fermata-dev/fermata/interpreter"
)

// distributed is a machine of one distributed Map state: members are its own
// fields, processor the states of its children.
func distributed(execution, members, processor string) string {
	return fmt.Sprintf(`{"StartAt":"M","States":{"M":{"Type":"Map",%s"End":true,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":%q},%s}}}}`, members, execution, processor)
}

// echo gives the item, fail fails for those that are "bad".
const (
	echo = `"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}`
	fail = `"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","StringEquals":"bad","Next":"F"}],"Default":"P"},
		"F":{"Type":"Fail","Error":"Bad","Cause":"it was"},"P":{"Type":"Pass","End":true}}`
)

// mapWorld opens an engine whose bucket "b" is a folder.
func mapWorld(t *testing.T) (*fermata.Fermata, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := fermata.Open(t.Context(), fermata.Config{MapIO: mapio.Config{Roots: map[string]string{"b": dir}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f, dir
}

// outcome runs a machine and tells how it ended.
func outcome(t *testing.T, f *fermata.Fermata, definition, input string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	name := fmt.Sprintf("m%d", time.Now().UnixNano())
	if _, err := f.Deploy(ctx, name, definition); err != nil {
		t.Fatal(err)
	}
	x, err := f.Start(ctx, name, json.RawMessage(input))
	if err != nil {
		t.Fatal(err)
	}
	r, err := x.Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status == interpreter.Succeeded {
		return string(r.Output)
	}
	return strings.TrimSpace(fmt.Sprint(r.Status, " ", r.Error, " ", r.Cause))
}

func TestDistributedMap(t *testing.T) {
	f, dir := mapWorld(t)
	for name, text := range map[string]string{
		"rows.csv":   "a,b\n1,x\n2,y\n3,z\n",
		"list.json":  `[{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}]`,
		"scalar.txt": `{}`,
		"flat-1":     "{\"n\":1}\n{\"n\":2}\n",
		"flat-2":     "{\"n\":3}\n",
		"athena.csv": "s3://b/flat-2\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const tolerance = `FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded`
	read := func(key, config string) string {
		return `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"` + key + `"},"ReaderConfig":{` + config + `}},`
	}
	for what, tc := range map[string]struct{ members, processor, input, want string }{
		"items":                {processor: echo, input: `[1, {"a": [2]}, "x"]`, want: `[1,{"a":[2]},"x"]`},
		"no items":             {processor: echo, input: `[]`, want: `[]`},
		"one at a time":        {members: `"MaxConcurrency":1,`, processor: echo, input: `[3,2,1]`, want: `[3,2,1]`},
		"members of an object": {processor: echo, input: `{"b":1,"a":{"n":[2]}}`, want: `[{"Key":"b","Value":1},{"Key":"a","Value":{"n":[2]}}]`},
		"no members":           {processor: echo, input: `{}`, want: `[]`},
		"selector of members":  {members: `"ItemSelector":{"m.$":"$$.Map.Item"},"ItemsPath":"$.o",`, processor: echo, input: `{"o":{"k":"v"}}`, want: `[{"m":{"Index":0,"Key":"k","Value":"v","Source":"STATE_DATA"}}]`},
		"batches of members":   {members: `"ItemBatcher":{"MaxItemsPerBatch":2},`, processor: echo, input: `{"a":1,"b":2,"c":3}`, want: `[{"Items":[{"Key":"a","Value":1},{"Key":"b","Value":2}]},{"Items":[{"Key":"c","Value":3}]}]`},
		"members in JSONata": {members: `"QueryLanguage":"JSONata","Items":"{% $states.input.o %}","ItemSelector":{"k":"{% $states.context.Map.Item.Key %}","v":"{% $states.context.Map.Item.Value + $states.context.Map.Item.Index %}"},`,
			processor: echo, input: `{"o":{"x":10,"y":20}}`, want: `[{"k":"x","v":10},{"k":"y","v":21}]`},
		"neither an array nor an object":    {processor: echo, input: `7`, want: `FAILED States.Runtime An error occurred while executing the state 'M' (entered at the event id #2). Reference path "$" must point to array.`},
		"selector":                          {members: `"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","n.$":"$.n"},"ItemsPath":"$.l",`, processor: echo, input: `{"n":7,"l":["a","b"]}`, want: `[{"v":"a","i":0,"n":7},{"v":"b","i":1,"n":7}]`},
		"source of a file":                  {members: read("list.json", `"InputType":"JSON","MaxItems":1`) + `"ItemSelector":{"s.$":"$$.Map.Item.Source"},`, processor: echo, input: `{}`, want: `[{"s":"s3://b/list.json"}]`},
		"source of a listing":               {members: `"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b","Prefix":"list"}},"ItemSelector":{"s.$":"$$.Map.Item.Source"},`, processor: echo, input: `{}`, want: `[{"s":"s3://b"}]`},
		"sources of listed objects":         {members: `"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b","Prefix":"flat-"},"ReaderConfig":{"InputType":"JSONL","Transformation":"LOAD_AND_FLATTEN"}},"ItemSelector":{"n.$":"$$.Map.Item.Value.n","s.$":"$$.Map.Item.Source"},`, processor: echo, input: `{}`, want: `[{"s":"s3://b/flat-1","n":1},{"s":"s3://b/flat-1","n":2},{"s":"s3://b/flat-2","n":3}]`},
		"sources of data files":             {members: read("athena.csv", `"InputType":"JSONL","ManifestType":"ATHENA_DATA"`) + `"ItemSelector":{"s.$":"$$.Map.Item.Source"},`, processor: echo, input: `{}`, want: `[{"s":"s3://b/flat-2"}]`},
		"selector that asks for the source": {members: `"ItemSelector":{"s.$":"$$.Map.Item.Source"},"ItemsPath":"$.l",`, processor: echo, input: `{"l":["a"]}`, want: `[{"s":"STATE_DATA"}]`},
		"percentage that is not there":      {members: `"ToleratedFailurePercentagePath":"$.nope","ItemsPath":"$.l",`, processor: echo, input: `{"l":[]}`, want: `FAILED States.Runtime An error occurred while executing the state 'M' (entered at the event id #2). Invalid path '$.nope' : No results for path: $['nope']`},
		"percentage that is no number":      {members: `"ToleratedFailurePercentagePath":"$.p","ItemsPath":"$.l",`, processor: echo, input: `{"l":[],"p":"NaN"}`, want: `FAILED States.Runtime An error occurred while executing the state 'M' (entered at the event id #2). The ToleratedFailurePercentagePath field refers to value "NaN" which is not a valid float: $.p`},
		"percentage in a text":              {members: `"ToleratedFailurePercentagePath":"$.p","ItemsPath":"$.l",`, processor: fail, input: `{"l":["bad","ok"],"p":"5e1"}`, want: `[{"Status":"FAILED","Error":"Bad","Cause":"it was"},"ok"]`},
		"selector that fails":               {members: `"ItemSelector":{"v.$":"$.nope"},`, processor: echo, input: `[{}]`, want: `FAILED States.Runtime An error occurred while executing the state 'M' (entered at the event id #2). The JSONPath '$.nope' specified for the field 'v.$' could not be found in the input '[{}]'`},
		"batches":                           {members: `"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"k":"v"}},`, processor: echo, input: `[1,2,3]`, want: `[{"BatchInput":{"k":"v"},"Items":[1,2]},{"BatchInput":{"k":"v"},"Items":[3]}]`},
		"batches by size":                   {members: `"ItemBatcher":{"MaxInputBytesPerBatch":25},`, processor: echo, input: `["aaaa","bbbb","cccccccccccccccccccccccc","d"]`, want: `[{"Items":["aaaa","bbbb"]},{"Items":["cccccccccccccccccccccccc"]},{"Items":["d"]}]`},
		"a failure":                         {processor: fail, input: `["ok","bad","ok"]`, want: tolerance},
		"one tolerated":                     {members: `"ToleratedFailureCount":1,`, processor: fail, input: `["ok","bad","fine"]`, want: `["ok",{"Status":"FAILED","Error":"Bad","Cause":"it was"},"fine"]`},
		"one too many":                      {members: `"ToleratedFailureCount":1,`, processor: fail, input: `["bad","bad","fine"]`, want: tolerance},
		"half tolerated":                    {members: `"ToleratedFailurePercentage":50,`, processor: fail, input: `["bad","bad","fine","ok"]`, want: `[{"Status":"FAILED","Error":"Bad","Cause":"it was"},{"Status":"FAILED","Error":"Bad","Cause":"it was"},"fine","ok"]`},
		"more than half":                    {members: `"ToleratedFailurePercentage":50,`, processor: fail, input: `["bad","bad","bad","ok"]`, want: tolerance},
		"rows":                              {members: read("rows.csv", `"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"`), processor: echo, input: `{}`, want: `[{"a":"1","b":"x"},{"a":"2","b":"y"},{"a":"3","b":"z"}]`},
		"some rows":                         {members: read("rows.csv", `"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","MaxItems":2`), processor: echo, input: `{}`, want: `[{"a":"1","b":"x"},{"a":"2","b":"y"}]`},
		"rows in batches":                   {members: read("list.json", `"InputType":"JSON"`) + `"ItemBatcher":{"MaxItemsPerBatch":3},`, processor: echo, input: `{}`, want: `[{"Items":[{"n":1},{"n":2},{"n":3}]},{"Items":[{"n":4}]}]`},
		"no such object":                    {members: read("nope", `"InputType":"JSON"`), processor: echo, input: `{}`, want: `FAILED States.ItemReaderFailed`},
		"fewer than no items":               {members: read("list.json", `"InputType":"JSON","MaxItemsPath":"$.n"`), processor: echo, input: `{"n":-1}`, want: `FAILED States.ItemReaderFailed field MaxItems must be positive`},
		"a number that is a text":           {members: `"ItemsPath":"$.l","ToleratedFailureCountPath":"$.n",`, processor: fail, input: `{"n":"1","l":["bad","x"]}`, want: `[{"Status":"FAILED","Error":"Bad","Cause":"it was"},"x"]`},
	} {
		for _, execution := range []string{"STANDARD", "EXPRESS"} {
			t.Run(what+"/"+execution, func(t *testing.T) {
				t.Parallel()
				if got := outcome(t, f, distributed(execution, tc.members, tc.processor), tc.input); !strings.HasPrefix(got, tc.want) {
					t.Errorf("got  %s\nwant %s", got, tc.want)
				}
			})
		}
	}
}
