// Package jsonata is an engine for JSONata 2.2, the query and transformation
// language of https://jsonata.org.
//
// An expression is compiled once and evaluated any number of times, from any
// number of goroutines:
//
//	expr, err := jsonata.Compile("$sum(items.(price * quantity))", jsonata.Options{})
//	total, defined, err := expr.Eval(jsonata.Env{Input: order})
//
// Input, variables and results are values of package value. Numbers that an
// expression only passes on keep the text that they were written in, and
// objects the order of their members; what is computed is a float64, as in
// JavaScript. Members whose names are integers stay in their order too, where
// JavaScript puts them first.
//
// Items of arrays and members of objects are evaluated one after the other.
// The reference implementation starts them all at once, so that it may report
// the error of a later one first.
//
// Where the reference implementation gives NaN for a date that does not exist or
// a time zone that is none, there is no value or an error here; its other slips
// that the tests know are in excuses_test.go, each with a reason.
//
// Every evaluation has a budget for its depth, its steps and its memory (see
// [Options]). It is counted and not timed, so that the same expression ends in
// the same way everywhere. The exception are regular expressions, whose time
// cannot be counted: see [CodeRegexTimeout].
package jsonata
