package jsonata

import (
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// signature says which arguments a function takes: one letter for each, such
// as <s-nn?:s>, with - for "or else the context", ? for optional and + for one
// or more.
type signature struct {
	params []param
	short  bool // optional arguments that are not given at the end stay away
}

type param struct {
	letter   byte   // s n b l o a f j x, or ( for a choice
	accepts  string // the letters of the values that fit
	subtype  string // of the items of an array, if it is typed; empty: no item has it
	typed    bool
	context  bool
	optional bool
	repeated bool
}

var pluralOf = map[string]string{
	"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
}

func mustSignature(text string) *signature {
	sig, err := parseSignature(text)
	if err != nil {
		panic("jsonata: signature " + text + ": " + err.Error())
	}
	return sig
}

// parseSignature reads <…>. The position of an error is relative to it.
func parseSignature(text string) (*signature, *Error) {
	s := &signature{}
	for pos := 1; pos < len(text) && text[pos] != ':'; pos++ {
		c := text[pos]
		last := len(s.params) - 1
		switch {
		case strings.IndexByte("snblo", c) >= 0:
			s.params = append(s.params, param{letter: c, accepts: string(c) + "m"})
		case c == 'a' || c == 'x':
			s.params = append(s.params, param{letter: c, accepts: "asnblfom"})
		case c == 'f':
			s.params = append(s.params, param{letter: c, accepts: "f"})
		case c == 'j':
			s.params = append(s.params, param{letter: c, accepts: "asnblom"})
		case c == '(':
			end := closing(text, pos, '(', ')')
			choice := text[pos+1 : end]
			if strings.Contains(choice, "<") {
				return nil, &Error{Code: "S0402", Value: choice, Position: pos}
			}
			s.params = append(s.params, param{letter: c, accepts: distinctBytes(choice + "m")})
			pos = end
		case c == '<':
			if last < 0 || s.params[last].letter != 'a' && s.params[last].letter != 'f' {
				return nil, &Error{Code: "S0401", Value: string(c), Position: pos}
			}
			end := closing(text, pos, '<', '>')
			s.params[last].subtype, s.params[last].typed = text[pos+1:end], true
			pos = end
		case last < 0:
		case c == '-':
			s.params[last].context, s.params[last].optional = true, true
		case c == '?':
			s.params[last].optional = true
		case c == '+':
			s.params[last].repeated = true
		}
	}
	return s, nil
}

// distinctBytes is text without the bytes that stood before.
func distinctBytes(text string) string {
	var seen [256]bool
	out := make([]byte, 0, 16)
	for i := range len(text) {
		if c := text[i]; !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return string(out)
}

// closing is where the bracket ends that opens at start; the last byte if it
// does not.
func closing(text string, start int, open, shut byte) int {
	depth := 0
	for i := start; i < len(text); i++ {
		switch text[i] {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text) - 1
}

// letterOf is the letter of a value's type; m if it is undefined.
func letterOf(v any) byte {
	switch v.(type) {
	case string:
		return 's'
	case float64, value.Number:
		return 'n'
	case bool:
		return 'b'
	case nil:
		return 'l'
	case []any, *array:
		return 'a'
	case *function:
		return 'f'
	case *value.Object:
		return 'o'
	}
	return 'm'
}

// match gives each parameter as many of the letters as it can have, so that
// all have what they need, and appends to counts how many each got. It takes
// back what it gave where that leaves too few for those that follow, and spends
// steps on that: signatures can be written that have no end of ways to try.
func match(r *run, params []param, letters []byte, whole bool, counts []int) ([]int, bool) {
	taken := 0
	r.spend(len(params)/8, 0) // what is usual costs none
	for r.spent == nil {
		if len(counts) < len(params) {
			p := &params[len(counts)]
			n := p.most(letters[taken:])
			r.spend(n/8, 0)
			if n >= p.least() {
				counts, taken = append(counts, n), taken+n
				continue
			}
		} else if !whole || taken == len(letters) {
			return counts, true
		}
		last := len(counts) - 1
		for last >= 0 && counts[last] == params[last].least() {
			taken -= counts[last]
			last--
		}
		if last < 0 {
			return nil, false
		}
		counts, taken = counts[:last+1], taken-1
		counts[last]--
		r.spend(1, 0)
	}
	return nil, false
}

// most is how many of the letters the parameter can have.
func (p *param) most(letters []byte) int {
	n := 0
	for n < len(letters) && strings.IndexByte(p.accepts, letters[n]) >= 0 && (n == 0 || p.repeated) {
		n++
	}
	return n
}

// least is how many letters the parameter must have.
func (p *param) least() int {
	if p.optional {
		return 0
	}
	return 1
}

// validate checks the arguments, and adds the context, or makes arrays, where
// the signature says so.
func (s *signature) validate(r *run, args []any, context any) ([]any, *Error) {
	var lettersRoom [8]byte
	var countsRoom [8]int
	letters := lettersRoom[:0]
	for _, arg := range args {
		letters = append(letters, letterOf(arg))
	}
	counts, ok := match(r, s.params, letters, true, countsRoom[:0])
	if !ok {
		return nil, s.mismatch(r, args, letters)
	}
	if s.fits(args, counts) {
		return args, nil
	}
	valid := make([]any, 0, len(s.params))
	next, at := 0, 0 // an optional parameter takes what is there, fitting or not
	for i := range s.params {
		p := &s.params[i]
		matched := letters[at : at+counts[i]]
		at += counts[i]
		if counts[i] == 0 {
			if !p.context {
				if s.short && at == len(letters) {
					break
				}
				valid = append(valid, argument(args, next))
				next++
				continue
			}
			if strings.IndexByte(p.accepts, letterOf(context)) < 0 {
				return nil, &Error{Code: "T0411", Value: context, Index: next + 1}
			}
			valid = append(valid, context)
			continue
		}
		for range counts[i] {
			arg := argument(args, next)
			if p.letter == 'a' {
				var err *Error
				if arg, err = p.array(r, arg, matched, next); err != nil {
					return nil, err
				}
			}
			valid = append(valid, arg)
			next++
		}
	}
	return valid, nil
}

func argument(args []any, i int) any {
	if i < len(args) {
		return args[i]
	}
	return undefined
}

// fits says whether the arguments can be taken as they are.
func (s *signature) fits(args []any, counts []int) bool {
	for i, n := range counts {
		if n != 1 || s.params[i].letter == 'a' && (s.params[i].typed || !isArray(args[i])) {
			return false
		}
	}
	return true
}

// array is an argument for an array parameter: checked for what it holds, and
// made an array if it is none.
func (p *param) array(r *run, arg any, letters []byte, index int) (any, *Error) {
	letter := letterOf(arg)
	if letter == 'm' {
		return undefined, nil
	}
	ok := true
	if p.typed {
		if letter != 'a' {
			ok = string(letters) == p.subtype
		} else if items, _ := r.list(arg); len(items) > 0 {
			first := letterOf(items[0])
			ok = strings.HasPrefix(p.subtype, string(first)) && !slices.ContainsFunc(items, func(v any) bool { return letterOf(v) != first })
			r.spend(len(items), 0)
		}
	}
	if !ok {
		return nil, &Error{Code: "T0412", Value: arg, Index: index + 1, Type: pluralOf[p.subtype]}
	}
	if letter != 'a' {
		return []any{arg}, nil
	}
	return arg, nil
}

// mismatch finds the first argument that does not fit.
func (s *signature) mismatch(r *run, args []any, letters []byte) *Error {
	good := 0
	for i := range s.params {
		counts, ok := match(r, s.params[:i+1], letters, false, nil)
		if r.spent != nil {
			return r.spent
		}
		if !ok {
			break
		}
		good = 0
		for _, n := range counts {
			good += n
		}
	}
	return &Error{Code: "T0410", Value: argument(args, good), Index: good + 1}
}
