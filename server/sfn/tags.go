package sfn

import (
	"context"

	"github.com/fermata-dev/fermata/catalog"
)

func (s *Server) tagResource(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseTagged(in.text("resourceArn"))
	if err != nil {
		return nil, err
	}
	return nil, s.cfg.Catalog.Tag(ctx, arn, readTags(in))
}

func (s *Server) untagResource(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseTagged(in.text("resourceArn"))
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(in.list("tagKeys")))
	for i, k := range in.list("tagKeys") {
		keys[i], _ = k.(string)
	}
	return nil, s.cfg.Catalog.Untag(ctx, arn, keys)
}

func (s *Server) listTags(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseTagged(in.text("resourceArn"))
	if err != nil {
		return nil, err
	}
	tags, err := s.cfg.Catalog.Tags(ctx, arn)
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.array("tags", func() {
		for _, t := range tags {
			o.next()
			o.item(func() {
				o.text("key", t.Key)
				o.text("value", t.Value)
			})
		}
	})
	return o.done(), nil
}
