// Package museum keeps a sample of everything that a version of this program has
// ever written durably, so that every build proves that it still reads it.
//
// A sample is a file testdata/NAME, written once by the version that introduced
// its format and never changed. To add one: extend the table in museum_test.go
// and run the tests with FERMATA_MUSEUM=add; samples that exist are never
// overwritten.
package museum
