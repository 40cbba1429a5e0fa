package catalog

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/store"
)

// activityPage is how many activities Open reads at once.
const activityPage = 1000

func (c *Catalog) loadActivities(ctx context.Context) error {
	after := ""
	for {
		page, err := c.ListActivities(ctx, after, activityPage)
		if err != nil {
			return err
		}
		for _, a := range page {
			c.activities[a.Name] = struct{}{}
			after = a.Name
		}
		if len(page) < activityPage {
			return nil
		}
	}
}

func (c *Catalog) hasActivity(name string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	_, ok := c.activities[name]
	return ok
}

func (c *Catalog) setActivity(name string, exists bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if exists {
		c.activities[name] = struct{}{}
	} else {
		delete(c.activities, name)
	}
}

// CreateActivity makes an activity. Where one of that name exists it is the
// answer, whatever its tags (reference 13.1). The errors of a refusal are *Error:
// InvalidName, InvalidEncryptionConfiguration, TooManyTags, ActivityLimitExceeded,
// and ActivityAlreadyExists for one that is encrypted otherwise.
func (c *Catalog) CreateActivity(ctx context.Context, name string, e Encryption, tags []Tag) (*Activity, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	if err := e.check(c.ignoreKMS); err != nil {
		return nil, err
	}
	tags, err := mergeTags(nil, tags, name)
	if err != nil {
		return nil, err
	}
	if existing, err := c.ActivityByName(ctx, name); err == nil {
		return existing, c.repeats(existing, e)
	} else if !errors.Is(err, &Error{Code: ActivityDoesNotExist}) {
		return nil, err
	}
	if err := c.checkActivities(name); err != nil {
		return nil, err
	}
	activity := &Activity{Name: name, Created: c.instant(), Encryption: e, Tags: tags}
	err = c.write(ctx, store.Change{Key: activityKey(name), Value: encode(activity)})
	if errors.Is(err, store.ErrConflict) {
		return c.CreateActivity(ctx, name, e, tags) // somebody else has made it in the meantime
	}
	if err != nil {
		return nil, err
	}
	c.setActivity(name, true)
	return activity, nil
}

// repeats refuses to create an activity again with another encryption.
func (c *Catalog) repeats(existing *Activity, e Encryption) error {
	if existing.Encryption.same(e) {
		return nil
	}
	return about(ActivityAlreadyExists, "Activity Already Exists", c.Activity(existing.Name))
}

// ActivityByName returns an activity. The error is an *Error with code
// ActivityDoesNotExist if there is none.
func (c *Catalog) ActivityByName(ctx context.Context, name string) (*Activity, error) {
	activity := new(Activity)
	_, found, err := c.read(ctx, activityKey(name), activity)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, NoActivity(c.Activity(name))
	}
	return activity, nil
}

// DeleteActivity removes an activity. Removing one that does not exist is no
// error. Tasks that wait in its queue stay there until they time out.
func (c *Catalog) DeleteActivity(ctx context.Context, name string) error {
	if err := c.write(ctx, store.Change{Key: activityKey(name), Blind: true}); err != nil {
		return err
	}
	c.setActivity(name, false)
	return nil
}
