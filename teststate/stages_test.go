package teststate

import "testing"

// TestStages: which stages an answer shows depends on the type of the state.
func TestStages(t *testing.T) {
	const input = `{"a": {"b": 1}, "l": [{"n": 1}, {"n": 2}]}`
	for name, tc := range map[string]struct {
		r    *Request
		want string
	}{
		"a Pass state": {
			request(`{"Type":"Pass","InputPath":"$.a","Parameters":{"c.$":"$.b"},"ResultPath":"$.r","OutputPath":"$.r","Next":"N"}`, input),
			"input " + input + "\nafterInputPath {\"b\":1}\nafterParameters {\"c\":1}\nafterResultSelector {\"c\":1}\n" +
				`afterResultPath {"a":{"b":1},"l":[{"n":1},{"n":2}],"r":{"c":1}}`,
		},
		"a Pass state with a Result shows nothing of its input": {
			request(`{"Type":"Pass","InputPath":"$.a","Parameters":{"c.$":"$.b"},"Result":7,"End":true}`, `{"a":{"b":1}}`),
			"input {\"a\":{\"b\":1}}\nresult 7\nafterResultSelector 7\nafterResultPath 7",
		},
		"a Choice": {
			request(`{"Type":"Choice","InputPath":"$.a","Choices":[{"Variable":"$.b","NumericEquals":1,"Next":"N"}]}`, `{"a":{"b":1}}`),
			"input {\"a\":{\"b\":1}}\nafterInputPath {\"b\":1}",
		},
		"a Wait state": {
			request(`{"Type":"Wait","Seconds":0,"End":true}`, `{"a":1}`), "input {\"a\":1}\nafterInputPath {\"a\":1}",
		},
		"Succeed": {request(`{"Type":"Succeed"}`, `1`), "input 1\nafterInputPath 1"},
		"Fail":    {request(`{"Type":"Fail","Error":"E"}`, `1`), "input 1\nafterInputPath 1"},
		"a Task": {
			request(`{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody.$":"$.a"},"ResultSelector":{"id.$":"$.MessageId"},"ResultPath":null,"End":true}`, `{"a":"x"}`).
				mock(`{"MessageId":"1"}`),
			"input {\"a\":\"x\"}\nafterInputPath {\"a\":\"x\"}\nafterParameters {\"QueueUrl\":\"q\",\"MessageBody\":\"x\"}\nresult {\"MessageId\":\"1\"}\n" +
				"afterResultSelector {\"id\":\"1\"}\nafterResultPath {\"a\":\"x\"}",
		},
		"a Task that failed": {
			request(`{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody.$":"$.a"},"End":true}`, `{"a":"x"}`).fails("E", "c"),
			"input {\"a\":\"x\"}\nafterInputPath {\"a\":\"x\"}\nafterParameters {\"QueueUrl\":\"q\",\"MessageBody\":\"x\"}",
		},
		"a Parallel state shows what comes after its branches": {
			request(`{"Type":"Parallel","InputPath":"$.a","Branches":[{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}],"ResultPath":"$.r","End":true}`, `{"a":1}`).mock(`[2]`),
			"input {\"a\":1}\nafterResultSelector [2]\nafterResultPath {\"a\":1,\"r\":[2]}",
		},
		"a Map": {
			request(`{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"i.$":"$$.Map.Item.Index","n.$":"$$.Map.Item.Value.n","all.$":"$.a"},"MaxConcurrency":3,`+
				`"ToleratedFailureCount":1,"ToleratedFailurePercentage":50,`+distributed+`,"End":true}`, input).mock(`[1, 2]`),
			"input " + input + "\nafterInputPath " + input + "\nafterResultSelector [1, 2]\nafterResultPath [1, 2]\n" +
				"afterItemsPath [{\"n\":1}, {\"n\":2}]\n" +
				"afterItemSelector [{\"all\":{\"b\":1},\"i\":0,\"n\":1}, {\"all\":{\"b\":1},\"i\":1,\"n\":2}]\n" +
				"maxConcurrency 3\ntoleratedFailureCount 1\ntoleratedFailurePercentage 50",
		},
		"a Map with batches": {
			request(`{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"v.$":"$$.Map.Item.Value"},"ItemBatcher":{"MaxItemsPerBatchPath":"$.n","BatchInput":{"b.$":"$.n"}},`+
				distributed+`,"End":true}`, `{"l":[1,2,3],"n":2}`).mock(`[0,1]`),
			"input {\"l\":[1,2,3],\"n\":2}\nafterInputPath {\"l\":[1,2,3],\"n\":2}\nafterResultSelector [0,1]\nafterResultPath [0,1]\nafterItemsPath [1, 2, 3]\n" +
				"afterItemSelector [{\"v\":1}, {\"v\":2}, {\"v\":3}]\n" +
				`afterItemBatcher [{"BatchInput":{"b":2},"Items":["{\"v\":1}","{\"v\":2}"]}, {"BatchInput":{"b":2},"Items":["{\"v\":3}"]}]` + "\nmaxConcurrency 0",
		},
		"a Map with batches of so many bytes": {
			request(`{"Type":"Map","ItemBatcher":{"MaxInputBytesPerBatch":20},`+distributed+`,"End":true}`, `["aaa","bbb","ccccccccccccccccccccccc"]`).mock(`[0,0,0]`),
			"input [\"aaa\",\"bbb\",\"ccccccccccccccccccccccc\"]\nafterInputPath [\"aaa\",\"bbb\",\"ccccccccccccccccccccccc\"]\nafterResultSelector [0,0,0]\nafterResultPath [0,0,0]\n" +
				"afterItemsPath [\"aaa\", \"bbb\", \"ccccccccccccccccccccccc\"]\n" +
				`afterItemBatcher [{"Items":["\"aaa\""]}, {"Items":["\"bbb\""]}, {"Items":["\"ccccccccccccccccccccccc\""]}]` + "\nmaxConcurrency 0",
		},
		"a Map whose items are no array": {
			request(`{"Type":"Map","ItemsPath":"$.l","MaxConcurrency":3,`+inline+`,"End":true}`, `{"l":1}`).mock(`[]`),
			"input {\"l\":1}\nafterInputPath {\"l\":1}",
		},
		"variables, those that were given and those that the state assigns": {
			request(`{"Type":"Pass","Assign":{"b.$":"$a","c":3},"End":true}`, `1`).with(func(r *Request) { r.Variables = ptr(`{"a":1,"b":0}`) }),
			"input 1\nafterInputPath 1\nafterParameters 1\nafterResultSelector 1\nafterResultPath 1\nvariables {\"a\":1,\"b\":1,\"c\":3}",
		},
		"no variables": {
			request(`{"Type":"Succeed"}`, `1`).with(func(r *Request) { r.Variables = ptr(`{}`) }), "input 1\nafterInputPath 1",
		},
	} {
		if got := stages(t, tc.r.debug()); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
}

const (
	processor   = `"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}`
	inline      = `"ItemProcessor":{` + processor + `}`
	distributed = `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` + processor + `}`
)

// TestLevels: the level INFO, which is the default, shows no stages.
func TestLevels(t *testing.T) {
	for level, shown := range map[Level]bool{"": false, Info: false, Debug: true, Trace: true} {
		r := request(`{"Type":"Succeed"}`, `{}`)
		r.Level = level
		a, err := new(Tester).Test(t.Context(), r)
		if err != nil || (a.Inspection != nil) != shown {
			t.Errorf("level %q: %+v, %v", level, a, err)
		}
	}
}
