package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/throttle"
)

// limits are those of Standard executions, and of Express ones.
type limits struct {
	*interpreter.Limits
	express *interpreter.Limits
}

// limitSet gives the limits that --limits names. docs/limits.md has them as a
// table.
func limitSet(name string) (limits, error) {
	switch name {
	case "fermata":
		return limits{fermata.DefaultLimits(), fermata.DefaultExpressLimits()}, nil
	case "aws":
		return limits{fermata.AWSLimits(), fermata.AWSExpressLimits()}, nil
	}
	return limits{}, fmt.Errorf(`%q is not known; there are "fermata" and "aws"`, name)
}

// scaleWaits sets what executions wait of their time; 0 is nothing of it.
func (l *limits) scaleWaits(scale float64) {
	if l.Limits == nil || scale == 1 {
		return
	}
	l.Limits.WaitScale = max(scale, math.SmallestNonzeroFloat64)
	l.express.WaitScale = l.Limits.WaitScale
}

// quotas bound what clients may create and hold open; 0 bounds nothing.
type quotas struct {
	catalog.Quotas
	pollers int           // of one activity
	request int64         // bytes of one request
	tokens  time.Duration // that a token of a listing lives
}

// quotaSet gives the quotas that a name has which limitSet knows.
func quotaSet(name string) quotas {
	if name == "aws" {
		return quotas{Quotas: fermata.AWSQuotas(), pollers: 1000, request: 1 << 20, tokens: 24 * time.Hour}
	}
	return quotas{}
}

// throttleSet gives the rates that --throttle names, nil for none.
func throttleSet(name string) (*throttle.Rates, error) {
	switch name {
	case "off":
		return nil, nil
	case "aws":
		return throttle.AWS(), nil
	case "aws-small":
		return throttle.AWSSmall(), nil
	}
	return nil, fmt.Errorf(`%q is not known; there are "off", "aws" and "aws-small"`, name)
}

// requestBytes is the largest body of a request: that of the quota, or else a
// payload of the greatest size fits, also if every byte of it has to be escaped,
// and a definition does.
func (s *settings) requestBytes() int64 {
	if s.quotas.request > 0 {
		return s.quotas.request
	}
	return max(8<<20, 2*int64(s.limits.PayloadBytes)+1<<20)
}

// parseBytes reads a size as people write it: 64MiB, 1GiB, 262144.
func parseBytes(text string) (int64, error) {
	number, shift := text, 0
	for _, unit := range []struct {
		name  string
		shift int
	}{{"KiB", 10}, {"MiB", 20}, {"GiB", 30}} {
		if cut, ok := strings.CutSuffix(text, unit.name); ok {
			number, shift = cut, unit.shift
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if err != nil || n < 0 || n > 1<<(62-shift) {
		return 0, fmt.Errorf("%q is not a size; write a number of bytes, or one with KiB, MiB or GiB, such as 64MiB", text)
	}
	return n << shift, nil
}
