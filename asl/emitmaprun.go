package asl

// The events of a map run in the history of the execution that it belongs to.

func (r *Run) emitSurveyed(f *frame, n int) uint64 {
	id := r.count()
	if r.sink != nil {
		r.show("MapStateStarted", f.last(), "mapStateStartedEventDetails", details{}.with("length", int64(n)))
	}
	return id
}

func (r *Run) emitMapRunStarted(f *frame) uint64 {
	id := r.count()
	f.sent.shown = true
	if r.sink == nil {
		return id
	}
	d := details{}.with("mapRunArn", r.mapRunARN(f.state, f.job.mapRun))
	if n := f.sent.redrives; n > 0 {
		r.show("MapRunRedriven", f.last(), "mapRunRedrivenEventDetails", d.with("redriveCount", int64(n)))
	} else {
		r.show("MapRunStarted", f.last(), "mapRunStartedEventDetails", d)
	}
	return id
}

func (r *Run) emitMapRunSucceeded(f *frame) uint64 {
	id := r.count()
	if r.sink != nil {
		r.show("MapRunSucceeded", f.last(), "", nil)
	}
	return id
}

func (r *Run) emitMapRunFailed(f *frame, err *failure) uint64 {
	id := r.count()
	if r.sink != nil {
		r.show("MapRunFailed", f.last(), "mapRunFailedEventDetails", details{}.failure(err))
	}
	return id
}

func (r *Run) emitMapRunAborted(cause uint64) {
	r.count()
	if r.sink != nil {
		r.show("MapRunAborted", cause, "", nil)
	}
}
