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
//	catalog/deleting/<id>         the id of a machine whose deletion has begun
//	catalog/revision/<id>         Revision
//	catalog/activity/<name>       Activity
//
// Ids in keys have 16 hexadecimal digits. Machines lie under their ids, not
// their names: a record that never comes back once it is gone is what makes its
// version a fence.
const (
	formatVersion = 1

	sequenceKey    = "catalog/sequence"
	namePrefix     = "catalog/name/"
	machinePrefix  = "catalog/machine/"
	deletingPrefix = "catalog/deleting/"
	revisionPrefix = "catalog/revision/"
	activityPrefix = "catalog/activity/"
)

func nameKey(name string) string     { return namePrefix + name }
func machineKey(id uint64) string    { return idKey(machinePrefix, id) }
func deletingKey(id uint64) string   { return idKey(deletingPrefix, id) }
func revisionKey(id uint64) string   { return idKey(revisionPrefix, id) }
func activityKey(name string) string { return activityPrefix + name }

func idKey(prefix string, id uint64) string { return fmt.Sprintf("%s%016x", prefix, id) }

// encode writes a record. What is encoded here has no way to fail.
func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("catalog: a %T that cannot be written: %v", v, err))
	}
	return append([]byte{formatVersion}, text...)
}

// decode reads the value of a record. The key is for the error.
func decode(key string, data []byte, v any) error {
	if len(data) == 0 {
		return fmt.Errorf("catalog: record %q is empty", key)
	}
	if data[0] != formatVersion {
		return fmt.Errorf("catalog: record %q has format %d, this version knows %d: %w", key, data[0], formatVersion, store.ErrNewer)
	}
	if err := json.Unmarshal(data[1:], v); err != nil {
		return fmt.Errorf("catalog: record %q is damaged: %w", key, err)
	}
	return nil
}
