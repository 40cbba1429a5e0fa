package mapio

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// inBlocks reads in blocks of each size, with streams that go on and with
// streams that are opened anew.
func inBlocks(t *testing.T, w *world, a ask, want []string) {
	t.Helper()
	for _, size := range []int{1, 2, 1000} {
		a.BlockItems = size
		warm := w.connector(t)
		for name, from := range map[string]func() *Connector{"warm": func() *Connector { return warm }, "cold": func() *Connector { return w.connector(t) }} {
			if got, err := a.all(from); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s, blocks of %d: got %.500q, %v\nwant %.500q", name, size, got, err, want)
			}
		}
	}
}

func TestListing(t *testing.T) {
	keys := []string{"a-", "a.b", "a/b", "a/b/c", "a0", "b"}
	for _, bucket := range []string{files, inS3} {
		w := newWorld(t)
		for _, k := range keys {
			if bucket == files {
				k = strings.Replace(k, "a/b/c", "a/c/d", 1)
			}
			w.put(t, bucket, k, "12")
		}
		for _, c := range []struct {
			prefix string
			want   int
		}{{"", 6}, {"a", 5}, {"a/", 2}, {"a/b", 0}, {"zz", 0}} {
			if c.want == 0 && c.prefix == "a/b" {
				c.want = map[string]int{files: 1, inS3: 2}[bucket]
			}
			a := listingOf(bucket, c.prefix, "")
			a.BlockItems = 2
			conn := w.connector(t)
			got, err := a.all(func() *Connector { return conn })
			if err != nil || len(got) != c.want {
				t.Errorf("%s, prefix %q: got %v, %v", bucket, c.prefix, got, err)
			}
			inBlocks(t, w, a, got)
			for i, item := range got[:len(got)-min(len(got), 1)] {
				if keyOf(item) >= keyOf(got[i+1]) {
					t.Errorf("%s: %s stands before %s", bucket, item, got[i+1])
				}
			}
		}
	}
}

func keyOf(item string) string {
	_, rest, _ := strings.Cut(item, `"Key":"`)
	key, _, _ := strings.Cut(rest, `"`)
	return key
}

func TestListedObjectsHaveTheirMembers(t *testing.T) {
	for _, bucket := range []string{files, inS3} {
		w := newWorld(t)
		w.put(t, bucket, "x", "abc")
		b, err := listingOf(bucket, "", "").of(w.connector(t))
		if err != nil || len(b.Items) != 1 {
			t.Fatal(b, err)
		}
		var etag, key, class string
		var modified float64
		var size int
		form := `{"Etag":%q,"LastModified":%f,"Key":%q,"Size":%d,"StorageClass":%q}`
		text := strings.NewReplacer(",", " , ").Replace(string(b.Items[0]))
		if n, err := fmt.Sscanf(text, strings.NewReplacer(",", " , ").Replace(form), &etag, &modified, &key, &size, &class); n != 5 {
			t.Errorf("got %s, %v", b.Items[0], err)
		}
		if key != "x" || size != 3 || class != "STANDARD" || modified < 1.6e9 || modified > 1e11 || etag[0] != '"' {
			t.Errorf("got %s", b.Items[0])
		}
	}
}

func TestAListingOfManyPages(t *testing.T) {
	for _, bucket := range []string{files, inS3} {
		w := newWorld(t)
		for i := range 2100 {
			w.put(t, bucket, fmt.Sprintf("%c/%04d", 'a'+i%3, i), "")
		}
		conn := w.connector(t)
		for _, size := range []int{700, 5000} {
			a := listingOf(bucket, "", "")
			a.BlockItems = size
			if got, err := a.all(func() *Connector { return conn }); err != nil || len(got) != 2100 {
				t.Errorf("%s: got %d items, %v", bucket, len(got), err)
			}
		}
	}
}

