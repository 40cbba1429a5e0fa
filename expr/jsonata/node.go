package jsonata

// kind says what a node does.
type kind uint8

const (
	kindEnd         kind = iota
	kindName             // text: a member of the context
	kindString           // value
	kindNumber           // value
	kindValue            // value: true, false, null
	kindVariable         // text
	kindRegex            // regex
	kindWildcard         // *
	kindDescendant       // **
	kindParent           // %
	kindKeyword          // and, or, in where a name stands; parser only
	kindPlaceholder      // ? among the arguments of a partial application
	kindBinary           // op, lhs, rhs
	kindNegate           // lhs
	kindArray            // list
	kindObject           // pairs
	kindBlock            // list
	kindCondition        // lhs ? rhs : alt
	kindElse             // lhs ?: rhs
	kindCoalesce         // lhs ?? rhs
	kindBind             // text := rhs
	kindCall             // lhs(list)
	kindPartial          // lhs(list) with placeholders
	kindTailCall         // lhs is a call that the caller's loop makes
	kindLambda           // params, sig, rhs
	kindApply            // lhs ~> rhs
	kindTransform        // |lhs|rhs,alt|
	kindPath             // list: the steps
	kindSort             // terms: a step of a path
)

// node is a part of an expression: of the syntax while it is parsed, of the
// program when it is resolved. Which fields count depends on the kind. A node
// does not change any more once its expression is compiled.
type node struct {
	kind  kind
	pos   int    // bytes up to and with the token
	text  string // name, operator
	value any

	lhs, rhs, alt *node
	list          []*node
	pairs         [][2]*node
	terms         []term
	params        []string
	sig           *signature
	regex         *regex
	builtin       *function // what a variable means that nobody has set

	filters []*node // behind an expression that is no path
	stages  []stage // filters and indexes behind this step of a path
	group   *group  // {…} behind this expression
	focus   string  // @$focus
	index   string  // #$index

	slot     *slot   // of a parent operator
	ancestor *slot   // who asks for the parent of this step's result
	seeking  []*slot // parents that are looked for further out

	tuple         bool // the step, or path, carries a stream of tuples
	keepArray     bool // name[]: one value stays an array
	keepSingleton bool // a path with such a step
	cons          bool // an array constructor that is not flattened
	plain         bool // a path, or step, of names and nothing else
}

// stage is what stands behind a step: a filter, or an index variable if filter
// is nil.
type stage struct {
	filter *node
	index  string
}

// term is a part of an order-by clause.
type term struct {
	descending bool
	expr       *node
}

// group is a group-by clause.
type group struct {
	pairs [][2]*node
	pos   int
}

// String is what errors call the kind.
func (k kind) String() string {
	switch k {
	case kindBinary:
		return "binary"
	case kindNegate, kindArray, kindObject:
		return "unary"
	case kindCall:
		return "function"
	case kindVariable:
		return "variable"
	case kindSort:
		return "sort"
	case kindParent:
		return "parent"
	case kindPath:
		return "path"
	}
	return "expression"
}
