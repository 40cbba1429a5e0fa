package mapio

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
	"github.com/fermata-dev/fermata/connector/mapio/objectstore/folder"
	"github.com/fermata-dev/fermata/connector/mapio/objectstore/s3store"
)

// The actions.
const (
	ActionRead     = "read"
	ActionWrite    = "write"
	ActionManifest = "manifest"
)

// Config of a Connector. The zero value reads and writes in S3.
type Config struct {
	// Roots are folders of this machine that stand for buckets, by the name of the
	// bucket. No other folder can be reached.
	Roots map[string]string
	// S3 says how to reach all other buckets; nil for the standard AWS
	// configuration.
	S3 *s3store.Config
	// OnlyRoots says that there are no other buckets.
	OnlyRoots bool
	// Limits of what is read (default: those of the zero value).
	Limits Limits
}

// Connector is the connector "mapio". It may be used by any number of
// goroutines.
type Connector struct {
	store  objectstore.Store
	roots  []*folder.Bucket
	limits Limits
	parked *parked
}

// New checks the configuration and opens the folders; the error lists everything
// that is wrong.
func New(c Config) (*Connector, error) {
	if c.S3 == nil {
		c.S3 = &s3store.Config{}
	}
	m := &Connector{limits: c.Limits.withDefaults(), parked: newParked()}
	places := &objectstore.Places{Named: map[string]objectstore.Store{}}
	if !c.OnlyRoots {
		places.Others = s3store.New(*c.S3)
	}
	var problems []error
	for name, dir := range c.Roots {
		root, err := folder.Open(name, dir)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		m.roots = append(m.roots, root)
		places.Named[name] = root
	}
	m.store = places
	if len(problems) > 0 {
		slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return nil, errors.Join(append(problems, m.Close())...)
	}
	return m, nil
}

// Close ends what is parked and gives the folders up.
func (c *Connector) Close() error {
	c.parked.close()
	var errs []error
	for _, r := range c.roots {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}

// Invoke reads a block of items, or writes results or a manifest.
func (c *Connector) Invoke(ctx context.Context, call *connector.Call) ([]byte, error) {
	switch call.Action {
	case ActionRead:
		return c.read(ctx, call.Payload)
	case ActionWrite:
		return c.write(ctx, call.Payload)
	case ActionManifest:
		return c.writeManifest(ctx, call.Payload)
	}
	return nil, fmt.Errorf("the connector mapio has no action %q; there are %s, %s and %s", call.Action, ActionRead, ActionWrite, ActionManifest)
}

func (c *Connector) read(ctx context.Context, payload []byte) ([]byte, error) {
	r, err := c.parseReading(payload)
	if err != nil {
		return nil, failure(ctx, readerFailed, err)
	}
	answer, err := c.readBlock(ctx, r)
	if err != nil {
		return nil, failure(ctx, readerFailed, err)
	}
	return answer, nil
}
