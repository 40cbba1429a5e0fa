package value_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

func TestNumberInt64(t *testing.T) {
	for _, c := range []struct {
		number value.Number
		want   int64
		ok     bool
	}{
		{"0", 0, true}, {"-0", 0, true}, {"0.000", 0, true}, {"0e99999999999", 0, true},
		{"1.0", 1, true}, {"1e2", 100, true}, {"-1.50E1", -15, true}, {"1200e-2", 12, true},
		{"9223372036854775807", math.MaxInt64, true}, {"9223372036854775808", 0, false},
		{"-9223372036854775808", math.MinInt64, true}, {"-9223372036854775808.0", math.MinInt64, true},
		{"9223372036854775807.0", math.MaxInt64, true}, {"-9223372036854775809.0", 0, false},
		{"9.9e18", 0, false}, {"1e19", 0, false}, {"1e999999999999999999999", 0, false},
		{"0.5", 0, false}, {"1e-1", 0, false}, {"", 0, false}, {"x", 0, false}, {"1x", 0, false},
	} {
		got, ok := c.number.Int64()
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %d, %v; want %d, %v", c.number, got, ok, c.want, c.ok)
		}
	}
}

func TestFloatNumber(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want value.Number
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1, "1"}, {-2.5, "-2.5"}, {0.1, "0.1"}, {1e20, "100000000000000000000"},
		{1e21, "1e+21"}, {1e-6, "0.000001"}, {1e-7, "1e-7"}, {1.5e-10, "1.5e-10"},
		{math.NaN(), "0"}, {math.Inf(1), "1.7976931348623157e+308"}, {math.Inf(-1), "-1.7976931348623157e+308"},
	} {
		if got := value.FloatNumber(c.f); got != c.want {
			t.Errorf("FloatNumber(%v) = %s, want %s", c.f, got, c.want)
		}
	}
	if got := value.Number("1e999").Float64(); !math.IsInf(got, 1) {
		t.Errorf("1e999 as float64 is %v", got)
	}
	if got := value.IntNumber(math.MinInt64); got != "-9223372036854775808" {
		t.Errorf("IntNumber(MinInt64) = %s", got)
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`100`, `1e2`, true}, {`0`, `-0.0`, true}, {`0.1`, `0.10`, true}, {`1`, `-1`, false},
		{`12345678901234567890`, `12345678901234567891`, false}, {`1e400`, `10e399`, true}, {`1e400`, `1e401`, false},
		{`1`, `"1"`, false}, {`null`, `null`, true}, {`null`, `false`, false}, {`true`, `true`, true}, {`true`, `false`, false},
		{`"a"`, `"\u0061"`, true}, {`[1,2]`, `[1.0,2]`, true}, {`[1,2]`, `[2,1]`, false}, {`[1]`, `[1,2]`, false},
		{`{"a":1,"b":[2]}`, `{"b":[2.0],"a":1}`, true}, {`{"a":1}`, `{"b":1}`, false}, {`{}`, `{"a":null}`, false}, {`{}`, `[]`, false},
	} {
		a, b := parse(t, c.a), parse(t, c.b)
		if value.Equal(a, b) != c.want || value.Equal(b, a) != c.want {
			t.Errorf("Equal(%s, %s) is not %v", c.a, c.b, c.want)
		}
	}
}

func TestTypeName(t *testing.T) {
	for text, want := range map[string]string{
		`null`: "null", `true`: "boolean", `1`: "number", `"a"`: "string", `[]`: "array", `{}`: "object",
	} {
		if got := value.TypeName(parse(t, text)); got != want {
			t.Errorf("%s is a %s, want %s", text, got, want)
		}
	}
}

