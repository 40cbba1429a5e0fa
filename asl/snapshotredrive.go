package asl

import "github.com/fermata-dev/fermata/interpreter"

// redrives is what version 2 added: how the execution was redriven, and the
// frames of one that ended without success.
func (m *image) redrives() {
	r := m.run
	m.Uint(&r.redrives)
	m.Signed(&r.redriven)
	n := m.Length(len(r.tokens))
	if m.Reading && n > 0 {
		r.tokens = make([]redriveToken, n)
	}
	for i := range n {
		m.Text(&r.tokens[i].token)
		m.Signed(&r.tokens[i].at)
	}
	kept := r.status.Closed() && r.root != nil
	m.Bool(&kept)
	if !kept || m.Bad {
		return
	}
	if m.Reading && (!r.status.Closed() || r.status == interpreter.Succeeded) {
		m.Fail()
		return
	}
	m.tree(&r.root, nil)
}
