//go:build !unix

package local

import (
	"os"
	"os/exec"
)

// ownGroup does nothing: this system has no process groups that we can use.
func ownGroup(*exec.Cmd) {}

// killGroup ends the process; its children are their own affair.
func killGroup(p *os.Process) { _ = p.Kill() }

// terminateGroup ends the process: there is no gentle way here.
func terminateGroup(p *os.Process) { _ = p.Kill() }
