package mapio

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

// parquetOf is a file with these rows, so many in each row group.
func parquetOf[T any](t testing.TB, rows []T, perGroup int, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, options...)
	for chunk := range slices.Chunk(rows, perGroup) {
		if _, err := w.Write(chunk); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

type order struct {
	ID    int64             `parquet:"id"`
	Name  string            `parquet:"name,dict"`
	Note  *string           `parquet:"note,optional"`
	Price float64           `parquet:"price"`
	Paid  bool              `parquet:"paid"`
	Tags  []string          `parquet:"tags,list"`
	Lines []orderLine       `parquet:"lines"`
	Attrs map[string]*int32 `parquet:"attrs,optional" parquet-value:",optional"`
}

type orderLine struct {
	SKU   string  `parquet:"sku"`
	Sizes []int32 `parquet:"sizes,list"`
}

func TestItemsOfAParquetFile(t *testing.T) {
	note, one := "say \"x\"", int32(1)
	body := parquetOf(t, []order{
		{ID: 1, Name: "a", Note: &note, Price: 1.5, Paid: true, Tags: []string{"x", "y"}, Lines: []orderLine{{"p", []int32{1, 2}}, {"q", nil}}, Attrs: map[string]*int32{"k": &one}},
		{ID: 2, Name: "ü"},
		{ID: 3, Tags: []string{""}, Lines: []orderLine{{"r", []int32{3}}}},
	}, 2)
	everyWay(t, `{"InputType":"PARQUET"}`, body, []string{
		`{"id":1,"name":"a","note":"say \"x\"","price":1.5,"paid":true,"tags":["x","y"],"lines":[{"sku":"p","sizes":[1,2]},{"sku":"q","sizes":[]}],"attrs":{"k":1}}`,
		`{"id":2,"name":"ü","note":null,"price":0,"paid":false,"tags":[],"lines":[],"attrs":null}`,
		`{"id":3,"name":"","note":null,"price":0,"paid":false,"tags":[""],"lines":[{"sku":"r","sizes":[3]}],"attrs":null}`,
	})
}

type kinds struct {
	Date      int32            `parquet:"date,date"`
	Millis    int64            `parquet:"millis,timestamp(millisecond)"`
	Micros    int64            `parquet:"micros,timestamp(microsecond:local)"`
	Clock     int32            `parquet:"clock,time(millisecond)"`
	Unsigned  uint64           `parquet:"unsigned"`
	Decimal   int64            `parquet:"decimal,decimal(2:18)"`
	Wide      [16]byte         `parquet:"wide,decimal(3:38)"`
	Old       deprecated.Int96 `parquet:"old"`
	UUID      [16]byte         `parquet:"uuid,uuid"`
	Bytes     []byte           `parquet:"bytes"`
	Half      float32          `parquet:"half"`
	NotNumber float64          `parquet:"notNumber"`
}

func TestKindsOfParquetValues(t *testing.T) {
	at := time.Date(2024, 2, 29, 13, 14, 15, 678_000_000, time.UTC)
	julian := deprecated.Int96{uint32(3_600_000_000_000 & math.MaxUint32), uint32(3_600_000_000_000 >> 32), julianEpoch + 1}
	row := kinds{
		Date: 19782, Millis: at.UnixMilli(), Micros: -1, Clock: 3_661_001, Unsigned: math.MaxUint64, Decimal: -5, Old: julian,
		UUID: [16]byte{0x12, 0x34, 15: 0xFF}, Bytes: []byte{0xFF, 0}, Half: 0.1, NotNumber: math.Inf(1),
	}
	big.NewInt(1234567).FillBytes(row.Wide[:])
	w := newWorld(t)
	w.put(t, files, "x", parquetOf(t, []kinds{row}, 1))
	conn := w.connector(t)
	got, err := getting(files, "x", `{"InputType":"PARQUET"}`).all(func() *Connector { return conn })
	want := `{"date":"2024-02-29","millis":"2024-02-29T13:14:15.678Z","micros":"1969-12-31T23:59:59.999999","clock":"01:01:01.001",` +
		`"unsigned":18446744073709551615,"decimal":-0.05,"wide":1234.567,"old":"1970-01-02T01:00:00Z","uuid":"12340000-0000-0000-0000-0000000000ff",` +
		`"bytes":"/wA=","half":0.1,"notNumber":"Inf"}`
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got  %v, %v\nwant %s", got, err, want)
	}
}

func TestADamagedParquetFile(t *testing.T) {
	rows := make([]order, 300)
	for i := range rows {
		rows[i] = order{ID: int64(i), Name: strings.Repeat("n", i)}
	}
	body := parquetOf(t, rows, 100)
	w := newWorld(t)
	conn := w.connector(t)
	for i := 0; i < len(body); i += 397 {
		damaged := []byte(body)
		damaged[i] ^= 0x55
		w.put(t, files, "x", string(damaged))
		// It may do: not every byte matters. It must not panic or hang.
		if items, err := getting(files, "x", `{"InputType":"PARQUET"}`).all(func() *Connector { return conn }); err == nil && len(items) != 300 {
			t.Errorf("byte %d: %d items and no error", i, len(items))
		}
	}
}
