package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

func TestServerFlagsListAllProblems(t *testing.T) {
	r := command(t, "server", "--store=", "--listen=0.0.0.0:8083", "--limits=none", "--throttle=hard", "--retention=-1s", "--cache=lots", "--mail=1KiB", "--heap=1MiB", "--express-history=0s", "--express-memory=1KiB", "--account=1", "--region=A B", "--log-level=loud", "--lambda-endpoint=127.0.0.1:3001", "--wait-time-scale=-1")
	if r.status != 2 {
		t.Errorf("status %d", r.status)
	}
	contains(t, "the problems", r.err, "--store: it is empty", `--limits: "none" is not known`, `--throttle: "hard" is not known`, "--retention: it must be more than 0", `--cache: "lots" is not a size`, "--mail: it must be at least 1MiB", "--heap: it must be at least 32MiB",
		"--express-history: it must be more than 0", "--express-memory: it must be at least 1MiB",
		`--account: "1" is not an account`, `--region: "A B"`, `--lambda-endpoint: "127.0.0.1:3001" is not a URL such as http://127.0.0.1:3001`,
		`--wait-time-scale: "-1" is not a number from 0 to 1000`, "--log-level is \"loud\"", "--listen: 0.0.0.0:8083 can be reached from other machines", "--insecure")
}

func TestServerAddress(t *testing.T) {
	tests := []struct {
		listen   string
		insecure bool
		refused  string
	}{
		{"127.0.0.1:8083", false, ""}, {"localhost:0", false, ""}, {"[::1]:80", false, ""},
		{":8083", false, "--insecure"}, {"10.0.0.1:8083", false, "--insecure"}, {"example.org:1", false, "--insecure"},
		{":8083", true, ""}, {"8083", false, "is not an address"},
	}
	for _, test := range tests {
		f := serverFlags{listen: test.listen, insecure: test.insecure}
		err := f.checkListen()
		if (err == nil) != (test.refused == "") || err != nil && !strings.Contains(err.Error(), test.refused) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

func TestServerIsReadyWhenItSaysSo(t *testing.T) {
	server := serve(t, "server", "--store=memory", "--log-format=json", "--retention=forever", "--cache=1MiB")
	answer, err := http.Get(server.url + "/healthz")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("healthz: %v, %v", answer, err)
	}
	_ = answer.Body.Close()
	if out := server.out.String(); strings.Count(out, "\n") != 1 {
		t.Errorf("more than one line:\n%s", out)
	}
	if r := command(t, "server", "--store=memory", "--listen="+strings.TrimPrefix(server.url, "http://")); r.status != 1 || !strings.Contains(r.err, "cannot listen on") {
		t.Errorf("a second server: status %d, %s", r.status, r.err)
	}
	if status := server.stop(); status != 0 {
		t.Errorf("status %d", status)
	}
}

func TestStoreInUse(t *testing.T) {
	store := t.TempDir()
	serve(t, "server", "--store", store)
	r := command(t, "server", "--store", store, "--listen=127.0.0.1:0")
	if r.status != 1 || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, "in use") {
		t.Errorf("status %d, %q", r.status, r.err)
	}
}

func TestServerGoesOnAfterARestart(t *testing.T) {
	store, folder := t.TempDir(), t.TempDir()
	server := serve(t, "server", "--store", store)
	definition := `{"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 2, "Next": "Done"}, "Done": {"Type": "Pass", "Result": "here", "End": true}}}`
	must(t, "deploy", "--endpoint="+server.url, write(t, folder, "hold.json", definition))
	arn := strings.TrimSpace(must(t, "start", "--endpoint="+server.url, "hold", "--name=one"))
	server.stop()
	server = serve(t, "server", "--store", store)
	execution, err := follow(t.Context(), client.New(server.url), arn, streams{}.view(newLog()), nearPace)
	if err != nil || execution.Status != "SUCCEEDED" || *execution.Output != `"here"` {
		t.Fatalf("%+v, %v", execution, err)
	}
}

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "262144": 262144, "64MiB": 64 << 20, "2 GiB": 2 << 30, "1KiB": 1024} {
		if got, err := parseBytes(text); err != nil || got != want {
			t.Errorf("parseBytes(%q) = %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1MB", "9999999999999GiB", "1.5MiB"} {
		if got, err := parseBytes(text); err == nil {
			t.Errorf("parseBytes(%q) = %d, want an error", text, got)
		}
	}
}
