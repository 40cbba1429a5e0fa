package show

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Live is a View for terminals: states that have ended stand as lines, those
// under way change in place below them.
type Live struct {
	out  io.Writer
	size func() (width, height int)

	ended   []string // lines to write before the next drawing
	open    []*Visit
	drawn   int // lines drawn that will be drawn again
	newest  time.Time
	started time.Time
}

// NewLive draws on out; size tells how large it is.
func NewLive(out io.Writer, size func() (width, height int)) *Live {
	return &Live{out: out, size: size}
}

const (
	clearBelow = "\x1b[J"
	green      = "\x1b[32m"
	red        = "\x1b[31m"
	yellow     = "\x1b[33m"
	dim        = "\x1b[2m"
	plain      = "\x1b[0m"
)

// Step keeps the step for the next drawing.
func (l *Live) Step(s Step) {
	if l.started.IsZero() {
		l.started = s.At.Time
	}
	l.newest = s.At.Time
	switch {
	case s.Visit == nil:
		l.execution(s)
	case strings.HasSuffix(s.Type, "StateEntered"):
		l.open = append(l.open, s.Visit)
	case strings.HasSuffix(s.Type, "StateExited"):
		l.leave()
	}
}

// execution takes a step of the execution itself.
func (l *Live) execution(s Step) {
	if s.Type == "ExecutionStarted" || s.What == "" {
		return
	}
	l.leave()
	colour := green
	if s.Type != "ExecutionSucceeded" {
		colour = red
	}
	l.ended = append(l.ended, fmt.Sprintf("%s%s%s after %s", colour, Short(s.What, 400), plain, Took(s.At.Sub(l.started))))
}

// leave moves the visits that have ended above the line.
func (l *Live) leave() {
	open := l.open[:0]
	for _, v := range l.open {
		if v.Left.IsZero() {
			open = append(open, v)
			continue
		}
		mark := green + "✓" + plain
		if v.Failed {
			mark = red + "✗" + plain
		} else if v.Failure != "" {
			mark = yellow + "!" + plain
		}
		l.ended = append(l.ended, fmt.Sprintf("%s %-26s %s", mark, v.Path, dim+Took(v.Left.Sub(v.Entered))+note(v)+plain))
	}
	clear(l.open[len(open):])
	l.open = open
}

// note tells of the attempts and the newest failure of a visit.
func note(v *Visit) string {
	text := ""
	if v.Attempts > 1 {
		text = fmt.Sprintf(", attempt %d", v.Attempts)
	}
	if v.Failure != "" {
		text += ", " + Short(v.Failure, 90)
	}
	return text
}

// Tick draws.
func (l *Live) Tick(now time.Time) {
	width, height := l.size()
	var b strings.Builder
	if l.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\r", l.drawn)
	}
	b.WriteString(clearBelow)
	for _, line := range l.ended {
		b.WriteString(line + "\n")
	}
	l.ended, l.drawn = nil, 0
	for i, v := range l.open {
		if left := len(l.open) - i; l.drawn >= height-3 && left > 1 {
			fmt.Fprintf(&b, "  %s… and %d more%s\n", dim, left, plain)
			l.drawn++
			break
		}
		text := fmt.Sprintf("%-26s %s%s", v.Path, Took(now.Sub(v.Entered)), note(v))
		fmt.Fprintf(&b, "%s●%s %s\n", yellow, plain, cut(text, max(width-3, 20)))
		l.drawn++
	}
	_, _ = io.WriteString(l.out, b.String())
}

// Done draws for the last time.
func (l *Live) Done() { l.Tick(l.newest) }
