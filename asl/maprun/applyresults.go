package maprun

import (
	"encoding/json"
	"slices"
)

// applyResults folds the facts about files of results.
func (r *Run) applyResults(f *fact) error {
	if !exports(r.config) {
		return errImpossible
	}
	switch f.kind {
	case factWriting:
		return r.applyWriting(f)
	case factLeft:
		return r.applyLeft(f)
	case factRecounting:
		return r.applyRecounting()
	case factRecounted:
		return r.applyRecounted(f)
	case factRestoring:
		return r.applyRestoring()
	case factRestored:
		return r.applyRestored(f)
	case factWritten:
		return r.applyWritten(f)
	case factListing:
		r.begin(&job{kind: jobManifest}, r.manifestRequest())
		return nil
	case factListed:
		return r.applyListed(f)
	case factUnwritable:
		return r.applyUnwritable(f)
	default:
		return errImpossible
	}
}

func (r *Run) applyWriting(f *fact) error {
	if f.kindOf >= fileKinds {
		return errImpossible
	}
	k := fileKind(f.kindOf)
	out := &r.results.files[k]
	if out.task != 0 || !r.owes(k) {
		return errImpossible
	}
	j := &job{kind: jobWrite, file: k, items: out.items, children: int64(len(out.pending))}
	r.begin(j, r.writeRequest(k))
	out.task = r.lastTask
	out.count++
	r.results.bytes -= out.bytes
	out.pending, out.bytes, out.items = nil, 0, 0
	return nil
}

func (r *Run) applyWritten(f *fact) error {
	j := r.jobs[f.task]
	if j == nil || j.kind != jobWrite {
		return errImpossible
	}
	r.end(f.task)
	out := &r.results.files[j.file]
	out.task = 0
	out.written = append(out.written, File{Key: f.text, Size: f.size})
	out.sizes += f.size
	r.items.ResultsWritten += j.items
	r.executions.ResultsWritten += j.children
	return nil
}

func (r *Run) applyListed(f *fact) error {
	for id, j := range r.jobs {
		if j.kind == jobManifest {
			r.end(id)
			r.results.listed = f.data
			return nil
		}
	}
	return errImpossible
}

// jobIDs are the outstanding tasks in order.
func (r *Run) jobIDs() []uint64 {
	ids := make([]uint64, 0, len(r.jobs))
	for id := range r.jobs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// applyUnwritable gives the files up. Records of children that succeeded which have no
// file yet are kept for a redrive.
func (r *Run) applyUnwritable(f *fact) error {
	j := r.jobs[f.task]
	if j == nil || j.kind != jobWrite && j.kind != jobManifest && j.kind != jobRestore {
		return errImpossible
	}
	r.end(f.task)
	r.results.giveUp()
	switch {
	case j.kind == jobRestore:
		r.results.deferred.task = 0
		return nil
	case j.kind == jobManifest:
		return nil
	case j.file != succeededFile:
		r.results.files[j.file].task = 0
		return nil
	}
	records, err := recordsOf(j.task.Payload)
	if err != nil {
		return err
	}
	out := &r.results.files[j.file]
	out.task = 0
	out.pending = append(records, out.pending...)
	out.items += j.items
	for _, record := range records {
		out.bytes += len(record)
		r.results.bytes += len(record)
	}
	return nil
}

// recordsOf are the records that a file was to have.
func recordsOf(request []byte) ([][]byte, error) {
	var file struct{ Records json.RawMessage }
	if err := json.Unmarshal(request, &file); err != nil {
		return nil, errImpossible
	}
	return split(file.Records)
}
