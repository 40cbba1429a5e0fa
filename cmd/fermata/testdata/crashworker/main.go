// Command crashworker is a Lambda handler that bears witness: it writes down when
// it was called and when its answer was acknowledged, with the idempotency key of
// the call. It speaks the Runtime API by itself, because a handler does not see
// the acknowledgement.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

func main() {
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func work() error {
	base := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	log, err := os.OpenFile(filepath.Join(os.Getenv("WITNESS"), fmt.Sprint(os.Getpid(), "-", time.Now().UnixNano())), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	for {
		if err := one(base, log); err != nil {
			return err
		}
	}
}

// one takes one invocation, answers it and writes both down.
func one(base string, log io.Writer) error {
	next, err := http.Get(base + "next")
	if err != nil {
		return err
	}
	event, err := io.ReadAll(next.Body)
	next.Body.Close()
	if err != nil {
		return err
	}
	var client struct {
		Custom map[string]string `json:"custom"`
	}
	if err := json.Unmarshal([]byte(next.Header.Get("Lambda-Runtime-Client-Context")), &client); err != nil {
		return err
	}
	key := client.Custom["fermata.idempotencyKey"]
	if err := witness(log, "call", key); err != nil {
		return err
	}
	var n struct {
		ID    string `json:"id"`
		Steps int    `json:"steps"`
	}
	if err := json.Unmarshal(event, &n); err != nil {
		return err
	}
	n.Steps++
	answer, err := json.Marshal(n)
	if err != nil {
		return err
	}
	ack, err := http.Post(base+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "application/json", bytes.NewReader(answer))
	if err != nil {
		return err
	}
	ack.Body.Close()
	if ack.StatusCode/100 != 2 {
		return fmt.Errorf("response was answered with %s", ack.Status)
	}
	return witness(log, "ack", key)
}

// witness writes one line in one write, so that a kill leaves no half of it.
func witness(w io.Writer, what, key string) error {
	_, err := fmt.Fprintf(w, "%d %s %s\n", time.Now().UnixNano(), what, key)
	return err
}
