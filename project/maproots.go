package project

import (
	"os"
	"path/filepath"
	"regexp"
)

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$`)

// IsBucket says whether a text can be the name of a bucket.
func IsBucket(name string) bool { return bucketName.MatchString(name) }

// mapRoots reads the folders that stand for buckets.
func (r *reader) mapRoots(section field) map[string]string {
	roots := map[string]string{}
	for _, entry := range r.fields(section.value, section.key) {
		if !IsBucket(entry.key) {
			r.report(entry.line, "%q is not the name of a bucket; it must be 3 to 63 of the characters a-z, 0-9, dot, hyphen and underscore, and begin and end with a letter or digit", entry.key)
		}
		dir, ok := r.scalar(entry, "mapRoots."+entry.key)
		if !ok {
			continue
		}
		if dir = filepath.FromSlash(dir); !filepath.IsAbs(dir) {
			dir = filepath.Join(r.dir, dir)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			r.report(entry.line, "mapRoots.%s is %s, which is no folder", entry.key, dir)
		}
		roots[entry.key] = dir
	}
	return roots
}
