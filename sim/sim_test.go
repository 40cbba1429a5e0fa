package sim_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/fermata-dev/fermata/sim"
)

var (
	seeds = flag.Uint64("sim.seeds", 300, "number of seeds that TestSeeds runs")
	start = flag.Uint64("sim.start", 1, "the first of them")
	seed  = flag.Uint64("sim.seed", 0, "the only seed that TestSeeds runs, 0 for many")
	trace = flag.Bool("sim.trace", false, "write what happens in the world of -sim.seed to stderr")
	every = flag.Uint64("sim.every", 0, "report after so many seeds, 0 for never")
	most  = flag.Int("sim.failures", 1, "number of failing seeds after which TestSeeds stops")
)

func TestSeeds(t *testing.T) {
	if *seed != 0 {
		one(t, *seed)
		return
	}
	var sum sim.Report
	failures := 0
	for s := *start; s < *start+*seeds; s++ {
		r, err := sim.Run(s, nil)
		if err != nil {
			t.Errorf("%v\n%s", err, tail(s, 40))
			if failures++; failures >= *most {
				return
			}
		}
		sum.Add(r)
		if *every > 0 && (s-*start+1)%*every == 0 {
			fmt.Printf("%d seeds: %+v\n", s-*start+1, sum)
		}
	}
	t.Logf("%d seeds: %+v", *seeds, sum)
}

// one runs one seed, with a trace if it is wanted.
func one(t *testing.T, s uint64) {
	var err error
	if *trace {
		_, err = sim.Run(s, os.Stderr)
	} else {
		_, err = sim.Run(s, nil)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, tail(s, 40))
	}
}

// tail runs a seed again and returns the last lines of its trace.
func tail(s uint64, n int) []byte {
	var all bytes.Buffer
	_, _ = sim.Run(s, &all)
	lines := bytes.SplitAfter(all.Bytes(), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-n):], nil)
}

func TestASeedReproducesAWorldByteForByte(t *testing.T) {
	for s := range uint64(60) {
		var first, second bytes.Buffer
		_, _ = sim.Run(s, &first)
		_, _ = sim.Run(s, &second)
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("seed %d gives two different worlds", s)
		}
	}
}
