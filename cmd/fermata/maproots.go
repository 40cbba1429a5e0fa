package main

import (
	"fmt"
	"maps"
	"strings"

	"github.com/fermata-dev/fermata/connector/mapio"
	"github.com/fermata-dev/fermata/project"
)

// mapRootUsage is what --map-root is for.
const mapRootUsage = "BUCKET=DIR: a folder that stands for a bucket, for what distributed Maps read and write; may be repeated"

// parseMapRoots reads flags of the form BUCKET=DIR.
func parseMapRoots(flags []string) (map[string]string, error) {
	roots := map[string]string{}
	for _, flag := range flags {
		bucket, dir, ok := strings.Cut(flag, "=")
		if !ok || !project.IsBucket(bucket) || dir == "" {
			return nil, fmt.Errorf("%q is not of the form BUCKET=DIR, where BUCKET has 3 to 63 of the characters a-z, 0-9, dot, hyphen and underscore", flag)
		}
		if roots[bucket] != "" {
			return nil, fmt.Errorf("the bucket %s has two folders", bucket)
		}
		roots[bucket] = dir
	}
	return roots, nil
}

// mapLimitSet gives the limits of what distributed Maps read for a name that
// limitSet knows.
func mapLimitSet(name string) mapio.Limits {
	if name == "aws" {
		return mapio.AWSLimits()
	}
	return mapio.Limits{}
}

// mapIO says where distributed Maps read and write: the folders of the project,
// and those of the command line, which win.
func (n *node) mapIO(p *project.Project) mapio.Config {
	c := mapio.Config{Roots: map[string]string{}, Limits: n.mapLimits}
	if p != nil {
		maps.Copy(c.Roots, p.MapRoots)
	}
	maps.Copy(c.Roots, n.mapRoots)
	return c
}
