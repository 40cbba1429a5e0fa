package asl

import "github.com/fermata-dev/fermata/expr/value"

// The memory of the parts of a run, in bytes, with the documents and the places in
// lists and maps that come with each.
const (
	runBytes      = 560
	frameBytes    = 350
	jobBytes      = 340
	outputBytes   = 88
	assignedBytes = 104 // a variable
)

// Size estimates the state of the run.
func (r *Run) Size() int {
	const perRun, perFrame, perTask = 1024, 512, 256
	return perRun + perFrame*r.frames.size() + perTask*r.tasks.size() + r.heldBytes + r.varBytes
}

// Memory estimates the memory of the run, beside its program and what it was told
// at its start. It looks at few frames, however many there are: those of a fan are
// alike.
func (r *Run) Memory() int {
	size := runBytes + frameBytes*r.frames.size() + jobBytes*r.tasks.size() + r.heldBytes + r.varBytes
	if r.root == nil {
		return size + valueOf(r.input)
	}
	switch {
	case r.root.cur != r.input:
		size += valueOf(r.input)
	case r.root.fan == nil:
		size -= min(r.root.held, r.input.Size()) // it was charged for both
	}
	return size + r.root.values(looked)
}

// looked is how many frames of a fan stand for all of them. Of a fan within a fan
// it is one.
const looked = 4

// values estimates what the documents of a frame, and of those below it, hold
// beyond their texts.
func (f *frame) values(look int) int {
	size := valueOf(f.cur) + valueOf(f.result)
	if f.vars != nil {
		size += assignedBytes * len(f.vars.values)
		for _, doc := range f.vars.values {
			size += doc.Held()
		}
	}
	if f.fan != nil {
		size += f.fan.values(look)
	}
	return size
}

func (n *fan) values(look int) int {
	size := valueOf(n.items) + 8*cap(n.outputs) + outputBytes*n.ended
	look = min(look, len(n.live))
	if look == 0 {
		return size
	}
	sum := 0
	for _, child := range n.live[:look] {
		sum += child.values(1)
	}
	return size + sum*len(n.live)/look
}

func valueOf(d *value.Document) int {
	if d == nil {
		return 0
	}
	return d.Held()
}
