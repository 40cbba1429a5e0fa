package bench

import (
	"encoding/json"
	"fmt"
	"strings"
)

// definition is the state machine of the workload.
func (c *Config) definition(taskURL string) string {
	states := map[string]any{}
	machine := map[string]any{"StartAt": "S1", "States": states}
	switch c.Kind {
	case Sleep:
		states["S1"] = map[string]any{"Type": "Wait", "Seconds": 3600, "End": true}
	case Fanout:
		states["S1"] = map[string]any{
			"Type": "Map", "ItemsPath": "$.items", "End": true,
			"ItemProcessor": map[string]any{
				"StartAt": "T", "States": map[string]any{"T": c.task(taskURL, "")},
			},
		}
	default:
		for i := 1; i <= c.Steps; i++ {
			next := ""
			if i < c.Steps {
				next = fmt.Sprintf("S%d", i+1)
			}
			states[fmt.Sprintf("S%d", i)] = c.task(taskURL, next)
		}
	}
	text, err := json.Marshal(machine)
	if err != nil {
		panic(err) // made of strings and maps
	}
	return string(text)
}

// functionARN names the task's function.
const functionARN = "arn:aws:lambda:us-east-1:123456789012:function:work"

func (c *Config) task(taskURL, next string) map[string]any {
	t := map[string]any{"Type": "Task", "Resource": functionARN}
	if c.Tasks == "http" {
		t["Resource"] = "arn:aws:states:::http:invoke"
		t["Parameters"] = map[string]any{"ApiEndpoint": taskURL, "Method": "POST", "RequestBody.$": "$"}
		t["ResultSelector"] = map[string]any{"body.$": "$.ResponseBody"}
		t["OutputPath"] = "$.body"
	}
	if next == "" {
		t["End"] = true
	} else {
		t["Next"] = next
	}
	return t
}

// input is the input of every execution.
func (c *Config) input() []byte {
	if c.Kind != Fanout {
		return []byte(`{"order":"` + strings.Repeat("x", c.Payload-12) + `"}`)
	}
	var b strings.Builder
	b.WriteString(`{"items":[`)
	for i := range c.Items {
		if i > 0 {
			b.WriteByte(',')
		}
		item := fmt.Sprintf(`{"n":%d,"order":"`, i)
		b.WriteString(item + strings.Repeat("x", max(0, c.Payload-len(item)-2)) + `"}`)
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}
