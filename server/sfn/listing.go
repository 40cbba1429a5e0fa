package sfn

// page writes a page of a listing: at most size of the items, each by write, and
// if there is one more the token by which the listing goes on, whose position is
// that of the last item written.
func page[T any](o *output, name string, items []T, size int, write func(T), next func(last T) string) {
	more := len(items) > size
	items = items[:min(len(items), size)]
	o.array(name, func() {
		for _, item := range items {
			o.next()
			o.item(func() { write(item) })
		}
	})
	if more {
		o.text("nextToken", next(items[len(items)-1]))
	}
}
