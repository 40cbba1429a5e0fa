package main

import "testing"

// TestTestState: a state alone, and a state of a machine, mocked and for real.
func TestTestState(t *testing.T) {
	folder := t.TempDir()
	task := write(t, folder, "task.json", `{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody.$":"$.text"},`+
		`"Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":1}],"Catch":[{"ErrorEquals":["Full"],"Next":"Later"}],"Next":"Done"}`)
	machine := write(t, folder, "machine.yaml", "StartAt: A\nStates:\n  A: {Type: Pass, Parameters: {x.$: $.y}, Assign: {z: 1}, Next: B}\n  B: {Type: Succeed}\n")
	for name, tc := range map[string]struct {
		args   []string
		input  string
		status int
		out    string
		err    string
	}{
		"a mocked result":      {[]string{task, `--input={"text":"hi"}`, `--result={"MessageId":"1"}`}, "", 0, `{"MessageId":"1"}` + "\n", "SUCCEEDED, goes on with Done\n"},
		"a result that is odd": {[]string{task, `--input={"text":"hi"}`, `--result={"MessageId":1}`}, "", 1, "", "Field 'MessageId' must be a string"},
		"without validation":   {[]string{task, `--input={"text":"hi"}`, `--result={"MessageId":1}`, "--validation=none"}, "", 0, `{"MessageId":1}` + "\n", "SUCCEEDED"},
		"a retry":              {[]string{task, `--input={"text":"hi"}`, "--error=Busy"}, "", 0, "", "RETRIABLE Busy: \n"},
		"retries are over":     {[]string{task, `--input={"text":"hi"}`, "--error=Busy", "--cause=much", "--retries=1"}, "", 1, "", "FAILED Busy: much\n"},
		"caught":               {[]string{task, `--input={"text":"hi"}`, "--error=Full", "--cause=c"}, "", 0, `{"Error":"Full","Cause":"c"}` + "\n", "CAUGHT_ERROR Full: c, goes on with Later\n"},
		"a state of a machine": {[]string{machine, "--state=A", "--input=-", "--level=debug"}, `{"y":2}`, 0, `{"x":2}` + "\n", `"variables": "{\"z\":1}"`},
		"JSON":                 {[]string{machine, "--state=B", "--json"}, "", 0, "{\n  \"status\": \"SUCCEEDED\",\n  \"output\": \"{}\"\n}\n", ""},
		"no such state":        {[]string{machine, "--state=C"}, "", 1, "", "State not found in definition"},
		"no such file":         {[]string{machine, "--state=A", "--input=@" + folder + "/none"}, "", 1, "", "--input: "},
	} {
		r := commandWith(t, tc.input, append([]string{"test-state"}, tc.args...)...)
		if r.status != tc.status || r.out != tc.out {
			t.Errorf("%s: status %d, output %q, errors %q", name, r.status, r.out, r.err)
		}
		contains(t, name, r.err, tc.err)
	}
}
