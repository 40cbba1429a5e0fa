package definition

import "github.com/fermata-dev/fermata/expr/jsonpath"

// DataFlow is how a state shapes its data. In JSONPath the order is
// InputPath, Arguments, (the state's work), ResultSelector, ResultPath,
// OutputPath; in JSONata only Arguments and Output exist.
type DataFlow struct {
	InputPath PathField
	// Arguments is the field Parameters (JSONPath) or Arguments (JSONata).
	// The Parameters of a Map are its ItemSelector and not here.
	Arguments      Template
	ResultSelector Template
	ResultPath     PathField
	OutputPath     PathField
	// Output is the field of the same name (JSONata only).
	Output Template
}

// PathMode tells the three forms of a PathField.
type PathMode uint8

// An absent path means "$"; a null path means {} for InputPath and OutputPath
// and "drop the result" for ResultPath.
const (
	PathAbsent PathMode = iota
	PathNull
	PathSet
)

// PathField is InputPath, ResultPath or OutputPath. Path and Text are set if
// Mode is PathSet. ResultPath is a reference path into the state's input.
type PathField struct {
	Mode PathMode
	Text string
	Path *jsonpath.Path
}

// Assignment sets one variable.
type Assignment struct {
	// Name is the variable's name, without "$" and without the suffix ".$".
	Name  string
	Value Template
}
