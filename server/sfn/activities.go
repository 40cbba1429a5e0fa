package sfn

import (
	"context"
	"errors"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/expr/jsonfault"
)

func (s *Server) createActivity(ctx context.Context, in input) ([]byte, error) {
	activity, err := s.cfg.Catalog.CreateActivity(ctx, in.text("name"), readEncryption(in.structure("encryptionConfiguration")), readTags(in))
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("activityArn", s.cfg.Catalog.Activity(activity.Name))
	o.date("creationDate", activity.Created)
	return o.done(), nil
}

// activity finds the activity that a request names.
func (s *Server) activity(ctx context.Context, in input) (*catalog.Activity, error) {
	arn, err := catalog.ParseActivity(in.text("activityArn"))
	if err != nil {
		return nil, err
	}
	if arn.Qualified() || arn.Place != s.cfg.Catalog.Place {
		return nil, catalog.NoActivity(arn.Text)
	}
	return s.cfg.Catalog.ActivityByName(ctx, arn.Name())
}

func (s *Server) describeActivity(ctx context.Context, in input) ([]byte, error) {
	activity, err := s.activity(ctx, in)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("activityArn", s.cfg.Catalog.Activity(activity.Name))
	o.text("name", activity.Name)
	o.date("creationDate", activity.Created)
	o.encryption(activity.Encryption)
	return o.done(), nil
}

func (s *Server) deleteActivity(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseActivity(in.text("activityArn"))
	if err != nil || arn.Qualified() || arn.Place != s.cfg.Catalog.Place {
		return nil, err
	}
	return nil, s.cfg.Catalog.DeleteActivity(ctx, arn.Name())
}

func (s *Server) listActivities(ctx context.Context, in input) ([]byte, error) {
	after, err := s.nameToken(in, "activities")
	if err != nil {
		return nil, err
	}
	activities, err := s.cfg.Catalog.ListActivities(ctx, after, in.pageSize()+1)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	page(o, "activities", activities, in.pageSize(), func(a *catalog.Activity) {
		o.text("activityArn", s.cfg.Catalog.Activity(a.Name))
		o.text("name", a.Name)
		o.date("creationDate", a.Created)
	}, func(last *catalog.Activity) string { return s.token("activities", last.Name) })
	return o.done(), nil
}

// getActivityTask waits until there is a task, the time is up or the client has
// gone. Without a task the token of the answer is null.
func (s *Server) getActivityTask(ctx context.Context, in input) ([]byte, error) {
	activity, err := s.activity(ctx, in)
	if err != nil {
		return nil, err
	}
	if !s.pollers.enter(activity.Name) {
		return nil, refuse("ActivityWorkerLimitExceeded", "Activity Worker Limit Exceeded: '"+s.cfg.Catalog.Activity(activity.Name)+"'")
	}
	defer s.pollers.leave(activity.Name)
	poll, cancel := context.WithTimeout(ctx, s.cfg.Limits.PollTime)
	defer cancel()
	item, err := s.cfg.Engine.Poll(poll, s.cfg.Catalog.Activity(activity.Name), in.text("workerName"))
	switch {
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return nil, err
	case item == nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case item == nil:
		return []byte(`{"taskToken":null}`), nil
	}
	o := newOutput()
	o.text("taskToken", item.Token)
	o.bytes("input", item.Input)
	return o.done(), nil
}

func (s *Server) sendTaskSuccess(ctx context.Context, in input) ([]byte, error) {
	if err := s.cfg.Engine.CheckToken(in.text("taskToken")); err != nil {
		return nil, taskFailure(err)
	}
	output := []byte(in.text("output"))
	if jsonfault.Find(output) != nil { // which is looked at before the task (recorded)
		return nil, refuse("InvalidOutput", "Invalid Output: '"+beginning(in.text("output"), quotedOutput)+"' is not valid JSON.")
	}
	return nil, taskFailure(s.cfg.Engine.CompleteTask(ctx, in.text("taskToken"), output))
}

// quotedOutput is how many characters of an output an error quotes.
const quotedOutput = 1024

// beginning is a text without what is behind its first n characters.
func beginning(text string, n int) string {
	for i := range text {
		if n--; n < 0 {
			return text[:i]
		}
	}
	return text
}

func (s *Server) sendTaskFailure(ctx context.Context, in input) ([]byte, error) {
	return nil, taskFailure(s.cfg.Engine.FailTask(ctx, in.text("taskToken"), in.optional("error"), in.optional("cause")))
}

func (s *Server) sendTaskHeartbeat(ctx context.Context, in input) ([]byte, error) {
	return nil, taskFailure(s.cfg.Engine.HeartbeatTask(ctx, in.text("taskToken")))
}
