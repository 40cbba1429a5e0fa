package mapio

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

const firstRow = `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`

func given(headers string) string {
	return `{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":[` + headers + `]}`
}

func TestItemsOfAnObject(t *testing.T) {
	long := strings.Repeat("x", 3*bufferBytes)
	for _, c := range []struct {
		name, config, body string
		want               []string
	}{
		{"JSON array", `{"InputType":"JSON"}`, ` [ {"b": 1.0, "a" : "x y"} ,2, "]", null,[ 1, 2 ], true ] `, []string{`{"b":1.0,"a":"x y"}`, `2`, `"]"`, `null`, `[1,2]`, `true`}},
		{"JSON array without elements", `{"InputType":"JSON"}`, `[ ]`, nil},
		{"JSON array behind a byte order mark", `{"InputType":"JSON"}`, "\xEF\xBB\xBF[1]", []string{`1`}},
		{"JSON with escapes", `{"InputType":"JSON"}`, `["\"]\\",{"\"}":"\\"}]`, []string{`"\"]\\"`, `{"\"}":"\\"}`}},
		{"JSON that is larger than the buffer", `{"InputType":"JSON"}`, `["` + long + `",{"a":"` + long + `"}]`, []string{`"` + long + `"`, `{"a":"` + long + `"}`}},
		{"JSON pointer", `{"InputType":"JSON","ItemsPointer":"/a~1b/1/c~0"}`, `{"x":[1,{"c":"}"}],"a/b":[0,{"c~":[1,2]},3],"y":"open`, []string{`1`, `2`}},
		{"JSON pointer past much", `{"InputType":"JSON","ItemsPointer":"/a"}`, `{"x":["` + long + `"],"a":[1]}`, []string{`1`}},
		{"JSON pointer to the whole", `{"InputType":"JSON","ItemsPointer":""}`, `[1]`, []string{`1`}},
		{"JSON Lines", `{"InputType":"JSONL"}`, "{\"a\": 1}\n\n 2 \r\n\"x\"", []string{`{"a":1}`, `2`, `"x"`}},
		{"JSON Lines, none", `{"InputType":"JSONL"}`, "", nil},
		{"JSON Lines that are larger than the buffer", `{"InputType":"JSONL"}`, `"` + long + "\"\n1\n", []string{`"` + long + `"`, `1`}},
		{"CSV with headers", firstRow, "a,b\n1,2\n3,4\n", []string{`{"a":"1","b":"2"}`, `{"a":"3","b":"4"}`}},
		{"CSV with given headers", given(`"a","b"`), "1,2\n3,4", []string{`{"a":"1","b":"2"}`, `{"a":"3","b":"4"}`}},
		{"CSV with too few and too many cells", given(`"a","b"`), "1\n1,2,3\n,,,\n  \n", []string{`{"a":"1","b":""}`, `{"a":"1","b":"2"}`, `{"a":"","b":""}`, `{"a":"  ","b":""}`}},
		{"CSV with empty lines", given(`"a"`), "\n1\n\r\n\n2\r\n\n", []string{`{"a":"1"}`, `{"a":"2"}`}},
		{"CSV with quotes", given(`"a","b"`), "\"1,2\",\"say \"\"x\"\"\" \n\"two\r\nlines\",3\r\n\"\",\"\"\n", []string{`{"a":"1,2","b":"say \"x\""}`, `{"a":"two\r\nlines","b":"3"}`, `{"a":"","b":""}`}},
		{"CSV with quotes within cells", given(`"a","b"`), "5\" pipe, \"x\"\n", []string{`{"a":"5\" pipe","b":" \"x\""}`}},
		{"CSV without rows", firstRow, "a,b\n", nil},
		{"CSV without anything", firstRow, "", nil},
		{"CSV with one empty header", firstRow, "k,\n1,2,3\n", []string{`{"":"2","k":"1"}`}},
		{"CSV behind a byte order mark", firstRow, "\xEF\xBB\xBFa\n1\n", []string{`{"a":"1"}`}},
		{"CSV with bytes that are no UTF-8", given(`"a"`), "\xFFx\n", []string{"{\"a\":\"\uFFFDx\"}"}},
		{"CSV with more than ASCII", given(`"ä"`), "ü\\\t\n", []string{`{"ä":"ü\\\t"}`}},
		{"CSV that is larger than the buffer", given(`"a","b"`), long + ",\"" + long + "\"\n1,2\n", []string{`{"a":"` + long + `","b":"` + long + `"}`, `{"a":"1","b":"2"}`}},
		{"CSV with another delimiter", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","CSVDelimiter":"TAB"}`, "a\tb\n\"1\"\t2,3\n", []string{`{"a":"1","b":"2,3"}`}},
	} {
		t.Run(c.name, func(t *testing.T) { everyWay(t, c.config, c.body, c.want) })
	}
}

