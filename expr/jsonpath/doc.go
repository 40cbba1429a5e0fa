// Package jsonpath is the JSONPath dialect of AWS Step Functions.
//
// It is the dialect of the Jayway library with the limits that AWS documents:
//
//	$  $$  $name          roots: the input, the context object, a variable
//	.name  ['name']       a member; "…" may be used for '…', and .a\.b for ['a.b']
//	['a','b']             an object of the members that there are
//	[0]  [-1]  [0,2]      items, negative from the end; also [(@.length-1)]
//	[1:]  [:2]  [-2:]     a slice, without a step
//	*  [*]                all members or items
//	..name  ..*  ..[0]    at any depth
//	[?(@.x > 1 && ...)]   the items for which the condition holds
//
// A condition compares (== != < <= > >=) a path below @, the item, with a
// literal or another path, which may begin at the root, $; matches it against a
// regular expression as a whole (=~ /…/i); or asks whether it exists (@.x,
// !@.x); and is combined with && || ! and brackets. A string without blanks
// needs no quotes. As on AWS, numbers, texts and the like never meet a
// condition, so that @ alone finds none of them, and operators that are words
// are refused when the path is compiled. Functions such as .length() are
// accepted as if they were names of members, as on AWS.
//
// A path is definite if it can only name one value; otherwise its result is
// always an array, empty if nothing was found. A reference path (only members
// and single items) can also be written to, see Assign.
//
// A Path is compiled once, does not change and may be used by any number of
// goroutines. Evaluation counts the values that it looks at and gives up at
// MaxSteps, so that no expression can hang or exhaust memory.
package jsonpath
