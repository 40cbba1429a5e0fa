package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Compiled is a definition made ready to run.
type Compiled struct {
	Program interpreter.Program
	// VariableReferences are the workflow variables that each state refers to, by
	// the state's name; states that refer to none are left out.
	VariableReferences map[string][]string
	// Parts are the distributed Map states, in an order that is always the same.
	Parts []Part
}

// Compiler checks a definition for a machine of that type and makes it ready to
// run. It returns nil if one of the diagnostics is an error. A definition that was
// accepted before is not to be refused for a rule that came later. It must be safe
// for concurrent use.
type Compiler func(text []byte, t Type, accepted bool) (*Compiled, []definition.Diagnostic)

// Config of a Catalog. Records and Compile are required.
type Config struct {
	Records store.Records
	Compile Compiler
	// Place is what ARNs are made of. Defaults: partition "aws", the region of
	// AWS_REGION or else "us-east-1", account "123456789012".
	Place Place
	// CacheBytes bounds the definition text whose compiled programs are kept in
	// memory (default 32 MiB). The last one used is kept whatever its size.
	CacheBytes int
	// Now is the clock (default time.Now), UUID the source of revision ids
	// (default random).
	Now  func() time.Time
	UUID func() string
	// Roll gives a number from 0 to below n, by which the executions of an alias
	// are shared between its versions (default random).
	Roll func(n int) int
	// Quotas bound what may be created.
	Quotas Quotas
	// IgnoreKMS accepts, keeps and shows keys of AWS KMS, and encrypts nothing.
	// Without it they are refused.
	IgnoreKMS bool
	// Logger is told of deletions that cannot go on (default: discards).
	Logger *slog.Logger
}

// Catalog keeps machines, activities and tags. All methods are safe for
// concurrent use. See the package comment.
type Catalog struct {
	Place
	records   store.Records
	compile   Compiler
	now       func() time.Time
	uuid      func() string
	roll      func(n int) int
	quotas    Quotas
	ignoreKMS bool
	sequence  sequence
	programs  programs
	machines  known[Machine] // by name
	versions  known[Version] // by key
	aliases   known[Alias]   // by key
	entries   entries
	sweeper   sweeper

	mu         sync.RWMutex // guards all below
	activities map[string]struct{}
	names      int // how many names of machines are taken, if there is a quota
}

// Open reads the names of activities into memory. It starts nothing.
func Open(ctx context.Context, cfg Config) (*Catalog, error) {
	if cfg.Records == nil || cfg.Compile == nil {
		return nil, errors.New("catalog: Config needs Records and Compile")
	}
	c := &Catalog{
		Place:      cfg.Place.withDefaults(),
		records:    cfg.Records,
		compile:    cfg.Compile,
		now:        cfg.Now,
		uuid:       cfg.UUID,
		roll:       cfg.Roll,
		quotas:     cfg.Quotas,
		ignoreKMS:  cfg.IgnoreKMS,
		sequence:   sequence{records: cfg.Records},
		programs:   programs{limit: cfg.CacheBytes},
		activities: map[string]struct{}{},
	}
	c.sweeper.init(cfg.Logger)
	if c.now == nil {
		c.now = time.Now
	}
	if c.uuid == nil {
		c.uuid = NewUUID
	}
	if c.roll == nil {
		c.roll = rand.IntN
	}
	if c.programs.limit <= 0 {
		c.programs.limit = 32 << 20
	}
	return c, errors.Join(c.loadActivities(ctx), c.countNames(ctx))
}

func (p Place) withDefaults() Place {
	if p.Partition == "" {
		p.Partition = "aws"
	}
	if p.Region == "" {
		p.Region = os.Getenv("AWS_REGION")
	}
	if p.Region == "" {
		p.Region = "us-east-1"
	}
	if p.Account == "" {
		p.Account = "123456789012"
	}
	return p
}

// Compile checks a definition as Create does, without keeping anything.
func (c *Catalog) Compile(text string, t Type) (*Compiled, []definition.Diagnostic) {
	return c.compile([]byte(text), t, false)
}

// compiled compiles a definition that somebody wants to keep, or that is kept.
func (c *Catalog) compiled(text string, t Type, kept bool) (*Compiled, error) {
	compiled, diagnostics := c.compile([]byte(text), t, kept)
	if compiled == nil {
		message := definition.FormatInvalidDefinition(diagnostics)
		if message == "" {
			message = "Invalid State Machine Definition"
		}
		return nil, &Error{Code: InvalidDefinition, Message: message, Diagnostics: diagnostics}
	}
	return compiled, nil
}

// read reads a record into v and returns its version, 0 and false for none.
func (c *Catalog) read(ctx context.Context, key string, v any) (version uint64, found bool, err error) {
	record, err := c.records.Record(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("catalog: reading %q: %w", key, err)
	}
	return record.Version, true, decode(key, record.Value, v)
}

// write commits changes. A lost race is store.ErrConflict.
func (c *Catalog) write(ctx context.Context, changes ...store.Change) error {
	if err := c.records.Write(ctx, changes...); err != nil {
		return fmt.Errorf("catalog: writing %q: %w", changes[0].Key, err)
	}
	return nil
}

// instant is the present, as records and answers show it.
func (c *Catalog) instant() time.Time { return c.now().UTC().Truncate(time.Millisecond) }
