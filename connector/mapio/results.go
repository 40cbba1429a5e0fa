package mapio

import "github.com/fermata-dev/fermata/expr/value"

// resultFile is the content of a file of results: an array, or a line for each.
type resultFile struct {
	lines bool
	text  []byte
}

// record adds what is written of a child execution, of which it has the text. One that
// did not succeed is written whole, whatever the transformation.
func (f *resultFile) record(text []byte, t transformation) error {
	if t == transformNone {
		f.addText(text)
		return nil
	}
	v, err := value.Parse(text)
	if err != nil {
		return faultf("A record is not valid JSON: %v.", err)
	}
	r := v.(*value.Object)
	if textOf(r, "Status") != "SUCCEEDED" {
		f.addText(text)
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

func (f *resultFile) add(v any) { f.addText(value.Append(nil, v)) }

func (f *resultFile) addText(text []byte) {
	if len(f.text) == 0 && !f.lines {
		f.text = append(f.text, '[')
	} else if !f.lines {
		f.text = append(f.text, ',')
	}
	f.text = value.AppendCompact(f.text, text)
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
