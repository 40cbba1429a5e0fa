package mapio

import "github.com/fermata-dev/fermata/expr/value"

// column is a member of the objects that rows become.
type column struct {
	index  int    // of the cell
	before []byte // what stands before its value: `{"name":` or `,"name":`
}

// columnsOf are the columns in the order in which they stand in an item: AWS makes a
// java.util.HashMap of each row.
func columnsOf(headers []string) ([]column, error) {
	seen := make(map[string]bool, len(headers))
	for _, h := range headers {
		if seen[h] {
			return nil, fault("CSV headers cannot contain duplicates.")
		}
		seen[h] = true
	}
	columns := make([]column, 0, len(headers))
	for _, i := range value.JavaOrder(headers) {
		before := []byte{','}
		if len(columns) == 0 {
			before[0] = '{'
		}
		columns = append(columns, column{i, append(value.AppendString(before, headers[i]), ':')})
	}
	return columns, nil
}
