package mapio

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFaultsInAnObject(t *testing.T) {
	const notJSON = "The object is not valid JSON: "
	for _, c := range []struct{ name, config, body, cause string }{
		{"an object", `{"InputType":"JSON"}`, `{"a":1}`, "Attempting to map over non-iterable node."},
		{"a string", `{"InputType":"JSON"}`, `"a"`, "Attempting to map over non-iterable node."},
		{"a pointer to a number", `{"InputType":"JSON","ItemsPointer":"/a"}`, `{"a":1}`, "Attempting to map over non-iterable node."},
		{"a pointer to nothing", `{"InputType":"JSON","ItemsPointer":"/a/b"}`, `{"a":{"c":[]}}`, "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure."},
		{"a pointer behind the end", `{"InputType":"JSON","ItemsPointer":"/2"}`, `[1,2]`, "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure."},
		{"a pointer into a number", `{"InputType":"JSON","ItemsPointer":"/a/0"}`, `{"a":1}`, "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure."},
		{"nothing", `{"InputType":"JSON"}`, ` `, notJSON + "it ends in the middle, at byte 1."},
		{"an open array", `{"InputType":"JSON"}`, `[1,2`, notJSON + "it ends in the middle, at byte 4."},
		{"an open element", `{"InputType":"JSON"}`, `[1,{"a`, notJSON + "it ends in the middle, at byte 6."},
		{"no comma", `{"InputType":"JSON"}`, `[1 2]`, notJSON + "'2' at byte 3, where a comma or the end of the array should be."},
		{"a comma too many", `{"InputType":"JSON"}`, `[1,]`, notJSON + "unexpected ']' where a value should be, at byte 3."},
		{"a bad number", `{"InputType":"JSON"}`, `[1, 0x1]`, notJSON + "unexpected 'x' where the end of the text should be, at byte 5."},
		{"more behind the array", `{"InputType":"JSON"}`, `[1] [2]`, notJSON + "'[' at byte 4, where the end of the file should be."},
		{"a bad line", `{"InputType":"JSONL"}`, "1\n\n{a\n", "Line 3 is not valid JSON: unexpected 'a' where a member name in double quotes should be at column 2."},
		{"headers twice", firstRow, "a,b,a\n", "CSV headers cannot contain duplicates."},
		{"an open quote", firstRow, "a\n1\n\"x\ny\n", "The row that begins in line 3 has an opening double quote without a closing one."},
		{"a quote in the middle", firstRow, "a\n\"x\"y\n", `In line 2, a closing double quote is followed by 'y'; a delimiter or the end of the line must follow, and a quote within quotes must be doubled.`},
		{"no Parquet", `{"InputType":"PARQUET"}`, strings.Repeat("no Parquet at all", 10), "The object is not a valid Parquet file: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.put(t, files, "x", c.body)
			conn := w.connector(t)
			_, err := getting(files, "x", c.config).all(func() *Connector { return conn })
			if strings.HasSuffix(c.cause, ": ") && err != nil && strings.Contains(err.Error(), c.cause) {
				return
			}
			failed(t, err, readerFailed, c.cause)
		})
	}
}

