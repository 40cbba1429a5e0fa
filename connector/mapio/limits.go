package mapio

// Limits of what is read. The zero value has the defaults.
type Limits struct {
	// ItemBytes is the most that an item may have as it is written in its object
	// and as JSON (default 16 MiB).
	ItemBytes int
	// HeaderBytes is the most that the names of the columns of a CSV file may have
	// (default 16 MiB).
	HeaderBytes int
	// ObjectBytes is the most that an object with items may have; without a limit
	// if zero.
	ObjectBytes int64
	// BlockItems and BlockBytes are the most that one answer has, whatever is asked for; the
	// last item may go beyond the bytes (default 10,000 and 8 MiB).
	BlockItems, BlockBytes int
}

// AWSLimits are the quotas of AWS Step Functions.
func AWSLimits() Limits {
	return Limits{ItemBytes: 256 << 10, HeaderBytes: 10 << 10, ObjectBytes: 10 << 30}
}

func (l Limits) withDefaults() Limits {
	set := func(n *int, otherwise int) {
		if *n <= 0 {
			*n = otherwise
		}
	}
	set(&l.ItemBytes, 16<<20)
	set(&l.HeaderBytes, 16<<20)
	set(&l.BlockItems, 10_000)
	set(&l.BlockBytes, 8<<20)
	return l
}
