package mapio

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/fermata-dev/fermata/expr/value"
)

// julianEpoch is the Julian day of 1 January 1970, from which 96-bit timestamps
// count.
const julianEpoch = 2440588

// writerOf is how the values of a leaf become JSON: numbers, booleans and
// strings as such, decimals as numbers with all their digits, dates and times as
// in ISO 8601, bytes that are no UTF-8 in base64.
func writerOf(t parquet.Type) func([]byte, parquet.Value) []byte {
	if logical := t.LogicalType(); logical != nil {
		switch l := logical.Value.(type) {
		case *format.DecimalType:
			return func(dst []byte, v parquet.Value) []byte { return appendDecimal(dst, v, int(l.Scale)) }
		case *format.DateType:
			return appendDate
		case *format.TimeType:
			return func(dst []byte, v parquet.Value) []byte { return appendTime(dst, v, l) }
		case *format.TimestampType:
			return func(dst []byte, v parquet.Value) []byte { return appendTimestamp(dst, v, l) }
		case *format.IntType:
			if !l.IsSigned {
				return appendUnsigned
			}
		case *format.UUIDType:
			return appendUUID
		}
	}
	return appendPlain
}

func appendPlain(dst []byte, v parquet.Value) []byte {
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.AppendBool(dst, v.Boolean())
	case parquet.Int32:
		return strconv.AppendInt(dst, int64(v.Int32()), 10)
	case parquet.Int64:
		return strconv.AppendInt(dst, v.Int64(), 10)
	case parquet.Int96:
		return appendInstant(dst, julianTime(v))
	case parquet.Float:
		return appendFloat(dst, float64(v.Float()), 32)
	case parquet.Double:
		return appendFloat(dst, v.Double(), 64)
	}
	b := v.ByteArray()
	if !utf8.Valid(b) {
		return value.AppendString(dst, base64.StdEncoding.EncodeToString(b))
	}
	return appendCell(dst, b)
}

// appendFloat appends a number; those that JSON has not as a string.
func appendFloat(dst []byte, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return value.AppendString(dst, strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, bits), "+"))
	}
	return strconv.AppendFloat(dst, f, 'g', -1, bits)
}

func appendUnsigned(dst []byte, v parquet.Value) []byte {
	if v.Kind() == parquet.Int32 {
		return strconv.AppendUint(dst, uint64(v.Uint32()), 10)
	}
	return strconv.AppendUint(dst, v.Uint64(), 10)
}

func appendDate(dst []byte, v parquet.Value) []byte {
	return value.AppendString(dst, time.Unix(0, 0).UTC().AddDate(0, 0, int(v.Int32())).Format(time.DateOnly))
}

// count is a number of units of time.
func count(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

func unitOf(u format.TimeUnit) time.Duration {
	if u.Value == nil {
		return time.Millisecond
	}
	return u.Value.Duration()
}

func appendTime(dst []byte, v parquet.Value, t *format.TimeType) []byte {
	at := time.Unix(0, 0).UTC().Add(time.Duration(count(v)) * unitOf(t.Unit))
	return value.AppendString(dst, at.Format("15:04:05.999999999"))
}

func appendTimestamp(dst []byte, v parquet.Value, t *format.TimestampType) []byte {
	perSecond := int64(time.Second / unitOf(t.Unit))
	n := count(v)
	seconds, rest := n/perSecond, n%perSecond
	at := time.Unix(seconds, rest*int64(unitOf(t.Unit))).UTC()
	if t.IsAdjustedToUTC {
		return appendInstant(dst, at)
	}
	return value.AppendString(dst, at.Format("2006-01-02T15:04:05.999999999"))
}

func appendInstant(dst []byte, at time.Time) []byte {
	return value.AppendString(dst, at.Format("2006-01-02T15:04:05.999999999Z07:00"))
}

// julianTime is a timestamp of 96 bits: nanoseconds of the day, and the day.
func julianTime(v parquet.Value) time.Time {
	i := v.Int96()
	nanoseconds := int64(uint64(i[0]) | uint64(i[1])<<32)
	return time.Unix((int64(i[2])-julianEpoch)*86400, nanoseconds).UTC()
}

// appendDecimal appends a number with so many digits behind the point.
func appendDecimal(dst []byte, v parquet.Value, scale int) []byte {
	unscaled := new(big.Int)
	switch v.Kind() {
	case parquet.Int32, parquet.Int64:
		unscaled.SetInt64(count(v))
	default:
		unscaled = twosComplement(v.ByteArray())
	}
	digits := new(big.Int).Abs(unscaled).String()
	if scale > 0 && len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	if unscaled.Sign() < 0 {
		dst = append(dst, '-')
	}
	if scale <= 0 {
		return append(dst, digits...)
	}
	dst = append(dst, digits[:len(digits)-scale]...)
	dst = append(dst, '.')
	return append(dst, digits[len(digits)-scale:]...)
}

// twosComplement is a signed number whose first byte is the highest.
func twosComplement(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
	}
	return n
}

func appendUUID(dst []byte, v parquet.Value) []byte {
	h := hex.EncodeToString(v.ByteArray())
	if len(h) != 32 {
		return value.AppendString(dst, h)
	}
	return value.AppendString(dst, strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-"))
}
