package bench

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
)

// definition is the state machine of the workload.
func (c *Config) definition(taskURL string) string {
	states := map[string]any{}
	machine := map[string]any{"StartAt": "S1", "States": states}
	switch c.Kind {
	case Map:
		machine = maps.Clone(childStates)
		machine["QueryLanguage"] = "JSONata"
	case Express:
		machine["StartAt"] = expressStates[0]
		c.express(states, taskURL)
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
	return definitionText(machine)
}

func definitionText(machine map[string]any) string {
	text, err := json.Marshal(machine)
	if err != nil {
		panic(err) // made of strings and maps
	}
	return string(text)
}

// expressStates are the states of Express, in the order in which they are
// entered.
var expressStates = []string{"Price", "Large", "Work", "Note", "Done"}

func (c *Config) express(states map[string]any, taskURL string) {
	states["Price"] = map[string]any{"Type": "Pass", "Parameters": map[string]any{"order.$": "$.order", "total": 120}, "Next": "Large"}
	states["Large"] = map[string]any{
		"Type": "Choice", "Default": "Done",
		"Choices": []any{map[string]any{"Variable": "$.total", "NumericGreaterThan": 100, "Next": "Work"}},
	}
	states["Work"] = c.task(taskURL, "Note")
	states["Note"] = map[string]any{"Type": "Pass", "Result": "worked", "ResultPath": "$.note", "Next": "Done"}
	states["Done"] = map[string]any{"Type": "Succeed"}
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

// input is the input of one execution: text that does not compress to nothing,
// the same for the same seed.
func (c *Config) input(seed uint64) []byte {
	r := random(seed)
	if c.Kind != Fanout {
		return noise(append(make([]byte, 0, c.Payload), `{"order":"`...), r, c.Payload-12, `"}`)
	}
	b := append(make([]byte, 0, 16+c.Items*(c.Payload+1)), `{"items":[`...)
	for i := range c.Items {
		if i > 0 {
			b = append(b, ',')
		}
		start := len(b)
		b = fmt.Appendf(b, `{"n":%d,"order":"`, i)
		b = noise(b, r, c.Payload-(len(b)-start)-2, `"}`)
	}
	return append(b, `]}`...)
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// noise appends n random characters and an end.
func noise(b []byte, r *rand.Rand, n int, end string) []byte {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	for n > 0 {
		for v, k := r.Uint64(), 0; k < 10 && n > 0; k++ {
			b = append(b, letters[v&63])
			v >>= 6
			n--
		}
	}
	return append(b, end...)
}
