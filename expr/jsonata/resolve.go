package jsonata

import "strconv"

// slot is the place where the parent of a value is kept while a path is
// walked. level counts how many steps back it is still to be found.
type slot struct {
	label string
	level int
}

// maxParents is how many parents an expression may ask for. Each is looked for from where
// it stands outwards.
const maxParents = 2000

// resolver turns the syntax tree into the tree that is evaluated: chains of
// dots become paths of steps, filters and groups are attached to what they
// follow, parents find the steps whose input they are.
type resolver struct {
	slots   int
	builtin func(name string) *function
}

func (rs *resolver) resolve(n *node) (*node, *Error) {
	result, err := rs.resolveKind(n)
	if err != nil {
		return nil, err
	}
	if n.keepArray {
		result.keepArray = true
	}
	return result, nil
}

func (rs *resolver) resolveKind(n *node) (*node, *Error) {
	switch n.kind {
	case kindBinary:
		return rs.binary(n)
	case kindName:
		n.plain = !n.keepArray
		return &node{kind: kindPath, pos: n.pos, list: []*node{n}, keepSingleton: n.keepArray}, nil
	case kindKeyword:
		n.kind = kindName
		return rs.resolveKind(n)
	case kindParent:
		if rs.slots >= maxParents {
			return nil, &Error{Code: CodeDepth, Position: n.pos}
		}
		n.slot = &slot{label: "!" + strconv.Itoa(rs.slots), level: 1}
		rs.slots++
		return n, nil
	case kindVariable:
		if rs.builtin != nil {
			n.builtin = rs.builtin(n.text)
		}
		return n, nil
	case kindEnd:
		return nil, &Error{Code: "S0207", Position: n.pos}
	case kindNegate:
		return rs.negate(n)
	case kindObject:
		return n, rs.pairs(n, n.pairs)
	case kindLambda:
		var err *Error
		if n.rhs, err = rs.resolve(n.rhs); err == nil {
			n.rhs = tailCall(n.rhs)
		}
		return n, err
	case kindTransform:
		if rs.builtin != nil {
			n.builtin = rs.builtin("clone")
		}
		return n, rs.each(nil, &n.lhs, &n.rhs, &n.alt)
	case kindArray, kindBlock:
		return rs.sequence(n)
	case kindCondition, kindElse, kindCoalesce:
		return n, rs.each(n, &n.lhs, &n.rhs, &n.alt)
	case kindCall, kindPartial:
		return rs.call(n)
	}
	return n, nil
}

// each resolves the parts of n in place. What they seek, n seeks; of a nil n
// nobody can seek a parent further out.
func (rs *resolver) each(n *node, parts ...**node) *Error {
	for _, part := range parts {
		if *part == nil {
			continue
		}
		resolved, err := rs.resolve(*part)
		if err != nil {
			return err
		}
		*part = resolved
		if n != nil {
			n.seek(resolved)
		}
	}
	return nil
}

func (rs *resolver) pairs(n *node, pairs [][2]*node) *Error {
	for i := range pairs {
		if err := rs.each(n, &pairs[i][0], &pairs[i][1]); err != nil {
			return err
		}
	}
	return nil
}

func (rs *resolver) negate(n *node) (*node, *Error) {
	if err := rs.each(n, &n.lhs); err != nil {
		return nil, err
	}
	if f, ok := n.lhs.value.(float64); ok && n.lhs.kind == kindNumber {
		n.lhs.value = -f
		return n.lhs, nil
	}
	return n, nil
}

// sequence resolves array constructors and blocks.
func (rs *resolver) sequence(n *node) (*node, *Error) {
	for i := range n.list {
		if err := rs.each(n, &n.list[i]); err != nil {
			return nil, err
		}
		part := n.list[i]
		if n.kind == kindBlock && (part.cons || part.kind == kindPath && part.list[0].cons) {
			n.cons = true
		}
	}
	return n, nil
}

func (rs *resolver) call(n *node) (*node, *Error) {
	for i := range n.list {
		if err := rs.each(n, &n.list[i]); err != nil {
			return nil, err
		}
	}
	return n, rs.each(nil, &n.lhs)
}

// tailCall marks the calls that are the last thing that a function does.
func tailCall(n *node) *node {
	if n.filters != nil || n.group != nil || n.keepArray {
		return n // which the result of the call is still to go through
	}
	switch n.kind {
	case kindCall:
		return &node{kind: kindTailCall, pos: n.pos, lhs: n}
	case kindCondition:
		n.rhs = tailCall(n.rhs)
		if n.alt != nil {
			n.alt = tailCall(n.alt)
		}
	case kindElse, kindCoalesce:
		n.rhs = tailCall(n.rhs)
	case kindBlock:
		if last := len(n.list) - 1; last >= 0 {
			n.list[last] = tailCall(n.list[last])
		}
	}
	return n
}

