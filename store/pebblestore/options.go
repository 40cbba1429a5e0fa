package pebblestore

import (
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"
)

// pebbleFormat is the version of Pebble's files. It is raised by hand, together
// with a new Pebble, and never lowered.
const pebbleFormat = pebble.FormatValueSeparation

// mostMemTables is how many tables in memory there are before writes wait.
const mostMemTables = 4

// pebbleOptions configures Pebble for short keys, small values and many small
// synced commits.
func pebbleOptions(opts Options, guard *guardFS, f *failure, lock *pebble.Lock) *pebble.Options {
	o := &pebble.Options{
		FS:                          guard,
		Lock:                        lock,
		Logger:                      logger{f},
		FormatMajorVersion:          pebbleFormat,
		Merger:                      firstWins,
		CacheSize:                   opts.CacheBytes,
		MemTableSize:                opts.MemTableBytes,
		MemTableStopWritesThreshold: mostMemTables,
		L0CompactionThreshold:       4,
		L0StopWritesThreshold:       24,
		LBaseMaxBytes:               128 << 20,
		MaxOpenFiles:                1000,
		CompactionConcurrencyRange:  func() (int, int) { return 1, 2 },
		EventListener: &pebble.EventListener{
			BackgroundError: func(err error) { opts.OnError(trouble(err)) },
			DataCorruption:  func(info pebble.DataCorruptionInfo) { opts.OnError(trouble(info.Details)) },
			// A slow disk shows in the latency of commits; nothing is said of it here.
			DiskSlow: func(pebble.DiskSlowInfo) {},
		},
	}
	o.TargetFileSizes[0] = 8 << 20
	o.Experimental.ValueSeparationPolicy = valueSeparation
	for i := range o.Levels {
		l := &o.Levels[i]
		l.FilterPolicy = bloom.FilterPolicy(10)
		l.BlockSize = 16 << 10
		l.IndexBlockSize = 64 << 10
		l.Compression = upperCompression
		if i >= len(o.Levels)-2 {
			l.BlockSize = 32 << 10
			l.Compression = lowerCompression
		}
	}
	return o
}

// valueSeparation keeps big values (the entries of a wide Map, payloads) in files
// of their own, so that compaction moves their keys only.
func valueSeparation() pebble.ValueSeparationPolicy {
	return pebble.ValueSeparationPolicy{
		Enabled:               true,
		MinimumSize:           2 << 10,
		MaxBlobReferenceDepth: 10,
		RewriteMinimumAge:     5 * time.Minute,
		TargetGarbageRatio:    0.3,
	}
}

// Most data is written once to the upper levels and lies in the lower ones.
func upperCompression() *sstable.CompressionProfile { return sstable.SnappyCompression }
func lowerCompression() *sstable.CompressionProfile { return sstable.ZstdCompression }
