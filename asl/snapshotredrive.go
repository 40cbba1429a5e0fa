package asl

import "github.com/fermata-dev/fermata/interpreter"

// redrives is what version 2 added: how the execution was redriven, and the
// frames of one that ended without success.
func (m *image) redrives() {
	r := m.run
	m.uint(&r.redrives)
	m.millis(&r.redriven)
	n := m.length(len(r.tokens))
	if m.reading && n > 0 {
		r.tokens = make([]redriveToken, n)
	}
	for i := range n {
		m.text(&r.tokens[i].token)
		m.millis(&r.tokens[i].at)
	}
	kept := r.status.Closed() && r.root != nil
	m.bool(&kept)
	if !kept || m.bad {
		return
	}
	if m.reading && (!r.status.Closed() || r.status == interpreter.Succeeded) {
		m.fail()
		return
	}
	m.tree(&r.root, nil)
}
