package maprun

// recollection are inputs of children that the log of the map run was asked for.
type recollection struct {
	task   uint64 // the reading that is under way, 0 for none
	cursor string // where to go on
	next   int    // the first of numbers that is not used
	bytes  int    // of inputs
	inputs [][]byte
	// numbers are those of the children of inputs.
	numbers []int64
}

// take uses the input of a child up, which must be the next.
func (c *recollection) take(number int64) ([]byte, bool) {
	if c.next >= len(c.numbers) || c.numbers[c.next] != number {
		return nil, false
	}
	input := c.inputs[c.next]
	c.bytes -= len(input)
	c.inputs[c.next] = nil
	if c.next++; c.next == len(c.numbers) {
		c.numbers, c.inputs, c.next = nil, nil, 0
	}
	return input, true
}

func (c *recollection) empty() bool { return len(c.numbers) == 0 }
