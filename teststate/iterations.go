package teststate

import "github.com/fermata-dev/fermata/expr/value"

// failedIterations is how many iterations of the Map are said to have failed.
func (t *test) failedIterations() int64 {
	if n := t.request.Configuration.MapIterationFailureCount; n != nil {
		return int64(*n)
	}
	return 0
}

// checkIterations: no more iterations can have failed than there are, and each has
// a result, unless so many failed that the Map does, or its results are written
// elsewhere. A batch is one iteration.
func (t *test) checkIterations() error {
	seen := t.probe.Seen().Map
	if seen == nil || t.probe.End() != nil {
		return nil
	}
	n := seen.Count
	if seen.Batches != nil {
		n = len(seen.Batches)
	}
	if t.failedIterations() > int64(n) {
		return refuse("Map iteration failure count must be less than or equal to the number of Map iterations")
	}
	if t.request.Mock.Result == nil || t.tooManyFailed() {
		return nil
	}
	result, _ := value.Parse([]byte(*t.request.Mock.Result))
	if results, ok := result.([]any); ok && len(results) != n {
		return refuse("Input array does not equal the mocked result array's size")
	}
	return nil
}

// tooManyFailed says whether the failed iterations are more than the Map tolerates.
// A Map that says nothing of failures fails with none of them here: what its
// iterations gave is mocked, with their failures.
func (t *test) tooManyFailed() bool {
	seen := t.probe.Seen().Map
	if seen == nil {
		return false
	}
	failed := t.failedIterations()
	if most := seen.ToleratedFailureCount; most != nil && failed > *most {
		return true
	}
	share := seen.ToleratedFailurePercentage
	return share != nil && seen.Count > 0 && float64(failed)*100 > *share*float64(seen.Count)
}
