package mapio

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

const (
	runARN   = "arn:aws:states:us-east-1:123456789012:mapRun:M/L:b0c1"
	writerOK = `{"ExecutionArn":"e:1","Output":"[1,{\"a\": 2.0}]","Status":"SUCCEEDED"}`
	writerNo = `{"ExecutionArn":"e:2","Error":"E","Status":"FAILED"}`
)

func writingTo(bucket, prefix, config string, more map[string]any) map[string]any {
	p := map[string]string{"Bucket": bucket}
	if prefix != "" {
		p["Prefix"] = prefix
	}
	q := map[string]any{"Resource": "arn:aws:states:::s3:putObject", "Parameters": p, "MapRunArn": runARN}
	if config != "" {
		q["WriterConfig"] = json.RawMessage(config)
	}
	for k, v := range more {
		q[k] = v
	}
	return q
}

func TestFilesOfResults(t *testing.T) {
	const scalar = `{"ExecutionArn":"e:3","Output":"\"x\"","Status":"SUCCEEDED"}`
	for _, c := range []struct{ name, config, records, want string }{
		{"as they are", ``, "[" + writerOK + "," + writerNo + "]", "[" + writerOK + "," + writerNo + "]"},
		{"NONE", `{"Transformation":"NONE","OutputType":"JSON"}`, "[" + writerOK + "]", "[" + writerOK + "]"},
		{"COMPACT", `{"Transformation":"COMPACT"}`, "[" + writerOK + "," + scalar + "," + writerNo + "]", `[[1,{"a":2.0}],"x",` + writerNo + `]`},
		{"FLATTEN", `{"Transformation":"FLATTEN"}`, "[" + writerOK + "," + scalar + "," + writerNo + "]", `[1,{"a":2.0},"x",` + writerNo + `]`},
		{"FLATTEN of nothing", `{"Transformation":"FLATTEN"}`, `[{"Output":"[]","Status":"SUCCEEDED"}]`, `[]`},
		{"lines", `{"OutputType":"JSONL"}`, "[" + writerOK + "," + writerNo + "]", writerOK + "\n" + writerNo + "\n"},
		{"flat lines", `{"OutputType":"JSONL","Transformation":"FLATTEN"}`, "[" + writerOK + "]", "1\n{\"a\":2.0}\n"},
		{"none", ``, "[]", "[]"},
		{"no lines", `{"OutputType":"JSONL"}`, "[]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, bucket := range []string{files, inS3} {
				w := newWorld(t)
				conn := w.connector(t)
				payload := writingTo(bucket, "out/", c.config, map[string]any{"Name": "SUCCEEDED_0", "Records": json.RawMessage(c.records)})
				for range 2 { // a repetition changes nothing
					b, err := invoke(conn, ActionWrite, payload)
					if err != nil {
						t.Fatal(err)
					}
					var got struct {
						Key  string
						Size int
					}
					if err := json.Unmarshal(b, &got); err != nil || got.Key != "out/b0c1/SUCCEEDED_0.json" || got.Size != len(c.want) {
						t.Errorf("%s: answered %s, %v", bucket, b, err)
					}
				}
				if text := w.get(t, bucket, "out/b0c1/SUCCEEDED_0.json"); text != c.want {
					t.Errorf("%s: wrote %s\nwant %s", bucket, text, c.want)
				}
			}
		})
	}
}

func TestManifestOfResults(t *testing.T) {
	w := newWorld(t)
	conn := w.connector(t)
	for _, c := range []struct{ prefix, given, key, want string }{
		{"jobs", `{"SUCCEEDED":[{"Key":"jobs/b0c1/SUCCEEDED_0.json","Size":12}]}`, "jobs/b0c1/manifest.json",
			`{"DestinationBucket":"files","MapRunArn":"` + runARN + `","ResultFiles":{"FAILED":[],"PENDING":[],"SUCCEEDED":[{"Key":"jobs/b0c1/SUCCEEDED_0.json","Size":12}]}}`},
		{"", `{}`, "b0c1/Redrive-2/manifest.json",
			`{"DestinationBucket":"files","MapRunArn":"` + runARN + `","ResultFiles":{"FAILED":[],"PENDING":[],"SUCCEEDED":[]}}`},
	} {
		more := map[string]any{"Files": json.RawMessage(c.given)}
		if c.prefix == "" {
			more["Redrive"] = 2
		}
		b, err := invoke(conn, ActionManifest, writingTo(files, c.prefix, "", more))
		if err != nil || string(b) != `{"Bucket":"files","Key":"`+c.key+`"}` {
			t.Fatalf("got %s, %v", b, err)
		}
		if text := w.get(t, files, c.key); text != c.want {
			t.Errorf("wrote %s\nwant %s", text, c.want)
		}
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	w := newWorld(t)
	w.put(t, files, "taken", "a file")
	conn := w.connector(t)
	records := map[string]any{"Name": "SUCCEEDED_0", "Records": json.RawMessage("[]")}
	odd := writingTo(files, "", "", records)
	odd["MapRunArn"] = "arn:.."
	for _, c := range []struct {
		name    string
		payload map[string]any
		cause   string
	}{
		{"no bucket", writingTo("", "", "", records), "The parameter Bucket is missing."},
		{"a transformation", writingTo(files, "", `{"Transformation":"ZIP"}`, records), `The Transformation of a WriterConfig is "ZIP"; there are NONE, COMPACT and FLATTEN.`},
		{"a type", writingTo(files, "", `{"OutputType":"CSV"}`, records), `The OutputType is "CSV"; there are JSON and JSONL.`},
		{"no records", writingTo(files, "", "", map[string]any{"Name": "SUCCEEDED_0"}), "Records is not an array."},
		{"no name", writingTo(files, "", "", map[string]any{"Records": json.RawMessage("[]")}), `"" is not the name of a file of results.`},
		{"a bad output", writingTo(files, "", `{"Transformation":"COMPACT"}`, map[string]any{"Name": "SUCCEEDED_0", "Records": json.RawMessage(`[{"ExecutionArn":"e","Output":"{","Status":"SUCCEEDED"}]`)}),
			"The output of the execution e is not valid JSON: unexpected end of text, a member name in double quotes is missing at line 1, column 2."},
		{"a folder outside", odd, `"../SUCCEEDED_0.json" cannot be a file of bucket files, which is a folder: a key must be a path without empty parts, . and ...`},
		{"a file in the way", writingTo(files, "taken", "", records), "The file taken/b0c1/SUCCEEDED_0.json of bucket files cannot be used: not a directory"},
		{"another place", writingTo("nowhere", "", "", records), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := invoke(conn, ActionWrite, c.payload)
			if c.cause != "" || err == nil {
				failed(t, err, writerFailed, c.cause)
			}
		})
	}
	left, err := filepath.Glob(filepath.Join(w.dir, "*", "*", ".fermata-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("unfinished files are left: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(w.dir), "SUCCEEDED_0.json")); err == nil {
		t.Error("a file was written outside of the folder")
	}
}
