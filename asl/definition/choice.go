package definition

// Choice goes on with the state of the first rule that holds.
type Choice struct {
	// Rules has at least one element.
	Rules []Rule
	// Default is where to go if no rule holds; nil if not given.
	Default *State
}

// Rule is one element of Choices.
type Rule struct {
	Test Test
	Next *State
	// Assign and Output replace the state's own if the rule matches. They
	// are empty and nil if not given; Output is for JSONata only.
	Assign []Assignment
	Output Template
}

// Test is the condition of a rule: one of *Comparison, *And, *Or, *Not for
// JSONPath, and *Condition for JSONata.
type Test interface{ test() }

func (*Comparison) test() {}
func (*And) test()        {}
func (*Or) test()         {}
func (*Not) test()        {}
func (*Condition) test()  {}

// And holds if all of Tests hold. There is at least one.
type And struct{ Tests []Test }

// Or holds if one of Tests holds. There is at least one.
type Or struct{ Tests []Test }

// Not holds if Test does not.
type Not struct{ Test Test }

// Condition is a JSONata rule: a constant boolean or a *JSONataExpr that must
// yield a boolean.
type Condition struct{ Value Template }

// Comparison compares the value of a path with an operand.
type Comparison struct {
	Variable *PathExpr
	Operator Operator
	// Operand is a *Constant whose type fits the operator (a string, a
	// value.Number, a bool, or a string that is an RFC 3339 timestamp), or a
	// *PathExpr if the operator was written in its …Path form. The operand
	// of an Is… operator is a constant bool.
	Operand Template
}

// Operator is what a Comparison does. The …Path form of an operator is the
// same operator with another kind of operand.
type Operator uint8

// The operators, 23 in all; with the …Path forms of the first 16 there are 39
// field names.
const (
	StringEquals Operator = iota + 1
	StringLessThan
	StringGreaterThan
	StringLessThanEquals
	StringGreaterThanEquals
	NumericEquals
	NumericLessThan
	NumericGreaterThan
	NumericLessThanEquals
	NumericGreaterThanEquals
	TimestampEquals
	TimestampLessThan
	TimestampGreaterThan
	TimestampLessThanEquals
	TimestampGreaterThanEquals
	BooleanEquals
	StringMatches
	IsNull
	IsPresent
	IsNumeric
	IsString
	IsBoolean
	IsTimestamp
)

var operatorNames = [...]string{
	StringEquals:               "StringEquals",
	StringLessThan:             "StringLessThan",
	StringGreaterThan:          "StringGreaterThan",
	StringLessThanEquals:       "StringLessThanEquals",
	StringGreaterThanEquals:    "StringGreaterThanEquals",
	NumericEquals:              "NumericEquals",
	NumericLessThan:            "NumericLessThan",
	NumericGreaterThan:         "NumericGreaterThan",
	NumericLessThanEquals:      "NumericLessThanEquals",
	NumericGreaterThanEquals:   "NumericGreaterThanEquals",
	TimestampEquals:            "TimestampEquals",
	TimestampLessThan:          "TimestampLessThan",
	TimestampGreaterThan:       "TimestampGreaterThan",
	TimestampLessThanEquals:    "TimestampLessThanEquals",
	TimestampGreaterThanEquals: "TimestampGreaterThanEquals",
	BooleanEquals:              "BooleanEquals",
	StringMatches:              "StringMatches",
	IsNull:                     "IsNull",
	IsPresent:                  "IsPresent",
	IsNumeric:                  "IsNumeric",
	IsString:                   "IsString",
	IsBoolean:                  "IsBoolean",
	IsTimestamp:                "IsTimestamp",
}

// String is the field name of the operator, without the suffix Path.
func (o Operator) String() string {
	if o == 0 || int(o) >= len(operatorNames) {
		return "unknown operator"
	}
	return operatorNames[o]
}

// takesPath says whether the operator has a …Path form.
func (o Operator) takesPath() bool { return o <= BooleanEquals }
