package sfn_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/states"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/server/sfn"
	"github.com/fermata-dev/fermata/store/memstore"
)

// A server is a catalog, an engine for either type of machine, and the handler.
func Example() {
	ctx := context.Background()
	records := memstore.New(memstore.Options{})
	definitions, err := catalog.Open(ctx, catalog.Config{Records: records, Compile: catalog.ASL(nil), Place: catalog.Place{Region: "us-east-1"}})
	if err != nil {
		panic(err)
	}
	launcher := launch.New(definitions)
	open := func(t catalog.Type, s *memstore.Store) *engine.Engine {
		e, err := engine.Open(ctx, engine.Config{
			Store: s, Catalog: definitions, ChildResult: states.Result,
			Connectors: map[string]connector.Connector{states.Name: states.New(launcher.Starter(t))},
		})
		if err != nil {
			panic(err)
		}
		return e
	}
	standard, express := open(catalog.Standard, records), open(catalog.Express, memstore.New(memstore.Options{}))
	launcher.Attach(standard, express)
	definitions.Attach(standard)
	defer func() {
		definitions.Close()
		standard.Close()
		express.Close()
	}()
	handler, err := sfn.New(sfn.Config{Engine: standard, Express: express, Catalog: definitions, Launcher: launcher})
	if err != nil {
		panic(err)
	}

	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"name": "hello", "roleArn": "arn:aws:iam::123456789012:role/r",
		"definition": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}"}`))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.CreateStateMachine")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	arn, _, _ := strings.Cut(w.Body.String(), ",")
	fmt.Println(w.Code, arn)
	// Output:
	// 200 {"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:hello"
}
