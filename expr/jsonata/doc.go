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
// What the reference implementation does is done here too, also where the language says
// nothing of it: a date that does not exist and a text that is no number are NaN, and
// filters behind several sorted values that carry variables are asked about the carriers.
// Its plain slips are not: testdata/repairs.cjs lists them, excuses_test.go those that
// cannot be repaired there. A transform changes nothing but its copy of what it is
// applied to, also where its pattern leads elsewhere ($$, or a variable).
//
// Every evaluation has a budget for its depth, its steps and its memory (see
// [Options]). It is counted and not timed, so that the same expression ends in
// the same way everywhere. The exception are regular expressions, whose time
// cannot be counted: see [CodeRegexTimeout].
package jsonata
