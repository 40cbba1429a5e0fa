package value

// Members yields the members of the text of a JSON object, as they stand there, until
// yield returns false. Name and value share memory with text. What comes behind the
// last member that is yielded is not looked at. The error is a *SyntaxError: text is
// not an object, or malformed.
func Members(text []byte, yield func(name string, value []byte) bool) error {
	s := scanner{text: view(text)}
	i := s.space(0)
	if s.at(i) != '{' {
		return unexpected(s.text, i, "an object")
	}
	if err := s.enter(i); err != nil {
		return err
	}
	if i = s.space(i + 1); s.at(i) == '}' {
		return s.over(i + 1)
	}
	for {
		start, err := s.key(i)
		if err != nil {
			return err
		}
		end, err := s.value(start)
		if err != nil || !yield(s.name(i), text[start:end:end]) {
			return err
		}
		switch i = s.space(end); s.at(i) {
		case ',':
			i = s.space(i + 1)
		case '}':
			return s.over(i + 1)
		default:
			return unexpected(s.text, i, "',' or '}'")
		}
	}
}

// Elements does the same with those of an array.
func Elements(text []byte, yield func(value []byte) bool) error {
	s := scanner{text: view(text)}
	i := s.space(0)
	if s.at(i) != '[' {
		return unexpected(s.text, i, "an array")
	}
	if err := s.enter(i); err != nil {
		return err
	}
	if i = s.space(i + 1); s.at(i) == ']' {
		return s.over(i + 1)
	}
	for {
		end, err := s.value(i)
		if err != nil || !yield(text[i:end:end]) {
			return err
		}
		switch i = s.space(end); s.at(i) {
		case ',':
			i = s.space(i + 1)
		case ']':
			return s.over(i + 1)
		default:
			return unexpected(s.text, i, "',' or ']'")
		}
	}
}

// name is the string that begins at i, which the scanner has found to be in order.
func (s *scanner) name(i int) string {
	end, plain, _ := s.string(i)
	inner := s.text[i+1 : end-1]
	if plain {
		return inner
	}
	return unescape(inner)
}

// over looks for the end of the text.
func (s *scanner) over(i int) error {
	if i = s.space(i); i < len(s.text) {
		return unexpected(s.text, i, "the end of the text")
	}
	return nil
}
