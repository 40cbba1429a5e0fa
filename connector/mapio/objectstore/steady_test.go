package objectstore

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// fragile is a Store with one object, whose connections break after so many bytes.
type fragile struct {
	Store
	content string
	etag    string
	after   int
	opened  int
}

var errBroken = errors.New("broken")

func (f *fragile) Open(_ context.Context, ref Ref, at Range) (*Object, error) {
	f.opened++
	if ref.ETag != "" && ref.ETag != f.etag {
		return nil, ChangedError(ref.Bucket, ref.Key)
	}
	rest := f.content[at.From:]
	end := io.MultiReader()
	if len(rest) > f.after {
		rest, end = rest[:f.after], io.MultiReader(broken{})
	}
	return &Object{ReadCloser: io.NopCloser(io.MultiReader(strings.NewReader(rest), end)), ETag: f.etag, Size: int64(len(f.content))}, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }

func TestSteadyGoesOnBehindABreak(t *testing.T) {
	f := &fragile{content: strings.Repeat("0123456789", 10), etag: "1", after: 7}
	s, err := OpenSteady(context.Background(), f, Ref{Bucket: "b", Key: "k"}, 3)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(s)
	if err != nil || string(got) != f.content[3:] || f.opened < 10 {
		t.Errorf("got %q, %v after opening %d times", got, err, f.opened)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSteadyGivesUpWhereNothingComes(t *testing.T) {
	f := &fragile{content: "0123", etag: "1", after: 0}
	s, err := OpenSteady(context.Background(), f, Ref{Bucket: "b", Key: "k"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(s); !HasCode(err, Unavailable) || !errors.Is(err, errBroken) || f.opened != attempts {
		t.Errorf("got %v after opening %d times", err, f.opened)
	}
}

func TestSteadyDoesNotMixContents(t *testing.T) {
	f := &fragile{content: "0123456789", etag: "1", after: 4}
	s, err := OpenSteady(context.Background(), f, Ref{Bucket: "b", Key: "k"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.etag = "2"
	if got, err := io.ReadAll(s); !HasCode(err, Changed) || string(got) != "0123" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSteadyEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := &fragile{content: "0123456789", etag: "1", after: 4}
	s, err := OpenSteady(ctx, f, Ref{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.ReadAll(s); !errors.Is(err, context.Canceled) || f.opened != 1 {
		t.Errorf("got %v after opening %d times", err, f.opened)
	}
}

func TestPlaces(t *testing.T) {
	ctx, here := context.Background(), &fragile{content: "x", etag: "1", after: 9}
	p := &Places{Named: map[string]Store{"here": here}}
	if _, err := p.Open(ctx, Ref{Bucket: "here", Key: "k"}, Range{}); err != nil || here.opened != 1 {
		t.Error(err)
	}
	_, err := p.Open(ctx, Ref{Bucket: "there"}, Range{})
	_, _, list := p.List(ctx, "there", "", "")
	for _, err := range []error{err, list, p.Put(ctx, "there", "k", "", nil)} {
		if !HasCode(err, Missing) {
			t.Errorf("got %v", err)
		}
	}
}
