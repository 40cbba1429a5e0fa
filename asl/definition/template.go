package definition

import (
	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonpath"
)

// Template is a value that is wholly or partly computed. It is one of
// *Constant, *Object, *Array, *PathExpr, *IntrinsicExpr, *JSONataExpr. A nil
// Template in the model means that the field is absent.
//
// A part of a template in which nothing is computed is always a single
// *Constant, however deep it is, so an evaluator may share its value.
type Template interface{ template() }

func (*Constant) template()      {}
func (*Object) template()        {}
func (*Array) template()         {}
func (*PathExpr) template()      {}
func (*IntrinsicExpr) template() {}
func (*JSONataExpr) template()   {}

// Constant is a value as the text has it, in the representation of package
// value. It must not be changed.
type Constant struct{ Value any }

// Object is an object of which at least one member is computed.
type Object struct{ Members []Member }

// Member is one member of an Object.
type Member struct {
	// Name is the name in the result, without the suffix ".$".
	Name  string
	Value Template
}

// Array is an array of which at least one item is computed.
type Array struct{ Items []Template }

// PathExpr is a JSONPath to be evaluated.
type PathExpr struct {
	// Field is the name of the field as written, for messages: "x.$",
	// "SecondsPath", "Variable".
	Field string
	// Text is the path as written.
	Text string
	Path *jsonpath.Path
}

// IntrinsicExpr is a call of an intrinsic function.
type IntrinsicExpr struct {
	// Field is the name of the field as written, for messages.
	Field string
	// Text is the call as written.
	Text string
	Call *intrinsic.Expr
}

// JSONataExpr is a JSONata expression.
type JSONataExpr struct {
	// Location is the place within the state, in the notation that AWS uses
	// in causes and EvaluationFailed events: "Output/a/b[0]",
	// "Choices[1]/Condition".
	Location string
	// Source is the expression without the delimiters "{%" and "%}".
	Source string
	Expr   *jsonata.Expr
	// Reads are the members of $states that the expression may read.
	Reads StatesMembers
}
