package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// Routing is one line of the routing configuration of an alias, as a caller
// writes it.
type Routing struct {
	VersionARN string
	Weight     int
}

// routes checks a routing configuration and returns the name of the machine
// that its versions belong to. That they exist is not looked at.
func (c *Catalog) routes(routing []Routing) (machine string, routes []Route, err error) {
	versions := make([]ARN, len(routing))
	for i, r := range routing {
		if versions[i], err = ParseMachine(r.VersionARN); err != nil {
			return "", nil, err
		}
		number, ok := versions[i].VersionNumber()
		if !ok || versions[i].Place != c.Place {
			return "", nil, badRouting("Routing configuration must contain state machine version ARNs. Received: " + received(routing))
		}
		routes = append(routes, Route{Version: number, Weight: r.Weight})
	}
	if err := checkShares(routing); err != nil {
		return "", nil, err
	}
	for _, v := range versions {
		if v.Rest[0] != versions[0].Rest[0] {
			return "", nil, badRouting("Routing configuration must contain state machine version ARNs for the same state machine. Received: " + received(routing))
		}
	}
	return versions[0].Rest[0], routes, nil
}

// routesOf is routes for an alias whose machine is known.
func (c *Catalog) routesOf(machine string, routing []Routing) ([]Route, error) {
	name, routes, err := c.routes(routing)
	if err == nil && name != machine {
		err = badRouting("Routing configuration must contain state machine version ARNs for the same state machine. Received: " + received(routing))
	}
	return routes, err
}

// checkShares refuses versions that come twice and weights that are not 100 in
// all. One or two lines is what the shape of a request allows.
func checkShares(routing []Routing) error {
	if len(routing) == 0 {
		return badRouting("Routing configuration must contain one or two state machine version ARNs. Received: []")
	}
	sum := 0
	weights := make([]string, len(routing))
	for i, r := range routing {
		if slices.ContainsFunc(routing[:i], func(o Routing) bool { return o.VersionARN == r.VersionARN }) {
			return badRouting("Routing configuration must contain distinct state machine version ARNs. Received: " + received(routing))
		}
		sum += r.Weight
		weights[i] = fmt.Sprint(r.Weight)
	}
	if sum != 100 {
		return badRouting("Sum of routing configuration weights must equal 100. Received: [" + strings.Join(weights, ", ") + "]")
	}
	return nil
}

func received(routing []Routing) string {
	arns := make([]string, len(routing))
	for i, r := range routing {
		arns[i] = r.VersionARN
	}
	return "[" + strings.Join(arns, ", ") + "]"
}

func badRouting(why string) error {
	return &Error{Code: ValidationException, Reason: InvalidRouting, Message: why}
}
