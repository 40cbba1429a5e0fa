// Package project reads the project file fermata.yaml: the functions that
// Fermata starts on demand and the state machines that it deploys.
//
//	functions:
//	  validate-order:
//	    runtime: go                    # built with the Go toolchain
//	    handler: ./functions/validate  # the package of its main function
//	  update-stock:
//	    runtime: node                  # or python
//	    handler: functions/stock/index.handler
//	    environment: {TABLE: stock}
//	    timeout: 10s
//	    concurrency: 4
//	    idleTimeout: 5m
//	  ship:
//	    command: [./ship, --fast]      # anything that speaks the Lambda Runtime API
//	stateMachines:
//	  orders:
//	    definition: order.asl.json     # or YAML
//	    type: STANDARD
//	    comment: takes an order to its confirmation
//	mapRoots:
//	  my-bucket: ./data                # a folder that distributed Maps read and write
//
// A definition may contain ${NAME}, as in the DefinitionSubstitutions of AWS
// SAM: the name of a function or of a state machine of the project stands for
// its ARN, and a state machine may add names of its own under substitutions.
// ${!NAME} is the text ${NAME} itself.
//
// A command runs in the folder of the project, a handler in its own folder.
//
// [Load] reads everything and lists all problems together, each with its file
// and line. The package knows nothing of state machine languages: what a
// definition says is the business of whoever deploys it.
package project
