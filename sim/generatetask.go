package sim

const (
	arnOfFunction = "arn:aws:lambda:us-east-1:000000000000:function:"
	arnOfActivity = "arn:aws:states:us-east-1:000000000000:activity:"
	refusal       = "simulated refusal"
)

// queues are those of the activities that machines use.
var queues = []string{arnOfActivity + "steady", arnOfActivity + "moody"}

// task is a Task state whose failures are handled.
func (b *builder) task(depth int) part {
	s := state{"ResultPath": "$.r"}
	mood := one(b.d, "steady", "steady", "moody")
	kinds := 4
	if b.plain {
		kinds = 3
	}
	if b.express {
		kinds = 2
	}
	switch b.d.IntN(kinds) {
	case 0, 1:
		if b.big && mood == "steady" {
			mood = "bulky"
		}
		s["Resource"] = arnOfFunction + mood
		b.bound(s, 0.6)
	case 2:
		s["Resource"] = "arn:aws:states:::lambda:invoke.waitForTaskToken"
		s["Parameters"] = state{"FunctionName": mood, "Payload": state{"in.$": "$", "token.$": "$$.Task.Token"}}
		b.bound(s, 0.7)
	case 3:
		s["Resource"] = arnOfActivity + mood
		b.bound(s, 1)
	}
	return b.guarded(depth, b.single("Task", s))
}

// bound gives a task a timeout and, if it is one for somebody outside, perhaps a
// heartbeat.
func (b *builder) bound(s state, p float64) {
	if b.plain || !b.d.chance(p) {
		return
	}
	timeout := 5 + b.d.upTo(40)
	s["TimeoutSeconds"] = timeout
	if s["Parameters"] == nil && p < 1 {
		return
	}
	if b.d.chance(0.5) {
		s["HeartbeatSeconds"] = 4 + b.d.upTo(timeout-5)
	}
}

// guarded lets a task be tried again after all failures but "Biz", and perhaps
// catches that.
func (b *builder) guarded(depth int, p part) part {
	s := p.open[0]
	var catchers []state
	if b.d.chance(0.7) {
		retrier := state{"ErrorEquals": []string{"States.ALL"}, "MaxAttempts": 100000, "IntervalSeconds": 1 + b.d.upTo(2),
			"BackoffRate": one(b.d, 1.0, 1.5, 2.0), "MaxDelaySeconds": 4 + b.d.upTo(10)}
		if b.d.chance(0.3) {
			retrier["JitterStrategy"] = "FULL"
		}
		s["Retry"] = []state{{"ErrorEquals": []string{"Biz"}, "MaxAttempts": 0}, retrier}
	}
	if b.d.chance(0.6) {
		handler := b.pass("refused", "$.w")
		if depth < 2 && b.left > 2 && b.d.chance(0.3) {
			handler = b.sequence(depth+1, 1)
		}
		catchers = append(catchers, state{"ErrorEquals": []string{"Biz"}, "ResultPath": "$.e", "Next": handler.start})
		p = b.beside(p, handler)
	}
	if s["Retry"] == nil {
		again := b.single("Wait", state{"Seconds": 1})
		again.open[0]["Next"] = p.start
		again.open = nil
		if len(catchers) == 0 {
			fail := b.single("Fail", state{"Error": "Biz", "Cause": refusal})
			fail.open = nil
			catchers = append(catchers, state{"ErrorEquals": []string{"Biz"}, "Next": fail.start})
			p = b.beside(p, fail)
		}
		catchers = append(catchers, state{"ErrorEquals": []string{"States.ALL"}, "ResultPath": nil, "Next": again.start})
		p = b.beside(p, again)
	}
	if catchers != nil {
		s["Catch"] = catchers
	}
	return p
}

// child is a task that starts another machine, and perhaps waits for it.
func (b *builder) child() part {
	b.children--
	m := b.d.IntN(b.number)
	s := state{"Parameters": state{
		"StateMachineArn": machineARN + machineName(m),
		"Input":           state{"i": 0, "seed.$": "$.r.h"},
	}}
	if b.d.chance(0.25) {
		s["Resource"], s["ResultPath"] = "arn:aws:states:::states:startExecution", nil
	} else {
		s["Resource"], s["ResultPath"] = "arn:aws:states:::states:startExecution.sync:2", "$.r"
		s["ResultSelector"] = state{"h.$": "$.Output.r.h", "c.$": "$.Output.r.c"}
	}
	return b.guarded(0, b.single("Task", s))
}

// fan is a Parallel or Map state; of what comes out only the results are kept.
func (b *builder) fan(depth int) part {
	input := state{"i": 0, "seed.$": "$.seed", "r.$": "$.r"}
	s := state{"ResultPath": "$.p"}
	var p part
	if b.d.chance(0.5) {
		p = b.single("Parallel", s)
		branches := []state{b.scope(b.inner(depth)), b.scope(b.inner(depth))}
		if b.d.chance(0.3) {
			branches = append(branches, b.scope(b.inner(depth)))
		}
		s["Parameters"], s["Branches"] = input, branches
		s["ResultSelector"] = state{"a.$": "$[0].r", "b.$": "$[1].r"}
	} else {
		p = b.single("Map", s)
		input["item.$"] = "$$.Map.Item.Value"
		s["ItemsPath"], s["ItemSelector"] = "$.items", input
		s["ItemProcessor"] = b.scope(b.inner(depth))
		s["MaxConcurrency"] = b.d.upTo(3)
		s["ResultSelector"] = state{"all.$": "$[*].r"}
		items := make([]int, b.d.upTo(5))
		p = b.join(b.pass(items, "$.items"), p)
	}
	if b.d.chance(0.5) {
		handler := b.pass("refused", "$.w")
		s["Catch"] = []state{{"ErrorEquals": []string{"Biz"}, "ResultPath": "$.e", "Next": handler.start}}
		p = b.beside(p, handler)
	} else if b.d.chance(0.3) {
		s["Retry"] = []state{{"ErrorEquals": []string{"Biz"}, "MaxAttempts": 1, "IntervalSeconds": 1}}
	}
	return p
}

func (b *builder) inner(depth int) part { return b.sequence(depth+1, 1+b.d.upTo(1)) }