func (rs *resolver) binary(n *node) (*node, *Error) {
	switch n.text {
	case ".":
		return rs.path(n)
	case "[":
		return rs.filter(n)
	case "{":
		return rs.groupBy(n)
	case "^":
		return rs.orderBy(n)
	case "@":
		return rs.focus(n)
	case "#":
		return rs.indexed(n)
	case ":=":
		n.kind, n.text, n.lhs = kindBind, n.lhs.text, nil
		return n, rs.each(n, &n.rhs)
	case "~>":
		n.kind = kindApply
		err := rs.each(nil, &n.lhs, &n.rhs)
		if err == nil {
			n.keepArray = n.lhs.keepArray || n.rhs.keepArray
		}
		return n, err
	}
	return n, rs.each(n, &n.lhs, &n.rhs)
}

// path joins what stands on both sides of a dot.
func (rs *resolver) path(n *node) (*node, *Error) {
	left, err := rs.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	result := left
	if left.kind != kindPath {
		result = &node{kind: kindPath, pos: n.pos, list: []*node{left}}
	}
	if left.kind == kindParent {
		result.seeking = []*slot{left.slot}
	}
	rest, err := rs.resolve(n.rhs)
	if err != nil {
		return nil, err
	}
	seen := len(result.list) - 1 // the others have been looked at with the dot before
	if rest.kind == kindPath {
		result.list = append(result.list, rest.list...)
	} else {
		rest.filtersToStages()
		result.list = append(result.list, rest)
	}
	for _, step := range result.list[seen:] {
		switch step.kind {
		case kindNumber, kindValue:
			return nil, &Error{Code: "S0213", Position: step.pos, Value: step.value}
		case kindString:
			step.kind = kindName
			step.plain = !step.keepArray && !step.tuple && step.stages == nil && step.filters == nil && step.group == nil
		}
		if step.keepArray {
			result.keepSingleton = true
		}
	}
	for _, end := range []*node{result.list[0], result.list[len(result.list)-1]} {
		if end.kind == kindArray {
			end.cons = true
		}
	}
	return result, resolveParents(result)
}

// lastStep is the node that filters and variables behind n belong to.
func (n *node) lastStep() *node {
	if n.kind == kindPath {
		return n.list[len(n.list)-1]
	}
	return n
}

// filtersToStages makes the filters behind n those of a step.
func (n *node) filtersToStages() {
	for _, f := range n.filters {
		n.stages = append(n.stages, stage{filter: f})
	}
	n.filters = nil
}

func (rs *resolver) filter(n *node) (*node, *Error) {
	result, err := rs.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	step := result.lastStep()
	if step.group != nil {
		return nil, &Error{Code: "S0209", Position: n.pos}
	}
	predicate, err := rs.resolve(n.rhs)
	if err != nil {
		return nil, err
	}
	for _, s := range predicate.seeking {
		if s.level == 1 {
			if err := seekParent(step, s); err != nil {
				return nil, err
			}
		} else {
			s.level--
		}
	}
	if predicate.seeking != nil {
		step.seek(predicate)
	}
	step.plain = false
	if result.kind == kindPath {
		step.stages = append(step.stages, stage{filter: predicate})
	} else {
		step.filters = append(step.filters, predicate)
	}
	return result, nil
}

func (rs *resolver) groupBy(n *node) (*node, *Error) {
	result, err := rs.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	if result.group != nil {
		return nil, &Error{Code: "S0210", Position: n.pos}
	}
	result.group = &group{pairs: n.pairs, pos: n.pos}
	return result, rs.pairs(nil, n.pairs)
}

func (rs *resolver) orderBy(n *node) (*node, *Error) {
	result, err := rs.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	if result.kind != kindPath {
		result = &node{kind: kindPath, pos: n.pos, list: []*node{result}}
	}
	step := &node{kind: kindSort, pos: n.pos, terms: n.terms}
	for i := range step.terms {
		if err := rs.each(step, &step.terms[i].expr); err != nil {
			return nil, err
		}
	}
	result.list = append(result.list, step)
	return result, resolveParents(result)
}

func (rs *resolver) focus(n *node) (*node, *Error) {
	result, err := rs.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	step := result.lastStep()
	switch {
	case step.stages != nil || step.filters != nil:
		return nil, &Error{Code: "S0215", Position: n.pos}
	case step.kind == kindSort:
		return nil, &Error{Code: "S0216", Position: n.pos}
	}
	if n.keepArray {
		step.keepArray = true
	}
	step.focus, step.tuple, step.plain = n.rhs.text, true, false
	return result, nil
}

func (rs *resolver) indexed(n *node) (*node, *Error) {
	result, err := rs.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	step := result.lastStep()
	if result.kind != kindPath {
		step.filtersToStages()
		result = &node{kind: kindPath, pos: n.pos, list: []*node{result}}
	}
	if step.stages == nil {
		step.index = n.rhs.text
	} else {
		step.stages = append(step.stages, stage{index: n.rhs.text})
	}
	step.tuple, step.plain = true, false
	return result, nil
}
