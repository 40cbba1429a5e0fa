// Package throttle has the rates to which AWS Step Functions slows an account
// down, and the token buckets that keep them: of calls of the API, of state
// transitions, and of what tasks begin.
package throttle
