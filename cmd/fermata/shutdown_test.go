package main

import (
	"encoding/json"
	"testing"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// TestStoppingServerAnswersWhoWaits: who waits for an Express execution is answered
// by a server that stops, even if that takes seconds.
func TestStoppingServerAnswersWhoWaits(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for six seconds; run without -short")
	}
	server := serve(t, "server", "--store=memory")
	api := client.New(server.url)
	definition := `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":6,"End":true}}}`
	create := map[string]any{"name": "slow", "type": "EXPRESS", "definition": definition, "roleArn": "arn:aws:iam::123456789012:role/r"}
	if err := api.Call(t.Context(), "CreateStateMachine", create, nil); err != nil {
		t.Fatal(err)
	}
	const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:slow"
	ended := make(chan string, 1)
	go func() {
		var result struct{ Status string }
		if err := api.Call(t.Context(), "StartSyncExecution", map[string]any{"stateMachineArn": machine}, &result); err != nil {
			result.Status = err.Error()
		}
		ended <- result.Status
	}()
	for running := 0; running == 0; { // until it is under way
		var list []json.RawMessage
		if err := json.Unmarshal([]byte(must(t, "list", "--endpoint="+server.url, "slow", "--json")), &list); err != nil {
			t.Fatal(err)
		}
		running = len(list)
	}
	if status := server.stop(); status != 0 {
		t.Errorf("the server ended with status %d\n%s", status, server.err)
	}
	if status := <-ended; status != "SUCCEEDED" {
		t.Errorf("the caller was told %s", status)
	}
}