func TestFaultsInARequest(t *testing.T) {
	w := newWorld(t)
	w.put(t, files, "x", "[1]")
	conn := w.connector(t)
	elsewhere := getting(files, "x", `{"InputType":"JSON"}`)
	elsewhere.Resource = "arn:aws:states:::lambda:invoke"
	negative := getting(files, "x", `{"InputType":"JSON"}`)
	negative.MaxItems = -1
	version := getting(files, "x", `{"InputType":"PARQUET"}`)
	version.Parameters["VersionId"] = "v"
	cursor := getting(files, "x", `{"InputType":"JSON"}`)
	cursor.Cursor = "2:{}"
	for _, c := range []struct {
		name  string
		ask   ask
		cause string
	}{
		{"no type", getting(files, "x", `{}`), `The InputType is ""; there are CSV, JSON, JSONL, MANIFEST and PARQUET.`},
		{"a foreign type", getting(files, "x", `{"InputType":"XML"}`), `The InputType is "XML"; there are CSV, JSON, JSONL, MANIFEST and PARQUET.`},
		{"no header location", getting(files, "x", `{"InputType":"CSV"}`), `The CSVHeaderLocation is ""; there are FIRST_ROW and GIVEN.`},
		{"no headers", getting(files, "x", `{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}`), "With the CSVHeaderLocation GIVEN, CSVHeaders must be an array with the names of the columns."},
		{"headers twice", getting(files, "x", given(`"H1","H1"`)), "CSV headers cannot contain duplicates."},
		{"a foreign delimiter", getting(files, "x", `{"InputType":"CSV","CSVDelimiter":","}`), `The CSVDelimiter is ","; there are COMMA, PIPE, SEMICOLON, SPACE and TAB.`},
		{"flatten without a listing", getting(files, "x", `{"InputType":"JSON","Transformation":"LOAD_AND_FLATTEN"}`), "The Transformation LOAD_AND_FLATTEN needs the resource listObjectsV2."},
		{"a foreign manifest", getting(files, "x", `{"InputType":"CSV","ManifestType":"GLUE"}`), `The ManifestType is "GLUE"; there are ATHENA_DATA and S3_INVENTORY.`},
		{"no pointer", getting(files, "x", `{"InputType":"JSON","ItemsPointer":"a"}`), `The ItemsPointer "a" is not a JSON pointer, which begins with a slash.`},
		{"no key", getting(files, "", `{"InputType":"JSON"}`), "The parameter Key is missing."},
		{"another service", elsewhere, "The resource 'arn:aws:states:::lambda:invoke' is not of S3: there are arn:aws:states:::s3:getObject and arn:aws:states:::s3:listObjectsV2 to read, arn:aws:states:::s3:putObject to write."},
		{"less than nothing", negative, "field MaxItems must be positive"},
		{"a version of a Parquet file", version, "S3 Version ID selection is not currently supported for PARQUET files"},
		{"a cursor of the future", cursor, `the cursor "2:{}" is not of version 1 and at most 65536 bytes`},
	} {
		_, err := c.ask.of(conn)
		t.Run(c.name, func(t *testing.T) { failed(t, err, readerFailed, c.cause) })
	}
}

func TestLimitsOfItems(t *testing.T) {
	w := newWorld(t)
	w.config.Limits = Limits{ItemBytes: 40, HeaderBytes: 20, ObjectBytes: 200}
	long, short := strings.Repeat("x", 41), strings.Repeat("x", 30)
	for _, c := range []struct{ name, config, body, cause string }{
		{"JSON", `{"InputType":"JSON"}`, `["` + short + `","` + long + `"]`, "The item at byte 34 has more than 40 bytes, which is the most that an item may have."},
		{"JSON Lines", `{"InputType":"JSONL"}`, `"` + short + "\"\n\"" + long + `"`, "Line 2 has more than 40 bytes, which is the most that an item may have."},
		{"CSV", given(`"a"`), short + "\n" + long, "Line 2 has more than 40 bytes, which is the most that an item may have."},
		{"CSV in quotes", given(`"a"`), "\"" + short + "\n" + short + "\"", "Line 1 has more than 40 bytes, which is the most that an item may have."},
		{"CSV headers", firstRow, short + "\n1", "The CSV headers have 30 bytes; at most 20 are allowed."},
		{"CSV headers that are given", given(`"` + short + `"`), "1", "The CSV headers have 30 bytes; at most 20 are allowed."},
		{"an object", `{"InputType":"JSON"}`, strings.Repeat(" ", 201), "The object x has 201 bytes; at most 200 are allowed."},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.put(t, files, "x", c.body)
			conn := w.connector(t)
			_, err := getting(files, "x", c.config).all(func() *Connector { return conn })
			failed(t, err, readerFailed, c.cause)
		})
	}
}

