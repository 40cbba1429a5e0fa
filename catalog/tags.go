package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/store"
)

// MaxTags is how many tags one machine or activity may have.
const MaxTags = 50

// Tags returns the tags of the machine or activity with this ARN, in the order
// in which they were set. Versions and aliases have none. The error of a refusal
// is an *Error with code ResourceNotFound.
func (c *Catalog) Tags(ctx context.Context, arn ARN) ([]Tag, error) {
	if arn.Kind == machineType && arn.Place == c.Place && arn.Label() == "" && arn.Qualified() {
		return nil, c.refersTo(ctx, arn)
	}
	t, err := c.tagged(ctx, arn)
	if err != nil {
		return nil, err
	}
	return *t.tags, nil
}

// Tag sets tags; a tag whose key is there gets the new value. The errors of a
// refusal are *Error: ResourceNotFound, TooManyTags, AccessDeniedException for the
// tags of AWS's own.
func (c *Catalog) Tag(ctx context.Context, arn ARN, tags []Tag) error {
	return c.retag(ctx, arn, func(have []Tag) ([]Tag, error) { return mergeTags(have, tags, arn.Text) })
}

// Untag removes tags by their keys; keys that are not there do no harm. The
// error of a refusal is an *Error with code ResourceNotFound.
func (c *Catalog) Untag(ctx context.Context, arn ARN, keys []string) error {
	gone := map[string]bool{}
	for _, key := range keys {
		gone[key] = true
	}
	return c.retag(ctx, arn, func(have []Tag) ([]Tag, error) {
		return slices.DeleteFunc(have, func(t Tag) bool { return gone[t.Key] }), nil
	})
}

// refersTo refuses the ARN of a version or alias that does not exist:
// ResourceNotFound.
func (c *Catalog) refersTo(ctx context.Context, arn ARN) error {
	m, err := c.MachineByName(ctx, arn.Rest[0])
	if err == nil {
		_, _, err = c.lead(ctx, m, arn)
	}
	if errors.Is(err, &Error{Code: StateMachineDoesNotExist}) {
		return noResource(arn.Text)
	}
	return err
}

// tagged is a record that has tags.
type tagged struct {
	key     string
	version uint64
	value   any
	tags    *[]Tag
}

func (c *Catalog) tagged(ctx context.Context, arn ARN) (t tagged, err error) {
	if arn.Qualified() || arn.Place != c.Place {
		return t, noResource(arn.Text)
	}
	if arn.Kind == activityType {
		a := new(Activity)
		version, found, err := c.read(ctx, activityKey(arn.Name()), a)
		if err == nil && !found {
			err = noResource(arn.Text)
		}
		return tagged{key: activityKey(arn.Name()), version: version, value: a, tags: &a.Tags}, err
	}
	m, version, err := c.machine(ctx, arn.Name())
	if err == nil && m == nil {
		err = noResource(arn.Text)
	}
	if err != nil {
		return t, err
	}
	return tagged{key: machineKey(m.ID), version: version, value: m, tags: &m.Tags}, nil
}

// retag changes tags. Two changes at the same time both count.
func (c *Catalog) retag(ctx context.Context, arn ARN, change func([]Tag) ([]Tag, error)) error {
	for {
		t, err := c.tagged(ctx, arn)
		if err != nil {
			return err
		}
		if *t.tags, err = change(*t.tags); err != nil {
			return err
		}
		err = c.write(ctx, store.Change{Key: t.key, Expect: t.version, Value: encode(t.value)})
		if arn.Kind == machineType {
			c.machines.forget(arn.Name())
		}
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
}

func mergeTags(have, more []Tag, resource string) ([]Tag, error) {
	have = slices.Clone(have)
	places := map[string]int{}
	for i, t := range have {
		places[t.Key] = i
	}
	for _, t := range more {
		if strings.HasPrefix(strings.ToLower(t.Key), "aws:") {
			return nil, &Error{Code: AccessDeniedException, Message: "Caller is an end user and not allowed to mutate system tags", Resource: resource}
		}
		if i, ok := places[t.Key]; ok {
			have[i] = t
		} else {
			places[t.Key] = len(have)
			have = append(have, t)
		}
	}
	if len(have) > MaxTags {
		return nil, &Error{Code: TooManyTags, Message: fmt.Sprintf("Too Many Tags: '%s' would have %d, at most %d are allowed", resource, len(have), MaxTags), Resource: resource}
	}
	return have, nil
}
