package throttle

import "maps"

// Rate is a token bucket: so much may happen at once, and so much a second when
// it is empty.
type Rate struct{ Size, PerSecond int }

// Rates of an account in one region.
type Rates struct {
	// Calls of the operations of the API. Those that are not there have no rate.
	// StartExecution is that of Standard machines.
	Calls map[string]Rate
	// StartExpress is the rate of StartExecution of Express machines.
	StartExpress Rate
	// Transitions into a state of Standard executions.
	Transitions Rate
	// HTTPTasks is the rate at which HTTP tasks begin, MapRuns that of map runs.
	HTTPTasks, MapRuns Rate
}

// AWS gives the default rates of the large regions: us-east-1, us-west-2 and
// eu-west-1. They are those that AWS's Service Quotas listed for us-west-2 on
// 24 September 2026, of an account whose quotas had not been changed; the one of
// HTTP tasks is from the page "Service quotas" of AWS's documentation.
func AWS() *Rates {
	slow, slowLarge := Rate{100, 1}, Rate{200, 1}
	task := Rate{3000, 500}
	return &Rates{
		Calls: map[string]Rate{
			"CreateActivity":                   slow,
			"CreateStateMachine":               slow,
			"CreateStateMachineAlias":          slow,
			"DeleteActivity":                   slow,
			"DeleteStateMachine":               slow,
			"DeleteStateMachineAlias":          slow,
			"DeleteStateMachineVersion":        slow,
			"DescribeActivity":                 {200, 20},
			"DescribeExecution":                {300, 50},
			"DescribeMapRun":                   slowLarge,
			"DescribeStateMachine":             {200, 20},
			"DescribeStateMachineAlias":        slowLarge,
			"DescribeStateMachineForExecution": slowLarge,
			"GetActivityTask":                  task,
			"GetExecutionHistory":              {400, 20},
			"ListActivities":                   {100, 10},
			"ListExecutions":                   {200, 5},
			"ListMapRuns":                      slow,
			"ListStateMachineAliases":          slow,
			"ListStateMachineVersions":         slow,
			"ListStateMachines":                {100, 5},
			"ListTagsForResource":              slow,
			"PublishStateMachineVersion":       slow,
			"RedriveExecution":                 {800, 150},
			"SendTaskFailure":                  task,
			"SendTaskHeartbeat":                task,
			"SendTaskSuccess":                  task,
			"StartExecution":                   {1300, 300},
			"StopExecution":                    {1000, 200},
			"TagResource":                      slowLarge,
			"TestState":                        {50, 10},
			"UntagResource":                    slowLarge,
			"UpdateMapRun":                     slow,
			"UpdateStateMachine":               slow,
			"UpdateStateMachineAlias":          slow,
			"ValidateStateMachineDefinition":   slow,
		},
		StartExpress: Rate{6000, 6000},
		Transitions:  Rate{5000, 5000},
		HTTPTasks:    Rate{300, 300},
		MapRuns:      Rate{25, 25},
	}
}

// AWSSmall gives the default rates of all other regions: as Service Quotas listed
// them for us-west-1 on the same day.
func AWSSmall() *Rates {
	r, task := AWS(), Rate{1500, 300}
	maps.Copy(r.Calls, map[string]Rate{
		"GetActivityTask":   task,
		"ListActivities":    {100, 5},
		"ListExecutions":    {100, 2},
		"SendTaskFailure":   task,
		"SendTaskHeartbeat": task,
		"SendTaskSuccess":   task,
		"StartExecution":    {800, 150},
		"StopExecution":     {500, 25},
	})
	r.Transitions = Rate{800, 800}
	return r
}
