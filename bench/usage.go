package bench

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

// cpuTime is the CPU time of this process and of its children that have ended.
func cpuTime() time.Duration {
	var total time.Duration
	for _, who := range [2]int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return total
}

// peakRSS is the largest resident memory so far, in bytes.
func peakRSS() uint64 {
	if n := procStatus("VmHWM:"); n > 0 {
		return n
	}
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return uint64(u.Maxrss) * 1024
}

// residentNow is the resident memory once the garbage is given back, in bytes; 0
// where the system does not tell.
func residentNow() uint64 {
	debug.FreeOSMemory()
	return procStatus("VmRSS:")
}

// procStatus reads a size from /proc; 0 where there is none.
func procStatus(name string) uint64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if rest, ok := strings.CutPrefix(s.Text(), name); ok {
			var kb uint64
			_, _ = fmt.Sscanf(strings.TrimSpace(rest), "%d", &kb)
			return kb * 1024
		}
	}
	return 0
}
