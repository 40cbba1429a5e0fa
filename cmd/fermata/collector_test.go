package main

import "testing"

func TestGarbagePercent(t *testing.T) {
	const MB = 1 << 20
	for name, tc := range map[string]struct{ size, used, roots, want int64 }{
		"nothing is known":         {256 * MB, 0, 0, 400},
		"little is in use":         {256 * MB, 10 * MB, 1 * MB, 400},
		"a fifth":                  {250 * MB, 50 * MB, 0, 400},
		"a quarter":                {256 * MB, 64 * MB, 0, 300},
		"a quarter, and stacks":    {256 * MB, 64 * MB, 32 * MB, 200},
		"half":                     {256 * MB, 128 * MB, 0, 100},
		"more than half":           {256 * MB, 200 * MB, 0, 100},
		"more than the whole size": {256 * MB, 4096 * MB, 0, 100},
	} {
		if got := garbagePercent(tc.size, tc.used, tc.roots); got != int(tc.want) {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
}
