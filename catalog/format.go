package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/fermata-dev/fermata/store"
)

// The records: one byte of format version, then JSON. Versions only move
// forward; testdata has a sample of each one ever written.
//
//	catalog/sequence              the next id (a number)
//	catalog/name/<name>           the id of the machine that has the name
//	catalog/machine/<id>          Machine
//	catalog/deleting/<id>         Deletion of a machine; format 1 had its id alone
//	catalog/revision/<id>         Revision
//	catalog/activity/<name>       Activity
//	catalog/version/<id>/<n>      Version of a machine; n is the complement of its number
//	catalog/alias/<id>/<name>     Alias of a machine
//
// Ids in keys have 16 hexadecimal digits, and so has the complement, by which
// the newest version comes first. Machines lie under their ids, not
// their names: a record that never comes back once it is gone is what makes its
// version a fence.
//
// Format 2 is a machine that has had versions, format 3 a deletion that tells
// executions of it; all else has format 1.
const (
	formatFirst     = 1
	formatVersions  = 2
	formatDeletions = 3

	sequenceKey    = "catalog/sequence"
	namePrefix     = "catalog/name/"
	machinePrefix  = "catalog/machine/"
	deletingPrefix = "catalog/deleting/"
	revisionPrefix = "catalog/revision/"
	activityPrefix = "catalog/activity/"
	versionPrefix  = "catalog/version/"
	aliasPrefix    = "catalog/alias/"
)

func nameKey(name string) string     { return namePrefix + name }
func machineKey(id uint64) string    { return idKey(machinePrefix, id) }
func deletingKey(id uint64) string   { return idKey(deletingPrefix, id) }
func revisionKey(id uint64) string   { return idKey(revisionPrefix, id) }
func activityKey(name string) string { return activityPrefix + name }

// versionsOf and aliasesOf are the prefixes of the keys of one machine.
func versionsOf(machine uint64) string { return idKey(versionPrefix, machine) + "/" }
func aliasesOf(machine uint64) string  { return idKey(aliasPrefix, machine) + "/" }

func versionKey(machine, number uint64) string    { return idKey(versionsOf(machine), ^number) }
func aliasKey(machine uint64, name string) string { return aliasesOf(machine) + name }

func idKey(prefix string, id uint64) string { return fmt.Sprintf("%s%016x", prefix, id) }

// encode writes a record. What is encoded here has no way to fail.
func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("catalog: a %T that cannot be written: %v", v, err))
	}
	format := byte(formatFirst)
	if f, ok := v.(interface{ format() byte }); ok {
		format = f.format()
	}
	return append([]byte{format}, text...)
}

// decode reads the value of a record. The key is for the error.
func decode(key string, data []byte, v any) error {
	if len(data) == 0 {
		return fmt.Errorf("catalog: record %q is empty", key)
	}
	if data[0] < formatFirst || data[0] > formatDeletions {
		return fmt.Errorf("catalog: record %q has format %d, this version knows %d to %d: %w", key, data[0], formatFirst, formatDeletions, store.ErrNewer)
	}
	if err := json.Unmarshal(data[1:], v); err != nil {
		return fmt.Errorf("catalog: record %q is damaged: %w", key, err)
	}
	return nil
}
