package mapio

import "github.com/fermata-dev/fermata/expr/value"

// resultFile is the content of a file of results: an array, or a line for each.
type resultFile struct {
	lines bool
	text  []byte
}

// record adds what is written of a child execution. One that did not succeed is
// written whole, whatever the transformation.
func (f *resultFile) record(r *value.Object, t transformation) error {
	if t == transformNone || textOf(r, "Status") != "SUCCEEDED" {
		f.add(r)
		return nil
	}
	output, err := value.Parse([]byte(textOf(r, "Output")))
	if err != nil {
		return faultf("The output of the execution %s is not valid JSON: %v.", textOf(r, "ExecutionArn"), err)
	}
	elements, ok := output.([]any)
	if t == transformCompact || !ok {
		f.add(output)
		return nil
	}
	for _, e := range elements {
		f.add(e)
	}
	return nil
}

func (f *resultFile) add(v any) {
	if len(f.text) == 0 && !f.lines {
		f.text = append(f.text, '[')
	} else if !f.lines {
		f.text = append(f.text, ',')
	}
	f.text = value.Append(f.text, v)
	if f.lines {
		f.text = append(f.text, '\n')
	}
}

func (f *resultFile) bytes() []byte {
	switch {
	case f.lines:
		return f.text
	case len(f.text) == 0:
		return []byte("[]")
	}
	return append(f.text, ']')
}
