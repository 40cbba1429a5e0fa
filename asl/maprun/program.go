package maprun

import (
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// Failure is an error as workflows know it.
type Failure struct{ Error, Cause string }

// Item is an item as an ItemSelector sees it.
type Item struct {
	Value *value.Document
	Index int64
	// Source is where it was read, empty for the place that all items are from.
	Source string
}

// Selector makes the input of a child of an item. Time and randomness are those of
// env.
type Selector func(item Item, env *interpreter.Env) (*value.Document, *Failure)

// Program is the Map state of a machine, as its map runs need it.
type Program struct {
	// Express: the children are Express executions, which are run and awaited by
	// one call each.
	Express bool
	// Selector gives the selector of a map run whose configuration has a Scope.
	Selector func(c *Config, info interpreter.Info) (Selector, error)
	// FileBytes is the size from which on records are written to a file, 0 for 4 MiB.
	// While four times as much waits for the writer, no more children are launched, and
	// those that end have to wait.
	FileBytes int
}

var _ interpreter.Program = (*Program)(nil)

// New returns the state of a map run before its first fact.
func (p *Program) New(info interpreter.Info) interpreter.Run { return newRun(p, info) }

// Restore returns the state that Snapshot wrote.
func (p *Program) Restore(info interpreter.Info, snapshot []byte) (interpreter.Run, error) {
	return restore(p, info, snapshot)
}

// The connectors and actions of a map run's tasks.
const (
	Children = "mapchild"
	Files    = "mapio"

	StartChild    = "start"    // a Standard child, which tells its end by a message
	RunChild      = "run"      // an Express child, whose end is the answer
	RerunChild    = "rerun"    // an Express child that has ended without success
	RedriveChild  = "redrive"  // a Standard child that has ended without success
	RecallInputs  = "recall"   // inputs of children, off the log
	RecountEnds   = "recount"  // records of children, off the log
	RestoreEnds   = "restore"  // records that were deferred, off the log
	StopChildren  = "stop"     // all that run
	AskParent     = "ask"      // whether the state still waits for the map run
	ReadItems     = "read"     // the next block
	WriteResults  = "write"    // a file of results
	WriteManifest = "manifest" // the list of these files
)
