package maprun

import "github.com/fermata-dev/fermata/interpreter"

// The memory of a map run is bounded in children, in the bytes of their inputs, and in
// those of the records that wait for the writer. What children put out that have ended
// waits in the inbox, if they are Standard executions. Express children are in memory
// with all they have, so as many are launched as are likely to have room.

const (
	// mostChildren is how many children of one map run are under way at most,
	// whatever its configuration says.
	mostChildren = 10_000
	// mostHeld is how many bytes their inputs may have.
	mostHeld = 32 << 20
	// fileBytes is the size from which on records are written to a file, if the
	// program does not say.
	fileBytes = 4 << 20
	// mostFiles is how many files' records may wait for the writer. It is more than
	// there are kinds of files, so that one of them is being written then.
	mostFiles = 4
	// expressBytes is how many bytes the results of the Express children under way may
	// have, if they are like those before; leastExpress are launched however large these
	// were, and before one has ended. Each that ends lets expressGrowth more begin.
	expressBytes  = 64 << 20
	leastExpress  = 16
	expressGrowth = 2
)

var _ interpreter.Hesitant = (*Run)(nil)

// room says whether one more child may be under way.
func (r *Run) room() bool {
	most := int64(mostChildren)
	if n := r.settings.MaxConcurrency; n > 0 {
		most = min(most, n)
	}
	if r.program.Express {
		most = min(most, r.expressRoom())
	}
	return int64(r.children) < most && (r.held < mostHeld || r.children == 0) && !r.crowded()
}

// expressRoom is for how many Express children there is room.
func (r *Run) expressRoom() int64 {
	s := &r.seen
	if s.ends == 0 {
		return leastExpress
	}
	return min(leastExpress+expressGrowth*s.ends, max(leastExpress, expressBytes/max(1, s.bytes/s.ends)))
}

// sample is what the ends of children were, as far as they tell how large the next may
// be.
type sample struct{ ends, bytes int64 }

func (s *sample) add(size int) {
	s.ends++
	s.bytes += int64(size)
}

func (s *sample) layout(c *codec) {
	c.Signed(&s.ends)
	c.Signed(&s.bytes)
}

// guess is the sample of a map run that has kept none.
func (r *Run) guess() sample {
	s := sample{ends: r.executions.ended(), bytes: int64(r.results.bytes + r.asked)}
	for k := range r.results.files {
		s.bytes += r.results.files[k].sizes
	}
	return s
}

// crowded says whether the writer has to go on before more records are made.
func (r *Run) crowded() bool {
	return r.config != nil && exports(r.config) && r.results.bytes >= mostFiles*r.program.fileBytes()
}

// fileBytes is the size from which on records are written to a file.
func (p *Program) fileBytes() int {
	if p.FileBytes > 0 {
		return p.FileBytes
	}
	return fileBytes
}

// Hesitates says whether the ends of children have to wait for the writer. Where it
// has failed nothing is to be waited for.
func (r *Run) Hesitates() bool {
	return r.crowded() && !r.results.broken && !r.status.Closed()
}

// Defers says whether a command is the end of a child.
func (r *Run) Defers(cmd interpreter.Command) bool {
	var id uint64
	switch cmd := cmd.(type) {
	case interpreter.TaskSucceeded:
		id = cmd.ID
	case interpreter.TaskFailed:
		id = cmd.ID
	case interpreter.TaskSubmitted:
		if !final(cmd.Output) {
			return false
		}
		id = cmd.ID
	}
	j := r.jobs[id]
	return j != nil && j.child()
}
