// Command handler is a Lambda function that behaves as its event says.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do    string          `json:"do"`
	Value json.RawMessage `json:"value"`
	File  string          `json:"file"`
}

type handler struct{}

type orderError struct{ text string }

func (e *orderError) Error() string { return e.text }

func (handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var e event
	if json.Unmarshal(payload, &e) != nil || e.Do == "" {
		return payload, nil
	}
	switch e.Do {
	case "fail":
		return nil, &orderError{"no such order"}
	case "panic":
		panic("at the disco")
	case "hang":
		fmt.Println("hanging")
		if e.File != "" {
			child := exec.Command("sleep", "600")
			if err := child.Start(); err != nil {
				return nil, err
			}
			if err := os.WriteFile(e.File, fmt.Append(nil, child.Process.Pid), 0o600); err != nil {
				return nil, err
			}
		}
		time.Sleep(time.Hour)
	case "die":
		os.Exit(7)
	case "garbage":
		return []byte("{not json"), nil
	case "big":
		return []byte(`"` + strings.Repeat("a", 7<<20) + `"`), nil
	case "flood":
		for i := range 100_000 {
			fmt.Println("line", i, strings.Repeat("x", 100))
		}
		fmt.Println(strings.Repeat("y", 100_000))
	case "pid":
		return fmt.Append(nil, os.Getpid()), nil
	case "env":
		return json.Marshal(os.Environ())
	case "context":
		return about(ctx)
	case "meet": // waits until as many others are here as Value says
		return meet(e)
	default:
		return nil, errors.New("what is " + e.Do)
	}
	return []byte(`"done"`), nil
}

func about(ctx context.Context) ([]byte, error) {
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return json.Marshal(map[string]any{
		"id": lc.AwsRequestID, "arn": lc.InvokedFunctionArn, "custom": lc.ClientContext.Custom,
		"left": time.Until(deadline).Seconds(), "trace": os.Getenv("_X_AMZN_TRACE_ID"),
	})
}

// meet writes a file of its own into the folder and waits until there are as
// many as are to meet.
func meet(e event) ([]byte, error) {
	var others int
	if err := json.Unmarshal(e.Value, &others); err != nil {
		return nil, err
	}
	if err := os.WriteFile(fmt.Sprintf("%s/%d", e.File, os.Getpid()), nil, 0o600); err != nil {
		return nil, err
	}
	for {
		here, err := os.ReadDir(e.File)
		if err != nil {
			return nil, err
		}
		if len(here) >= others {
			return fmt.Append(nil, os.Getpid()), nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func main() {
	switch os.Getenv("START") {
	case "exit":
		os.Exit(3)
	case "hang":
		time.Sleep(time.Hour)
	case "once": // fails to start as long as the file is not there
		if _, err := os.Stat(os.Getenv("START_FILE")); err != nil {
			os.Exit(4)
		}
	}
	lambda.Start(handler{})
}
