// Package awsmodel knows what AWS's APIs take and answer: the requests and
// responses of all operations of all services, with the types of their members, as
// the models of AWS's SDKs have them; of responses the constraints too.
//
// The files responses.zip and requests.zip are made by the program in the folder
// generate of the models that botocore 1.43.11 comes with (Apache License 2.0,
// Copyright Amazon.com, Inc. or its affiliates). The same models give the same
// files. They have one entry for each service, which is read when it is first asked
// for, and kept.
//
//	go run ./generate -models <folder of botocore>/data -o .
package awsmodel
