package project

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestMapRoots(t *testing.T) {
	dir := folder(t, map[string]string{FileName: "mapRoots: {my-bucket: ./data, other.bucket: data/in}\n", "data/in/x.csv": ""})
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.MapRoots) != 2 || p.MapRoots["my-bucket"] != filepath.Join(p.Dir, "data") || p.MapRoots["other.bucket"] != filepath.Join(p.Dir, "data", "in") {
		t.Errorf("got %v", p.MapRoots)
	}
}

func TestMapRootsThatCannotBe(t *testing.T) {
	dir := folder(t, map[string]string{FileName: "mapRoots:\n  Bad Name: .\n  good-name: ./nothing\n  empty-one:\n"})
	_, err := Load(dir)
	for _, want := range []string{`"Bad Name" is not the name of a bucket`, "mapRoots.good-name is ", "which is no folder", "mapRoots.empty-one has no value"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}
