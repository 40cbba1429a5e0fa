package value_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

func TestParseRoundTrip(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`null`, `null`},
		{` true `, `true`},
		{`false`, `false`},
		{`0.0`, `0.0`},
		{`-0`, `-0`},
		{`1E+2`, `1E+2`},
		{`12345678901234567890`, `12345678901234567890`},
		{`"a\/b\u0041\n\u001f"`, `"a/bA\n\u001f"`},
		{`"<&>é\u00e9\ud83d\ude00"`, `"<&>éé😀"`},
		{`"\ud83d x \ude00"`, `"� x �"`},
		{`"\ud83d\u0041"`, `"�A"`},
		{`[]`, `[]`},
		{"[ 1 ,\t[ ] , { } ]\r\n", `[1,[],{}]`},
		{`{"b":1,"a":{"z":[null]},"b":2}`, `{"b":2,"a":{"z":[null]}}`},
		{`{"":""}`, `{"":""}`},
	} {
		v, err := value.Parse([]byte(c.text))
		if err != nil {
			t.Errorf("Parse(%s): %v", c.text, err)
			continue
		}
		if got := string(value.Append(nil, v)); got != c.want {
			t.Errorf("Parse(%s) is written as %s, want %s", c.text, got, c.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text         string
		line, column int
		says         string
	}{
		{``, 1, 1, "unexpected end of text, a value is missing"},
		{`  `, 1, 3, "end of text"},
		{`[1,]`, 1, 4, "unexpected ']' where a value should be"},
		{"{\n  \"a\" 1}", 2, 7, "unexpected '1' where ':' should be"},
		{`{"a":1,}`, 1, 8, "a member name in double quotes"},
		{`{a:1}`, 1, 2, "a member name in double quotes"},
		{`[1 2]`, 1, 4, "',' or ']'"},
		{`{"é":1 2}`, 1, 8, "',' or '}'"},
		{`01`, 1, 2, "the end of the text"},
		{`-`, 1, 2, "a digit is missing"},
		{`1.`, 1, 3, "a digit"},
		{`1e+`, 1, 4, "a digit"},
		{`+1`, 1, 1, "a value"},
		{`.5`, 1, 1, "a value"},
		{`tru`, 1, 1, "a value"},
		{`nulll`, 1, 5, "the end of the text"},
		{`"a`, 1, 1, "has no end"},
		{`["\x"]`, 1, 4, "behind the backslash"},
		{`"\u12g4"`, 1, 6, "a hexadecimal digit"},
		{"\"a\tb\"", 1, 3, "a character or an escape"},
		{"\"\xff\"", 1, 2, "not UTF-8"},
		{"\xff", 1, 1, "not UTF-8"},
		{strings.Repeat("[", 1001), 1, 1001, "nested too deep"},
	} {
		_, err := value.Parse([]byte(c.text))
		var syntax *value.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Parse(%q) = %v, want a SyntaxError", c.text, err)
			continue
		}
		if syntax.Line != c.line || syntax.Column != c.column || !strings.Contains(syntax.Msg, c.says) {
			t.Errorf("Parse(%q) = %v, want %q at line %d, column %d", c.text, err, c.says, c.line, c.column)
		}
		if valid := value.Valid([]byte(c.text)); valid == nil || valid.Error() != err.Error() {
			t.Errorf("Valid(%q) = %v, Parse says %v", c.text, valid, err)
		}
	}
}

func TestParseNestingLimit(t *testing.T) {
	text := strings.Repeat("[", value.MaxDepth) + strings.Repeat("]", value.MaxDepth)
	if _, err := value.Parse([]byte(text)); err != nil {
		t.Errorf("MaxDepth levels: %v", err)
	}
	wide := "[" + strings.Repeat(`{"a":[]},`, 2*value.MaxDepth) + "0]"
	if _, err := value.Parse([]byte(wide)); err != nil {
		t.Errorf("levels that are closed again must not count: %v", err)
	}
}

func TestValidAllocatesNothing(t *testing.T) {
	allocations := testing.AllocsPerRun(10, func() {
		if err := value.Valid(document); err != nil {
			t.Fatal(err)
		}
	})
	if allocations != 0 {
		t.Errorf("Valid allocates %v times", allocations)
	}
}

// FuzzParse: we accept what encoding/json accepts, but for texts that are not
// UTF-8 and for deep nesting (its limit is 10,000); Valid agrees with Parse,
// and what we write is read back as the same value.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		string(document), `{"a":[1,-0.5e+3,"\ud83d\ude00",null,true]}`, `[1,]`, "\"\xff\"", `"\u00`, `{"a":1,"a":2}`, ` 1 `, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := value.Parse(text)
		if valid := value.Valid(text); (valid == nil) != (err == nil) {
			t.Fatalf("Valid says %v, Parse says %v", valid, err)
		}
		if want := json.Valid(text) && utf8.Valid(text); want != (err == nil) {
			if err == nil || !strings.Contains(err.Error(), "nested too deep") {
				t.Fatalf("encoding/json says %v, we say %v", want, err)
			}
		}
		if err != nil {
			return
		}
		written := value.Append(nil, v)
		again, err := value.Parse(written)
		if err != nil || !value.Equal(v, again) {
			t.Fatalf("%q is written as %q, which is read as %v, %v", text, written, again, err)
		}
		if twice := value.Append(nil, again); !bytes.Equal(twice, written) {
			t.Fatalf("written as %q, then as %q", written, twice)
		}
		compact := value.AppendCompact(nil, text)
		var want bytes.Buffer
		if err := json.Compact(&want, text); err != nil || !bytes.Equal(compact, want.Bytes()) {
			t.Fatalf("AppendCompact(%q) = %q, want %q", text, compact, want.Bytes())
		}
	})
}

// document is about 1 KiB of what payloads look like.
var document = []byte(`{
  "orderId": "5f2b9c1e-8a4d-4c61-9b0e-2d7f3a6c8e10", "customer": {"id": 184467, "name": "Ana Gonçalves", "tier": "gold",
  "email": "ana@example.com", "address": {"street": "Rua das Flores 12", "city": "Porto", "zip": "4050-262", "country": "PT"}},
  "items": [
    {"sku": "AX-1001", "quantity": 2, "price": 19.99, "tags": ["new", "fragile"], "gift": false},
    {"sku": "BT-2040", "quantity": 1, "price": 249.00, "tags": [], "gift": true},
    {"sku": "CC-0007", "quantity": 12, "price": 0.5, "tags": ["bulk"], "gift": false}
  ],
  "payment": {"method": "card", "authorised": true, "amount": 294.98, "currency": "EUR", "reference": null},
  "notes": "Ring twice.\nLeave with the \"porteiro\" if nobody answers the door; otherwise try again on the next working day.",
  "history": [{"at": "2024-03-01T10:15:30.123Z", "event": "created"}, {"at": "2024-03-01T10:15:31.456Z", "event": "authorised"}],
  "flags": {"express": false, "insured": true, "score": 0.8731, "attempts": 3}
}`)

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := value.Parse(document); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValid(b *testing.B) {
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		if err := value.Valid(document); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	v, err := value.Parse(document)
	if err != nil {
		b.Fatal(err)
	}
	var dst []byte
	b.SetBytes(int64(len(value.Append(nil, v))))
	b.ReportAllocs()
	for b.Loop() {
		dst = value.Append(dst[:0], v)
	}
}

func BenchmarkAppendCompact(b *testing.B) {
	var dst []byte
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		dst = value.AppendCompact(dst[:0], document)
	}
}