func TestItemsOfListedObjects(t *testing.T) {
	for _, bucket := range []string{files, inS3} {
		w := newWorld(t)
		w.put(t, bucket, "in/1", "a,b\n1,2\n3,4\n")
		w.put(t, bucket, "in/2", "a,b\n")
		w.put(t, bucket, "in/3", "")
		w.put(t, bucket, "in/4", "c\n5\n")
		w.put(t, bucket, "other", "x\ny\n")
		a := listingOf(bucket, "in/", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","Transformation":"LOAD_AND_FLATTEN"}`)
		inBlocks(t, w, a, []string{`{"a":"1","b":"2"}`, `{"a":"3","b":"4"}`, `{"c":"5"}`})
		w.put(t, bucket, "in/5", "d,d\n5\n")
		conn := w.connector(t)
		_, err := a.all(func() *Connector { return conn })
		failed(t, err, readerFailed, "CSV headers cannot contain duplicates. (Object in/5 of bucket "+bucket+")")
	}
}

func TestItemsOfAnAthenaManifest(t *testing.T) {
	w := newWorld(t)
	w.put(t, inS3, "out/manifest.csv", "s3://objects/out/1.gz\ns3://files/out/2\n\n")
	w.put(t, inS3, "out/1.gz", gzipped(t, "{\"a\":1}\n{\"a\":2}\n"))
	w.put(t, files, "out/2", "{\"a\":3}\n")
	a := getting(inS3, "out/manifest.csv", `{"InputType":"JSONL","ManifestType":"ATHENA_DATA"}`)
	inBlocks(t, w, a, []string{`{"a":1}`, `{"a":2}`, `{"a":3}`})

	w.put(t, inS3, "out/manifest.csv", "http://x\n")
	conn := w.connector(t)
	_, err := a.all(func() *Connector { return conn })
	failed(t, err, readerFailed, `Line 1 of the manifest is "http://x"; it must name a file, as s3://bucket/key.`)
	_, err = getting(inS3, "out/manifest.csv", `{"InputType":"MANIFEST","ManifestType":"ATHENA_DATA"}`).of(conn)
	failed(t, err, readerFailed, "A manifest of ATHENA_DATA needs the InputType of its data files: CSV, JSONL or PARQUET.")
}

func TestItemsOfAnInventory(t *testing.T) {
	w := newWorld(t)
	w.put(t, inS3, "inv/manifest.json", `{"sourceBucket":"s","destinationBucket":"arn:aws:s3:::objects","version":"2016-11-30","fileFormat":"CSV",
		"fileSchema":"Bucket, Key, Size","files":[{"key":"inv/data/1.csv.gz","size":1,"MD5checksum":"x"},{"key":"inv/data/2.csv.gz"}]}`)
	w.put(t, inS3, "inv/data/1.csv.gz", gzipped(t, "\"s\",\"a b\",\"1\"\n\"s\",\"c\",\"2\"\n"))
	w.put(t, inS3, "inv/data/2.csv.gz", gzipped(t, "\"s\",\"d\",\"3\"\n"))
	want := []string{`{"Bucket":"s","Size":"1","Key":"a b"}`, `{"Bucket":"s","Size":"2","Key":"c"}`, `{"Bucket":"s","Size":"3","Key":"d"}`}
	for _, config := range []string{`{"InputType":"MANIFEST"}`, `{"InputType":"MANIFEST","ManifestType":"S3_INVENTORY"}`, `{"ManifestType":"S3_INVENTORY"}`} {
		inBlocks(t, w, getting(inS3, "inv/manifest.json", config), want)
	}
	conn := w.connector(t)
	for body, cause := range map[string]string{
		`[]`:                   "The manifest is not a JSON object.",
		`{"fileFormat":"ORC"}`: `The inventory has the fileFormat "ORC"; only CSV can be read.`,
		`{"fileFormat":"CSV"}`: "The manifest is not that of an S3 inventory: it needs destinationBucket and files.",
		`{"fileFormat":"CSV","destinationBucket":"b","files":[1]}`: "The file with the index 0 in the manifest has no key.",
	} {
		w.put(t, inS3, "bad.json", body)
		_, err := getting(inS3, "bad.json", `{"InputType":"MANIFEST"}`).of(conn)
		failed(t, err, readerFailed, cause)
	}
}

// TestSources: a block says which objects its items are from, where these are many:
// the listed objects, and the data files that Athena names. The files of an inventory
// are parts of it.
func TestSources(t *testing.T) {
	w := newWorld(t)
	w.put(t, inS3, "in/1", "{\"a\":1}\n{\"a\":2}\n")
	w.put(t, inS3, "in/2", "")
	w.put(t, inS3, "in/3", "{\"a\":3}\n")
	w.put(t, inS3, "manifest.csv", "s3://objects/in/3\ns3://objects/in/1\n")
	w.put(t, inS3, "manifest.json", `{"fileFormat":"CSV","fileSchema":"a","destinationBucket":"objects","files":[{"key":"in/3"}]}`)
	const one, three = `"Source":"s3://objects/in/1"`, `"Source":"s3://objects/in/3"`
	for _, c := range []struct {
		ask  ask
		want []string // of each block
	}{
		{listingOf(inS3, "in/", `{"InputType":"JSONL","Transformation":"LOAD_AND_FLATTEN"}`), []string{`[{"Items":2,` + one + `}]`, `[{"Items":1,` + three + `}]`}},
		{getting(inS3, "manifest.csv", `{"InputType":"JSONL","ManifestType":"ATHENA_DATA"}`), []string{`[{"Items":1,` + three + `},{"Items":1,` + one + `}]`, `[{"Items":1,` + one + `}]`}},
		{getting(inS3, "manifest.json", `{"InputType":"MANIFEST"}`), []string{""}},
		{getting(inS3, "in/1", `{"InputType":"JSONL"}`), []string{""}},
		{listingOf(inS3, "in/", ""), []string{"", ""}},
	} {
		c.ask.BlockItems = 2
		for i, want := range c.want {
			b, err := c.ask.of(w.connector(t)) // anew: the cursor tells all
			if err != nil || string(b.Sources) != want {
				t.Errorf("%s %s, block %d: from %s, %v; want %s", c.ask.Parameters, c.ask.ReaderConfig, i, b.Sources, err, want)
			}
			c.ask.Cursor = b.Cursor
		}
	}
}
