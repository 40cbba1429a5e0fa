package main

import (
	"testing"
)

func TestMapRootFlags(t *testing.T) {
	roots, err := parseMapRoots([]string{"my-bucket=./data", "other=a=b"})
	if err != nil || len(roots) != 2 || roots["my-bucket"] != "./data" || roots["other"] != "a=b" {
		t.Errorf("got %v, %v", roots, err)
	}
	for _, flags := range [][]string{{"data"}, {"=data"}, {"my-bucket="}, {"My Bucket=x"}, {"one=a", "one=b"}} {
		if _, err := parseMapRoots(flags); err == nil {
			t.Errorf("%v was taken", flags)
		}
	}
	r := command(t, "server", "--store=memory", "--listen=127.0.0.1:0", "--map-root=my-bucket=/does/not/exist")
	if r.status != 1 {
		t.Errorf("status %d", r.status)
	}
	contains(t, "the problem", r.err, "the folder of bucket my-bucket: ", "/does/not/exist")
}
