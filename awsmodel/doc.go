// Package awsmodel knows what AWS's APIs answer: the responses of all operations
// of all services, with the types and constraints of their members, as the models
// of AWS's SDKs have them.
//
// The file responses.zip is made by the program in the folder generate of the
// models that botocore comes with (Apache License 2.0, Copyright Amazon.com, Inc.
// or its affiliates). It has one entry for each service, which is read when it is
// first asked for, and kept.
//
//	go run ./generate -models <folder of botocore>/data -o responses.zip
package awsmodel
