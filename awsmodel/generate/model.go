package main

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/awsmodel"
)

// model is what is needed of a service-2.json.
type model struct {
	Metadata struct {
		ServiceID string `json:"serviceId"`
	} `json:"metadata"`
	Operations map[string]struct {
		Input  *reference `json:"input"`
		Output *reference `json:"output"`
	} `json:"operations"`
	Shapes map[string]*shape `json:"shapes"`
}

// extras is what is needed of a service-2.sdk-extras.json: members that requests
// have in SDKs only.
type extras struct {
	Merge struct {
		Shapes map[string]shape `json:"shapes"`
	} `json:"merge"`
}

type reference struct {
	Shape string `json:"shape"`
}

type shape struct {
	Type     string               `json:"type"`
	Min      *float64             `json:"min"`
	Max      *float64             `json:"max"`
	Enum     []string             `json:"enum"`
	Members  map[string]reference `json:"members"`
	Required []string             `json:"required"`
	Document bool                 `json:"document"`
	Member   reference            `json:"member"`
	Value    reference            `json:"value"`
}

// find are the newest models of all services: folders are <service>/<date>.
func find(models string) ([]string, error) {
	all, err := filepath.Glob(filepath.Join(models, "*", "*", "service-2.json.gz"))
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s holds no <service>/<date>/service-2.json.gz", models)
	}
	slices.Sort(all)
	newest := map[string]string{}
	for _, file := range all {
		newest[filepath.Dir(filepath.Dir(file))] = file
	}
	files := make([]string, 0, len(newest))
	for _, file := range newest {
		files = append(files, file)
	}
	slices.Sort(files)
	return files, nil
}

func readModel(file string) (*model, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	m := &model{}
	if err := json.NewDecoder(r).Decode(m); err != nil {
		return nil, err
	}
	if m.Metadata.ServiceID == "" { // a few old services have none
		m.Metadata.ServiceID = filepath.Base(filepath.Dir(filepath.Dir(file)))
	}
	return m, m.readExtras(filepath.Join(filepath.Dir(file), "service-2.sdk-extras.json"))
}

// readExtras adds the members of a file that few services have.
func (m *model) readExtras(file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var more extras
	if err := json.Unmarshal(text, &more); err != nil {
		return err
	}
	for name, extra := range more.Merge.Shapes {
		if known := m.Shapes[name]; known != nil && len(extra.Members) > 0 {
			maps.Copy(known.Members, extra.Members)
		}
	}
	return nil
}

// collector gathers the shapes that responses are made of.
type collector struct {
	*model
	positions map[string]int
	shapes    []awsmodel.Shape
}

// responses are the responses of all operations.
func (m *model) responses() (*awsmodel.Service, error) {
	c := &collector{model: m, positions: map[string]int{}}
	s := &awsmodel.Service{Operations: map[string]int{}}
	for _, name := range slices.Sorted(maps.Keys(m.Operations)) {
		s.Operations[name] = -1
		if output := m.Operations[name].Output; output != nil {
			at, err := c.collect(output.Shape)
			if err != nil {
				return nil, fmt.Errorf("operation %s: %w", name, err)
			}
			s.Operations[name] = at
		}
	}
	s.Shapes = c.shapes
	return s, nil
}

// collect is the position of a shape.
func (c *collector) collect(name string) (int, error) {
	if at, ok := c.positions[name]; ok {
		return at, nil
	}
	source := c.Shapes[name]
	if source == nil {
		return 0, fmt.Errorf("there is no shape %s", name)
	}
	at := len(c.shapes)
	c.positions[name] = at
	c.shapes = append(c.shapes, awsmodel.Shape{})
	made, err := c.convert(source)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	c.shapes[at] = made
	return at, nil
}

var types = map[string]awsmodel.Type{
	"structure": awsmodel.Structure, "list": awsmodel.List, "map": awsmodel.Map,
	"string": awsmodel.Text, "timestamp": awsmodel.Text, "blob": awsmodel.Text, "character": awsmodel.Text,
	"integer": awsmodel.Number, "long": awsmodel.Number, "float": awsmodel.Number, "double": awsmodel.Number,
	"bigdecimal": awsmodel.Number, "biginteger": awsmodel.Number, "short": awsmodel.Number, "byte": awsmodel.Number,
	"boolean": awsmodel.Boolean,
}

func (c *collector) convert(s *shape) (made awsmodel.Shape, err error) {
	made = awsmodel.Shape{Type: types[s.Type], Min: s.Min, Max: s.Max, Enum: s.Enum}
	switch {
	case s.Document:
		return awsmodel.Shape{Type: awsmodel.Anything}, nil
	case made.Type == "":
		return made, fmt.Errorf("the type %s is not known", s.Type)
	case made.Type == awsmodel.List:
		made.Of, err = c.collect(s.Member.Shape)
	case made.Type == awsmodel.Map:
		made.Of, err = c.collect(s.Value.Shape)
	case made.Type == awsmodel.Structure:
		err = c.members(s, &made)
	}
	return made, err
}

func (c *collector) members(s *shape, made *awsmodel.Shape) error {
	made.Members = make(map[string]int, len(s.Members))
	for _, name := range slices.Sorted(maps.Keys(s.Members)) {
		at, err := c.collect(s.Members[name].Shape)
		if err != nil {
			return err
		}
		made.Members[capital(name)] = at
	}
	for _, name := range s.Required {
		made.Required = append(made.Required, capital(name))
	}
	return nil
}

func capital(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