func TestObjectKeepsOrder(t *testing.T) {
	for _, size := range []int{3, 8, 9, 100} {
		o := value.NewObject(0)
		for i := range size {
			o.Set(fmt.Sprint("k", i), value.IntNumber(int64(i)))
		}
		o.Set("k1", "changed")
		clone := o.Clone()
		clone.Set("new", true)
		clone.Delete("k0")
		clone.Delete("k0")

		if o.Len() != size || clone.Len() != size {
			t.Fatalf("size %d: lengths %d and %d", size, o.Len(), clone.Len())
		}
		if _, found := o.Get("new"); found {
			t.Errorf("size %d: a change of the clone shows in the original", size)
		}
		if key, v := o.At(1); key != "k1" || v != "changed" {
			t.Errorf("size %d: member 1 is %s: %v", size, key, v)
		}
		if key, _ := clone.At(size - 1); key != "new" {
			t.Errorf("size %d: the last of the clone is %s", size, key)
		}
		for key, v := range clone.All() {
			if got, ok := clone.Get(key); !ok || got != v {
				t.Errorf("size %d: Get(%s) = %v, %v; want %v", size, key, got, ok, v)
			}
		}
	}
}

func TestDocument(t *testing.T) {
	spaced := value.Text([]byte(`{"a": 1.0}`))
	if spaced.Parsed() || spaced.Size() != 10 {
		t.Errorf("parsed %v, size %d", spaced.Parsed(), spaced.Size())
	}
	if got := string(spaced.Compact()); got != `{"a":1.0}` {
		t.Errorf("compact is %s", got)
	}
	if got := string(spaced.Text()); got != `{"a": 1.0}` {
		t.Errorf("text is %s", got)
	}
	if v := spaced.Value(); !spaced.Parsed() || value.TypeName(v) != "object" {
		t.Errorf("value is %v", v)
	}

	tight := spaced.Tight()
	if string(tight.Text()) != `{"a":1.0}` || tight.Value() != spaced.Value() || string(spaced.Text()) != `{"a": 1.0}` {
		t.Errorf("tight is %s, of %s", tight.Text(), spaced.Text())
	}
	if tight.Tight() != tight {
		t.Error("a tight document was copied")
	}

	compact := value.Text([]byte(`"a b"`))
	if &compact.Compact()[0] != &compact.Text()[0] {
		t.Error("a compact text was copied")
	}

	made := value.Of([]any{nil, "x"})
	if made.Tight() != made {
		t.Error("a value was copied")
	}
	if !made.Parsed() || string(made.Text()) != `[null,"x"]` || &made.Compact()[0] != &made.Text()[0] {
		t.Errorf("made of a value: %s", made.Text())
	}
	if made.Size() != 10 {
		t.Errorf("size %d", made.Size())
	}
}

func TestAppendStringRepairsBytes(t *testing.T) {
	if got := string(value.AppendString(nil, "a\xffb\x00\u2028</script>")); got != "\"a\ufffdb\\u0000\u2028</script>\"" {
		t.Errorf("got %s", got)
	}
}

func parse(t testing.TB, text string) any {
	t.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestNumberCompare(t *testing.T) {
	ascending := []value.Number{"-1e3", "-10.5", "-10", "-0.1", "0", "1e-3", "0.5", "1", "1.0001", "9", "10", "1e2", "12345678901234567890", "12345678901234567891"}
	for i, a := range ascending {
		for j, b := range ascending {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := a.Compare(b); got != want {
				t.Errorf("%s.Compare(%s) = %d, want %d", a, b, got, want)
			}
		}
	}
	if value.Number("1.0").Compare("1") != 0 || value.Number("-0").Compare("0e5") != 0 {
		t.Error("equal numbers are not equal")
	}
}

func TestAppendJava(t *testing.T) {
	v := parse(t, `{"a":1,"b":["x",null,{"c":true}],"d":{},"e":[]}`)
	if got := string(value.AppendJava(nil, v)); got != "{a=1, b=[x, null, {c=true}], d={}, e=[]}" {
		t.Errorf("got %s", got)
	}
}
