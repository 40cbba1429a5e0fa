package store

// Ordered varints keep the order of numbers in the order of bytes: what is
// below orderedInline is one byte, everything else the number of its bytes
// (above orderedInline-1) and its bytes, highest first. They are durable, in
// keys and in heads.
const orderedInline = 248

// AppendOrdered appends v as an ordered varint of 1 to 9 bytes.
func AppendOrdered(dst []byte, v uint64) []byte {
	if v < orderedInline {
		return append(dst, byte(v))
	}
	n := 1
	for n < 8 && v>>(8*n) != 0 {
		n++
	}
	dst = append(dst, byte(orderedInline-1+n))
	for i := n - 1; i >= 0; i-- {
		dst = append(dst, byte(v>>(8*i)))
	}
	return dst
}

// Ordered reads an ordered varint and returns it with its length, or length 0
// if data does not begin with one.
func Ordered(data []byte) (uint64, int) {
	if len(data) == 0 {
		return 0, 0
	}
	if data[0] < orderedInline {
		return uint64(data[0]), 1
	}
	n := int(data[0]) - (orderedInline - 1)
	if len(data) < 1+n {
		return 0, 0
	}
	var v uint64
	for _, b := range data[1 : 1+n] {
		v = v<<8 | uint64(b)
	}
	if v < orderedInline || (n > 1 && v>>(8*(n-1)) == 0) {
		return 0, 0 // not the shortest form: order and equality would not hold
	}
	return v, 1 + n
}
