package core_test

import (
	"reflect"
	"testing"

	"github.com/fermata-dev/fermata/engine/core"
)

// TestReset: nothing of what was carried out is held any more, and room for as many again
// is kept where that is not much.
func TestReset(t *testing.T) {
	for n, keeps := range map[int]bool{3: true, 100_000: false} {
		var out core.Output
		all := reflect.ValueOf(&out).Elem()
		for i := range all.NumField() {
			list := reflect.MakeSlice(all.Field(i).Type(), n, n)
			fill(list.Index(0))
			all.Field(i).Set(list)
		}
		out.Reset()
		for i := range all.NumField() {
			list, name := all.Field(i), all.Type().Field(i).Name
			switch {
			case list.Len() > 0 || (list.Cap() == n) != keeps:
				t.Errorf("%s of %d has %d, and room for %d", name, n, list.Len(), list.Cap())
			case keeps && !list.Slice(0, 1).Index(0).IsZero():
				t.Errorf("%s holds %+v", name, list.Slice(0, 1).Index(0))
			}
		}
	}
}

// fill makes a value other than zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		fill(v.Field(0))
	case reflect.String:
		v.SetString("x")
	case reflect.Interface:
		v.Set(reflect.ValueOf("x"))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Int:
		v.SetInt(1)
	default:
		v.SetUint(1)
	}
}
