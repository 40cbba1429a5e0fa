// Command generate makes awsmodel/responses.zip and awsmodel/requests.zip of
// botocore's service models.
package main

import (
	"archive/zip"
	"compress/flate"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	models := flag.String("models", "", "the folder data of botocore")
	out := flag.String("o", ".", "the folder to write to")
	flag.Parse()
	if err := run(*models, *out); err != nil {
		log.Fatal(err)
	}
}

// archive is what a zip file has: the text of each service.
type archive map[string][]byte

func run(models, out string) error {
	sources, err := find(models)
	if err != nil {
		return err
	}
	responses, requests := archive{}, archive{}
	for _, file := range sources {
		m, err := readModel(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name := serviceName(m.Metadata.ServiceID)
		if responses[name], err = m.responseText(name); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if requests[name], err = m.requestText(name); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if err := write(filepath.Join(out, "responses.zip"), responses); err != nil {
		return err
	}
	return write(filepath.Join(out, "requests.zip"), requests)
}

// responseText is the entry of a service in responses.zip.
func (m *model) responseText(service string) ([]byte, error) {
	s, err := m.responses()
	if err != nil {
		return nil, err
	}
	correct(service, s)
	text, err := json.Marshal(s)
	return append(text, '\n'), err
}

// serviceName is the name of an entry.
func serviceName(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(id))
}

// write writes the entries in order, without times: the same models give the same
// file.
func write(out string, entries archive) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		if _, err := w.Write(entries[name]); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}