func TestAnObjectThatIsMissing(t *testing.T) {
	w := newWorld(t)
	conn := w.connector(t)
	_, err := getting(files, "no", `{"InputType":"JSON"}`).of(conn)
	failed(t, err, readerFailed, "The specified key does not exist.")
	_, err = getting(inS3, "no", `{"InputType":"JSON"}`).of(conn)
	if err == nil || !strings.Contains(err.Error(), "States.ItemReaderFailed: The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ") {
		t.Errorf("got %v", err)
	}
	for _, a := range []ask{getting("nowhere", "no", `{"InputType":"JSON"}`), listingOf("nowhere", "", `{}`)} {
		if _, err = a.of(conn); err == nil || !strings.Contains(err.Error(), "Service: S3, Status Code: 404") {
			t.Errorf("got %v", err)
		}
	}
}

// TestNothingOutsideOfAFolder: neither ".." nor a symbolic link leads out.
func TestNothingOutsideOfAFolder(t *testing.T) {
	w := newWorld(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := errors.Join(os.WriteFile(secret, []byte("[1]"), 0o600), os.Symlink(secret, filepath.Join(w.dir, "link")), os.Symlink(filepath.Dir(secret), filepath.Join(w.dir, "links"))); err != nil {
		t.Fatal(err)
	}
	conn := w.connector(t)
	for _, key := range []string{"../" + filepath.Base(filepath.Dir(secret)) + "/secret", secret, "link", "links/secret", "a/../../secret", ".", "links"} {
		if b, err := getting(files, key, `{"InputType":"JSON"}`).of(conn); err == nil {
			t.Errorf("%s was read: %v", key, b)
		}
		body := map[string]any{"Resource": "arn:aws:states:::s3:putObject", "Parameters": map[string]string{"Bucket": files, "Prefix": key}, "MapRunArn": "a:id", "Name": "SUCCEEDED_0", "Records": []any{}}
		if key != "." {
			if _, err := invoke(conn, ActionWrite, body); err == nil {
				t.Errorf("something was written below %s", key)
			}
		}
	}
	if b, err := listingOf(files, "", `{}`).of(conn); err != nil || len(b.Items) != 0 {
		t.Errorf("listed %v, %v", b, err)
	}
}

func TestAnObjectThatIsChangedWhileItIsRead(t *testing.T) {
	body := "a\n" + strings.Repeat("1\n", 100)
	for _, bucket := range []string{files, inS3} {
		for _, cold := range []bool{false, true} {
			w := newWorld(t)
			w.put(t, bucket, "x", body)
			conn := w.connector(t)
			a := getting(bucket, "x", firstRow)
			a.BlockItems = 10
			b, err := a.of(conn)
			if err != nil {
				t.Fatal(err)
			}
			w.put(t, bucket, "x", "b\n"+body)
			if bucket == files { // the same size would do with another time
				now := time.Now().Add(time.Hour)
				if err := os.Chtimes(filepath.Join(w.dir, "x"), now, now); err != nil {
					t.Fatal(err)
				}
			}
			if cold {
				conn = w.connector(t)
			}
			a.Cursor = b.Cursor
			_, err = a.all(func() *Connector { return conn })
			if bucket == inS3 && !cold && err == nil {
				continue // the connection that is open gives what it was opened for
			}
			failed(t, err, readerFailed, "The object x in bucket "+bucket+" was changed while it was being read.")
		}
	}
}

func TestAMissingFolderIsRefusedWhenTheConnectorIsMade(t *testing.T) {
	_, err := New(Config{Roots: map[string]string{"a": "/does/not/exist", "b": "/nor/this"}})
	if err == nil || !strings.Contains(err.Error(), "the folder of bucket a: ") || !strings.Contains(err.Error(), "the folder of bucket b: ") {
		t.Errorf("got %v", err)
	}
}
