package maprun

// origin is where so many items in a row were read.
type origin struct {
	Items  int64
	Source string
}

// counted are how many items they are about; -1 if one of them makes no sense.
func counted(origins []origin) (n int64) {
	for _, o := range origins {
		if o.Items < 1 || o.Items > mostItems {
			return -1
		}
		n += o.Items
	}
	return n
}

// addOrigins notes where n more items of the block are from; those of which that is
// not said have none.
func (s *source) addOrigins(n int64, from []origin) {
	if len(from) == 0 && len(s.origins) == 0 {
		return
	}
	if before := int64(len(s.block)) - counted(s.origins); before > 0 {
		s.origins = append(s.origins, origin{Items: before})
	}
	if len(from) == 0 && n > 0 {
		from = []origin{{Items: n}}
	}
	s.origins = append(s.origins, from...)
}

// originOf is where the item at that place of the block was read, empty if the reader
// did not say.
func (s *source) originOf(i int) string {
	left := int64(i)
	for _, o := range s.origins {
		if left < o.Items {
			return o.Source
		}
		left -= o.Items
	}
	return ""
}

// takeOrigins uses those of the first n items up.
func (s *source) takeOrigins(n int64) {
	for n > 0 && len(s.origins) > 0 {
		first := &s.origins[0]
		if first.Items > n {
			first.Items -= n
			return
		}
		n -= first.Items
		s.origins = s.origins[1:]
	}
	if len(s.origins) == 0 {
		s.origins = nil
	}
}

func layoutOrigins(c *codec, p *[]origin) {
	n := c.Length(len(*p))
	if c.Reading && n > 0 {
		*p = make([]origin, n)
	}
	for i := range n {
		c.Signed(&(*p)[i].Items)
		c.Text(&(*p)[i].Source)
	}
}