// everyWay reads an object from each place, in blocks of each size, with streams
// that go on and with streams that are opened anew for each block.
func everyWay(t *testing.T, config, body string, want []string) {
	w := newWorld(t)
	for _, bucket := range []string{files, inS3} {
		w.put(t, bucket, "in/x", body)
		for _, size := range []int{1, 2, 1000} {
			a := getting(bucket, "in/x", config)
			a.BlockItems = size
			warm := w.connector(t)
			for name, from := range map[string]func() *Connector{"warm": func() *Connector { return warm }, "cold": func() *Connector { return w.connector(t) }} {
				if got, err := a.all(from); err != nil || !slices.Equal(got, want) {
					t.Errorf("%s, %s, blocks of %d: got %.300q, %v\nwant %.300q", bucket, name, size, got, err, want)
				}
			}
		}
	}
}

func TestColumnsStandInTheOrderOfAHashMap(t *testing.T) {
	var headers, cells []string
	for i := range 13 { // more than three quarters of 16
		headers, cells = append(headers, string(rune('a'+i))), append(cells, strconv.Itoa(i))
	}
	for _, c := range []struct{ headers, row, want string }{
		{"Col1,Col2,Col3", "1,2,3", `{"Col1":"1","Col2":"2","Col3":"3"}`},
		{"0,True,{}", "1,2,3", `{"0":"1","{}":"3","True":"2"}`},
		{"H1,", "1,2", `{"":"2","H1":"1"}`},
		{"Aa,BB,z", "1,2,3", `{"Aa":"1","BB":"2","z":"3"}`}, // the first two have the same hash
		{"\U0001F600,k", "1,2", "{\"\U0001F600\":\"1\",\"k\":\"2\"}"},
		{strings.Join(headers, ","), strings.Join(cells, ","), `{"a":"0","b":"1","c":"2","d":"3","e":"4","f":"5","g":"6","h":"7","i":"8","j":"9","k":"10","l":"11","m":"12"}`},
	} {
		w := newWorld(t)
		w.put(t, files, "x", c.headers+"\n"+c.row+"\n")
		conn := w.connector(t)
		if got, err := getting(files, "x", firstRow).all(func() *Connector { return conn }); err != nil || !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %v, %v, want %s", c.headers, got, err, c.want)
		}
	}
}

func TestMaxItems(t *testing.T) {
	w := newWorld(t)
	w.put(t, files, "x", "[1,2,3,4,5]")
	for _, c := range []struct{ most, block, want int }{{0, 0, 5}, {2, 0, 2}, {3, 2, 3}, {5, 2, 5}, {100_000_001, 2, 5}} {
		a := getting(files, "x", `{"InputType":"JSON"}`)
		a.MaxItems, a.BlockItems = c.most, c.block
		conn := w.connector(t)
		if got, err := a.all(func() *Connector { return conn }); err != nil || len(got) != c.want {
			t.Errorf("at most %d: got %v, %v", c.most, got, err)
		}
	}
}

func TestBlocksEndAtTheirBytes(t *testing.T) {
	w := newWorld(t)
	w.put(t, files, "x", "[1000,2000,3000]")
	a := getting(files, "x", `{"InputType":"JSON"}`)
	a.BlockBytes = 5
	b, err := a.of(w.connector(t))
	if err != nil || len(b.Items) != 2 || b.Done {
		t.Errorf("got %v, %v: a block ends with the item that reaches the limit", b, err)
	}
}
