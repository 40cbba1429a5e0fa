package definition

// duplicateKeys warns of objects that have the same key twice, once of each. The text must
// be valid JSON, which lets it be skimmed: only strings and brackets count.
func duplicateKeys(text string) []Diagnostic {
	s := skimmer{text: text, seen: map[memberKey]int{}}
	s.run()
	return s.found
}

// skimmer walks over valid JSON text and keeps where it is.
type skimmer struct {
	teller
	text    string
	open    []container
	objects int
	seen    map[memberKey]int // how often
	found   []Diagnostic
}

// container is an object or array that is not closed yet.
type container struct {
	object  int    // number of the object, 0 for an array
	key     string // of the member that is being read
	item    int    // of the array
	wantKey bool   // whether the next string is a key
}

// memberKey is a key of one object.
type memberKey struct {
	object int
	key    string
}

func (s *skimmer) run() {
	for i := 0; i < len(s.text); i++ {
		switch s.text[i] {
		case '{':
			s.objects++
			s.open = append(s.open, container{object: s.objects, wantKey: true})
		case '[':
			s.open = append(s.open, container{})
		case '}', ']':
			s.open = s.open[:len(s.open)-1]
		case ',':
			top := &s.open[len(s.open)-1]
			top.item++
			top.wantKey = top.object != 0
		case '"':
			end := endOfString(s.text, i)
			s.string(s.text[i:end])
			i = end - 1
		}
	}
}

// endOfString is the position behind the string that begins at i.
func endOfString(text string, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// string takes notice of a string if it is a key.
func (s *skimmer) string(quoted string) {
	if len(s.open) == 0 || !s.open[len(s.open)-1].wantKey {
		return
	}
	top := &s.open[len(s.open)-1]
	top.wantKey = false
	top.key = keyOf(quoted)
	key := memberKey{object: top.object, key: top.key}
	if s.seen[key] == 1 {
		s.found = append(s.found, s.duplicateKey(s.place(), top.key))
	}
	s.seen[key]++
}

// place is where the skimmer is.
func (s *skimmer) place() place {
	var p place
	for _, c := range s.open {
		if c.object != 0 {
			p = p.field(c.key)
		} else {
			p = p.item(c.item)
		}
	}
	return p
}

// duplicateKey warns of a key that its object has already.
func (t *teller) duplicateKey(at place, key string) Diagnostic {
	return Diagnostic{
		Severity: Warning, Code: DuplicateKey, Location: t.location(at), Pointer: t.pointer(at),
		Message: "The key '" + key + "' appears more than once in the same object",
		Hint:    "the last one counts; remove the others",
	}
}
