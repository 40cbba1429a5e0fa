package local

import "embed"

// runtimes are small Lambda runtimes for handlers that come without one.
//
//go:embed bootstrap/bootstrap.mjs bootstrap/bootstrap.py
var runtimes embed.FS
