package definition

import "github.com/fermata-dev/fermata/expr/value"

// layout is the order in which AWS writes the members of an object of a payload
// template: first those whose names lack the suffix ".$", as written, then the
// computed ones in the order of a java.util.HashMap of their names.
func layout(plain, computed []Member) []Member {
	names := make([]string, len(computed))
	for i := range computed {
		names[i] = computed[i].Name
	}
	for _, i := range value.JavaOrder(names) {
		plain = append(plain, computed[i])
	}
	return plain
}
