package jsonata

// The parent operator % stands for the value that the step before was applied
// to. The step that has it as its input is found when the expression is
// compiled: it keeps its input under a label, and its path carries tuples from
// there on.

// seek adds the parents that part still looks for to those that n looks for.
func (n *node) seek(part *node) {
	if part.kind == kindParent {
		n.seeking = append(n.seeking, part.slot)
		return
	}
	if n.seeking == nil {
		n.seeking = part.seeking[:len(part.seeking):len(part.seeking)]
		return
	}
	n.seeking = append(n.seeking, part.seeking...)
}

// seekParent goes back over step, one level of s's way.
func seekParent(step *node, s *slot) *Error {
	switch step.kind {
	case kindName, kindWildcard:
		if s.level--; s.level > 0 {
			return nil
		}
		if step.ancestor != nil {
			s.label = step.ancestor.label
		}
		step.ancestor = s
		step.tuple, step.plain = true, false
	case kindParent:
		s.level++
	case kindBlock:
		if len(step.list) > 0 {
			step.tuple = true
			return seekParent(step.list[len(step.list)-1], s)
		}
	case kindPath:
		step.tuple = true
		index := len(step.list) - 1
		if err := seekParent(step.list[index], s); err != nil {
			return err
		}
		for index--; s.level > 0 && index >= 0; index-- {
			if err := seekParent(step.list[index], s); err != nil {
				return err
			}
		}
	default:
		return &Error{Code: "S0217", Token: step.kind.String(), Position: step.pos}
	}
	return nil
}

// resolveParents finds, for each parent that the last step of path looks for,
// the step before whose input it is. What is not found within the path is
// looked for further out.
func resolveParents(path *node) *Error {
	last := path.list[len(path.list)-1]
	slots := last.seeking
	if last.kind == kindParent {
		slots = append(slots, last.slot)
	}
	for _, s := range slots {
		index := len(path.list) - 2
		for s.level > 0 {
			if index < 0 {
				path.seeking = append(path.seeking, s)
				break
			}
			step := path.list[index]
			index--
			for index >= 0 && step.focus != "" && path.list[index].focus != "" {
				step = path.list[index]
				index--
			}
			if err := seekParent(step, s); err != nil {
				return err
			}
		}
	}
	return nil
}
