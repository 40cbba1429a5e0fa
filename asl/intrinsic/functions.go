package intrinsic

import "github.com/fermata-dev/fermata/expr/value"

// function is one of the intrinsic functions.
type function struct {
	name     string
	min, max int // how many arguments; max is -1 for any number
	apply    func(e *evaluation, c *call, arguments []any) (any, error)
}

const formatName = "States.Format"

// functions are all that there are.
var functions = byName(
	&function{formatName, 1, -1, format},
	&function{"States.StringToJson", 1, 1, stringToJSON},
	&function{"States.JsonToString", 1, 1, jsonToString},
	&function{"States.JsonMerge", 3, 3, jsonMerge},
	&function{"States.Array", 0, -1, array},
	&function{"States.ArrayPartition", 2, 2, arrayPartition},
	&function{"States.ArrayContains", 2, 2, arrayContains},
	&function{"States.ArrayRange", 3, 3, arrayRange},
	&function{"States.ArrayGetItem", 2, 2, arrayGetItem},
	&function{"States.ArrayLength", 1, 1, arrayLength},
	&function{"States.ArrayUnique", 1, 1, arrayUnique},
	&function{"States.Base64Encode", 1, 1, base64Encode},
	&function{"States.Base64Decode", 1, 1, base64Decode},
	&function{"States.Hash", 2, 2, hash},
	&function{"States.MathRandom", 2, 3, mathRandom},
	&function{"States.MathAdd", 2, 2, mathAdd},
	&function{"States.StringSplit", 2, 2, stringSplit},
	&function{"States.UUID", 0, -1, uuid}, // whose arguments are ignored
)

func byName(all ...*function) map[string]*function {
	m := make(map[string]*function, len(all))
	for _, f := range all {
		m[f.name] = f
	}
	return m
}

// takes says whether the function can be called with n arguments. Others are
// no fault of the definition: the call fails.
func (f *function) takes(n int) bool {
	return n >= f.min && (n <= f.max || f.max < 0)
}

// invalid is the failure of a call whose arguments do not fit.
func (c *call) invalid() error {
	return &argumentError{function: c.function.name}
}

func uuid(e *evaluation, _ *call, _ []any) (any, error) {
	return e.random.UUID(), nil
}

// whole is a number without its fraction, if it fits into 32 bits.
func whole(v any) (int64, bool) {
	n, ok := v.(value.Number)
	if !ok {
		return 0, false
	}
	f := n.Float64()
	if !(f > -1<<31-1 && f < 1<<31) {
		return 0, false
	}
	return int64(f), true
}
