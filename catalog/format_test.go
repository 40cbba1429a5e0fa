package catalog

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/store"
)

var write = flag.Bool("write-samples", false, "write the samples of the newest format")

// samples have every member set. A change of the format leaves these and their
// files alone and adds new ones.
var samples = map[string]any{
	"machine-v1": &Machine{
		ID: 7, Name: "Größe", Type: Express, Status: Deleting, Revision: 9,
		Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC), Tags: []Tag{{"k", "v"}},
	},
	"machine-v2": &Machine{
		ID: 7, Name: "m", Type: Standard, Status: Active, Revision: 9, Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
		Publish: true, VersionDescription: "first", LastVersion: 3, Published: 3, Versions: 2, Aliases: 1,
	},
	"version-v1": &Version{
		Machine: 7, Number: 3, Revision: 9, Description: "third", Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
	},
	"alias-v1": &Alias{
		Machine: 7, MachineName: "m", Name: "PROD", Description: "what customers use",
		Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC), Updated: time.Date(2026, 1, 3, 3, 4, 5, 678e6, time.UTC),
		Routes: []Route{{Version: 1, Weight: 90}, {Version: 3, Weight: 10}},
	},
	"revision-v1": &Revision{
		ID: 9, Machine: 7, MachineName: "Größe", MachineType: Express, UUID: "11111111-2222-3333-4444-555555555555",
		Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC), Definition: "{ \"StartAt\" :\t\"<A> & \u2028\" }\n",
		Settings: Settings{
			RoleARN:    "arn:aws:iam::123456789012:role/r",
			Logging:    Logging{Level: "ALL", IncludeExecutionData: true, Destinations: []string{"arn:aws:logs:r:1:log-group:g:*"}},
			Tracing:    Tracing{Enabled: true},
			Encryption: Encryption{Type: "AWS_OWNED_KEY", KeyID: "k", ReuseSeconds: 60},
		},
	},
	"activity-v1": &Activity{
		Name: "work", Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
		Encryption: Encryption{Type: "AWS_OWNED_KEY"}, Tags: []Tag{{"k", "v"}},
	},
	"deletion-v3": &Deletion{
		Machine: 7, Started: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC), Run: 1 << 62, Told: true,
	},
	"id-v1": ptr(uint64(1 << 62)),
}

func ptr[T any](v T) *T { return &v }

func TestSamplesOfEveryFormat(t *testing.T) {
	for name, want := range samples {
		file := filepath.Join("testdata", name)
		if *write {
			if err := os.WriteFile(file, encode(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := reflect.New(reflect.TypeOf(want).Elem()).Interface()
		if err := decode(name, data, got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read as %+v, want %+v", name, got, want)
		}
		if !bytes.Equal(encode(want), data) {
			t.Errorf("%s: is written otherwise now: %s", name, encode(want))
		}
	}
}

func TestDestinationsNoneAndAbsentDiffer(t *testing.T) {
	for _, want := range []Logging{{}, {Destinations: []string{}}} {
		var got Revision
		if err := decode("r", encode(&Revision{Settings: Settings{Logging: want}}), &got); err != nil {
			t.Fatal(err)
		}
		if (got.Logging.Destinations == nil) != (want.Destinations == nil) {
			t.Errorf("%#v came back as %#v", want, got.Logging)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, data := range map[string][]byte{"empty": nil, "newer": {4, '{', '}'}, "damaged": {1, '{'}, "of another type": {1, '[', ']'}} {
		if err := decode("key", data, &Machine{}); err == nil {
			t.Errorf("%s: no error", name)
		} else if name == "newer" && !errors.Is(err, store.ErrNewer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
