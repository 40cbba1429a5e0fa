package sim_test

import (
	"fmt"

	"github.com/fermata-dev/fermata/sim"
)

// A seed is a world: nodes that crash, a store that loses answers, workers that
// go silent. Run returns an error if the engine broke a promise in it.
func ExampleRun() {
	report, err := sim.Run(42, nil)
	fmt.Println(err, report.Runs > 0)
	// Output: <nil> true
}
