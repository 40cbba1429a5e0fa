package sim_test

import (
	"testing"

	"github.com/fermata-dev/fermata/sim"
)

// TestRegressions runs the seeds that notice what the simulation has found. As
// machines and faults are drawn anew when the generator changes, each names the
// mutant that brings the fault back: with it, the seed can be found again.
func TestRegressions(t *testing.T) {
	for _, r := range []struct {
		seed   uint64
		found  string
		mutant string
	}{
		{3, "a token's result came before the answer to the submission, the node died, and nobody owned the run",
			"an early result that keeps nobody at work"},
		{50, "an early result came together with the adoption and was never settled",
			"an early result not settled after adoption"},
		{50, "a node that went on with another one's run became its owner without giving its tasks out",
			"another node's execution taken over without its tasks"},
		{1, "a node refused a result because the state in its cache was older than the task",
			"a refusal believed of an old state"},
		{312, "a message was not seen because the run was in memory when its inbox was to be checked",
			"an inbox not read again"},
		{117, "a heartbeat that only memory knew of let wake-ups pile up", "wake-ups that pile up"},
		{5955, "a message to a purged run stayed in the inbox for ever", "messages to a purged run left behind"},
		{208113, "a creation that was sent again after its run had been purged brought the run back",
			"none in the table: a store that forgets which ids were created"},
		{7314, "a run was opened again and stopped in one decision, and its head kept the end that it had had",
			"a redriven execution with a closed head"},
		{381, "a map run was being started while its execution was stopped, was not found to be stopped, and went on",
			"none in the table: a node that does not look whether a map run that has started is waited for"},
		{152782, "a map run that its owner adopted once more asked without end whether it is waited for",
			"none in the table: a run that stays orphaned where no task has to be given out again"},
		{736559, "a stop of children that came late hit one that a redrive had opened again",
			"none in the table: a stop of children that does not look for which task they run"},
		{305433, "a node whose messages another one had consumed gave tasks of an old state out again, after the run had ended",
			"none in the table: an inbox that is empty although more was expected, and the log not read again"},
		{321479, "a call for a map run that nobody waited for opened it before the one that had waited for its end",
			"none in the table: a map run that is stopped for its redrive once only"},
		{7101852, "a creation whose name was taken came once more when it was free, and its run was carried out by nobody",
			"none in the table: a store that forgets which creations it has refused for their names"},
	} {
		if _, err := sim.Run(r.seed, nil); err != nil {
			t.Errorf("%s (mutant %q): %v", r.found, r.mutant, err)
		}
	}
}
