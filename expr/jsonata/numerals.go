package jsonata

import (
	"math"
	"regexp"
	"strings"
)

var (
	smallNumbers = strings.Fields("Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve " +
		"Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen")
	smallOrdinals = strings.Fields("Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth " +
		"Eleventh Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth")
	tens       = strings.Fields("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety")
	magnitudes = strings.Fields("Thousand Million Billion Trillion")
)

// wordsOf is a number in English words.
func wordsOf(x float64, ordinal bool) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return ""
	}
	return words(x, "", "", ordinal)
}

// words is x in words. conjunction and comma are what joins it to what stands
// before: the one before numbers below a hundred, the other before the rest.
func words(x float64, conjunction, comma string, ordinal bool) string {
	switch {
	case x < 20 && ordinal:
		return conjunction + smallOrdinals[int(x)]
	case x < 20:
		return conjunction + smallNumbers[int(x)]
	case x < 100:
		ten := tens[int(x)/10-2]
		if rest := math.Mod(x, 10); rest > 0 {
			return conjunction + ten + "-" + words(rest, "", "", ordinal)
		}
		if ordinal {
			ten = ten[:len(ten)-1] + "ieth"
		}
		return conjunction + ten
	case x < 1000:
		out := comma + smallNumbers[int(x)/100] + " Hundred"
		return out + remainder(math.Mod(x, 100), ordinal)
	}
	magnitude := min(int(math.Floor(math.Log10(x)/3)), len(magnitudes))
	factor := math.Pow10(magnitude * 3)
	mantissa := math.Floor(x / factor)
	out := comma + words(mantissa, "", "", false) + " " + magnitudes[magnitude-1]
	return out + remainder(x-mantissa*factor, ordinal)
}

func remainder(rest float64, ordinal bool) string {
	switch {
	case rest > 0:
		return words(rest, " and ", ", ", ordinal)
	case ordinal:
		return "th"
	}
	return ""
}

var wordValues = func() map[string]float64 {
	values := map[string]float64{"hundred": 100, "hundredth": 100}
	for i := range smallNumbers {
		values[strings.ToLower(smallNumbers[i])] = float64(i)
		values[strings.ToLower(smallOrdinals[i])] = float64(i)
	}
	for i, word := range tens {
		word = strings.ToLower(word)
		values[word] = float64(i+2) * 10
		values[word[:len(word)-1]+"ieth"] = values[word]
	}
	for i, word := range magnitudes {
		word = strings.ToLower(word)
		values[word] = math.Pow10((i + 1) * 3)
		values[word+"th"] = values[word]
	}
	return values
}()

// wordsPattern is the regular expression of numbers in words.
var wordsPattern = func() string {
	var words []string
	add := func(all ...string) {
		for _, word := range all {
			words = append(words, strings.ToLower(word))
		}
	}
	add(smallNumbers...)
	add(smallOrdinals...)
	for _, word := range append(append([]string{}, tens...), "Hundred") {
		add(word, word[:len(word)-1]+"ieth")
	}
	add("hundredth")
	for _, word := range magnitudes {
		add(word, word+"th")
	}
	return "(?:" + strings.Join(words, "|") + `|and|[\-, ])+`
}()

var betweenWords = regexp.MustCompile(`,\s|\sand\s|[\s\\-]`)

// wordsValue is the number that words stand for, or NaN.
func wordsValue(text string) float64 {
	segments := []float64{0}
	for _, word := range betweenWords.Split(text, -1) {
		x, ok := wordValues[word]
		if !ok {
			return math.NaN()
		}
		last := len(segments) - 1
		switch {
		case x >= 100:
			segments[last] *= x
		case segments[last] >= 1000:
			segments = append(segments, x)
		default:
			segments[last] += x
		}
	}
	total := 0.0
	for _, x := range segments {
		total += x
	}
	return total
}

var romanNumerals = []struct {
	value int
	text  string
}{
	{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"},
	{10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"},
}

func romanOf(n int) string {
	var out strings.Builder
	for _, numeral := range romanNumerals {
		out.WriteString(strings.Repeat(numeral.text, n/numeral.value))
		n %= numeral.value
	}
	return out.String()
}

func romanValue(text string) float64 {
	values := map[byte]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}
	total, most := 0.0, 1.0
	for i := len(text) - 1; i >= 0; i-- {
		x, ok := values[text[i]]
		switch {
		case !ok:
			return math.NaN()
		case x < most:
			total -= x
		default:
			most = x
			total += x
		}
	}
	return total
}

// lettersOf counts a, b, … z, aa, ab …
func lettersOf(x float64) string {
	var out []byte
	for x > 0 && !math.IsInf(x, 0) {
		out = append([]byte{'a' + byte(math.Mod(x-1, 26))}, out...)
		x = math.Floor((x - 1) / 26)
	}
	return string(out)
}

// lettersValue counts from the letter that is the first one in the picture's case,
// whatever the text has: the reference implementation does not look.
func lettersValue(text string, letters letterCase) float64 {
	first := 'a'
	if letters == upperCase {
		first = 'A'
	}
	x := 0.0
	for _, unit := range unitsOf(text) {
		x = x*26 + float64(unit) - float64(first) + 1
	}
	return x
}
