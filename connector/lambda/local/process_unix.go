//go:build unix

package local

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup makes the process the head of a group, so that its children can be
// ended with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the process and all of its group. The id of a group stays taken
// as long as the group has members, so this is safe after the head has ended.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// terminateGroup asks the process and all of its group to end.
func terminateGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGTERM) }
