# Fermata. The two commands: make run, make test.
# What they need beside Go, Node, git and make they install themselves.

SHELL  := /bin/bash
GO     ?= go
BINARY := bin/fermata
STORE  ?= ./fermata-data
LISTEN ?= 127.0.0.1:8083

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.1
# The packages where many goroutines meet.
CONCURRENT := ./engine/... ./store/... ./connector/...

export CGO_ENABLED ?= 0

.PHONY: help run build test tools format vet staticcheck tidy unit race conformance examples readme exhibit-map fuzz-jsonata bench-jsonata clean
.NOTPARALLEL:

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: build ## start Fermata on its embedded store and take an order to its end (ARGS=--once: then stop)
	@STORE='$(STORE)' LISTEN='$(LISTEN)' scripts/demo.sh $(ARGS)

build: ## build bin/fermata
	@$(GO) build -trimpath -o $(BINARY) ./cmd/fermata

# The steps of the tests, in this order; the unit tests come last, so that their
# summary ends the output.
test: tools format vet staticcheck tidy build race conformance examples readme unit ## install what is needed and run every test

tools: ## install what the tests need: the AWS CLI
	@scripts/tools.sh

format: ## every file is formatted
	@test -z "$$(gofmt -l . | tee /dev/stderr)"

vet: ## go vet
	@$(GO) vet ./...

staticcheck: ## staticcheck
	@$(GO) run $(STATICCHECK) ./...

tidy: ## go.mod says what is used
	@$(GO) mod tidy -diff

race: ## the packages where many goroutines meet, with the race detector
	@if command -v gcc >/dev/null; then CGO_ENABLED=1 $(GO) test -race -short -timeout 15m $(CONCURRENT); \
	else echo 'race: skipped: the race detector needs gcc'; fi

conformance: build ## replay what AWS was recorded to answer, if the recordings are there
	@scripts/conformance.sh

examples: build ## the test cases of the examples
	@$(BINARY) test examples --cover

readme: build ## what the README tells to type, typed
	@scripts/readme.sh

unit: build ## go test ./...
	@$(GO) test -timeout 15m ./...

exhibit-map: ## distributed Maps over ROWS rows and OBJECTS objects in S3, killed, redriven, killed: time, disk, memory
	@$(GO) test ./cmd/fermata -run TestExhibit -v -timeout 3h -exhibit.rows $(or $(ROWS),1000000) -exhibit.objects $(or $(OBJECTS),10000)

fuzz-jsonata: ## compare JSONata with its reference implementation for ten minutes (SEED=n: from that seed)
	@$(GO) test ./expr/jsonata -run TestDifferential -jsonata.for 10m -jsonata.seed $(or $(SEED),$(shell date +%s)) -timeout 30m -v

bench-jsonata: ## ns per evaluation of JSONata, here and with its reference implementation under Node
	@$(GO) test ./expr/jsonata -run '^$$' -bench 'Simple|Medium|Reference' -benchtime 2s

clean: ## remove what was built
	@rm -rf bin examples/*/.fermata
