// Command generate makes awsmodel/responses.zip of botocore's service models.
package main

import (
	"archive/zip"
	"compress/flate"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/awsmodel"
)

func main() {
	log.SetFlags(0)
	models := flag.String("models", "", "the folder data of botocore")
	out := flag.String("o", "responses.zip", "the file to write")
	flag.Parse()
	if err := run(*models, *out); err != nil {
		log.Fatal(err)
	}
}

func run(models, out string) error {
	sources, err := find(models)
	if err != nil {
		return err
	}
	services := map[string]*awsmodel.Service{}
	for _, file := range sources {
		m, err := readModel(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name := serviceName(m.Metadata.ServiceID)
		if services[name], err = m.responses(); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		correct(name, services[name])
	}
	return write(out, services)
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
func write(out string, services map[string]*awsmodel.Service) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	names := make([]string, 0, len(services))
	for name := range services {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(w).Encode(services[name]); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}
