package asl

import "testing"

// TestDecimal: which texts are numbers for a path to a percentage.
func TestDecimal(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "12.5": 12.5, "-.5": -.5, "+5e1": 50, "1.E-2": 0.01} {
		if got, ok := decimal(text); !ok || got != want {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "NaN", "Infinity", "-inf", "0x1p-2", "1_000", "1e999", "1-2", " 1", "e"} {
		if got, ok := decimal(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}
