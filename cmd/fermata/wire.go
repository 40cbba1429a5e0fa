package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/cmd/fermata/client"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/httptask"
	"github.com/fermata-dev/fermata/connector/lambda"
	"github.com/fermata-dev/fermata/connector/lambda/remote"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/project"
	"github.com/fermata-dev/fermata/server/sfn"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// node is one Fermata as the commands run it: a store, the engines over it, the
// functions of a project, and the API.
type node struct {
	settings
	*fermata.Fermata
	store     store.Store
	functions *functions
	handler   http.Handler
}

// openNode puts a node together. When it returns, executions that the store
// holds go on. Functions that a project names must be there by then, so that no
// execution calls them in vain: p may be nil for none.
func openNode(ctx context.Context, s settings, p *project.Project) (*node, error) {
	processCollector.size.Store(s.heap)
	n := &node{settings: s, functions: &functions{place: s.place, log: s.log}}
	if err := n.open(ctx, p); err != nil {
		if ctx.Err() != nil {
			err = errors.New("stopped before it was ready; nothing is lost")
		}
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

func (n *node) open(ctx context.Context, p *project.Project) (err error) {
	if n.store, err = openStore(n.settings); err != nil {
		return err
	}
	if p != nil {
		if err := n.functions.load(ctx, p); err != nil {
			return err
		}
	}
	logs, err := n.executionLogs()
	if err != nil {
		return err
	}
	n.Fermata, err = fermata.Open(ctx, fermata.Config{
		Store: n.store, Limits: n.limits.Limits, Quotas: n.quotas.Quotas, Throttle: n.throttle, IgnoreKMS: n.ignoreKMS, Retention: n.retention, CacheBytes: n.cache, MailBytes: n.mail,
		ExpressLimits: n.limits.express, ExpressHistory: n.expressHistory, ExpressMemory: n.expressMemory, ExecutionLogs: logs,
		Region: n.place.Region, Account: n.place.Account,
		HTTP:       httptask.Config{AllowPlain: n.httpAnywhere, AllowPrivate: n.httpAnywhere, MaxResponse: n.limits.PayloadBytes},
		MapIO:      n.mapIO(p),
		Connectors: map[string]connector.Connector{"lambda": &lambda.Router{Local: n.functions, Remote: remote.New(remote.Config{Endpoint: n.lambdaEndpoint, Region: n.place.Region})}},
		Mocks:      n.mocks,
		Logger:     n.log,
	})
	if err != nil {
		return err
	}
	api, err := sfn.New(sfn.Config{
		Engine: n.Engine(), Express: n.Express(), Catalog: n.Catalog(), Launcher: n.Launcher(), Tester: n.Tester(), Throttle: n.Throttle(),
		Limits: sfn.Limits{RequestBytes: n.requestBytes(), PayloadBytes: n.limits.PayloadBytes, Pollers: n.quotas.pollers, TokenLife: n.quotas.tokens},
		Logger: n.log,
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.HandleFunc("GET /fermata/v1/server", n.describe)
	n.handler = mux
	return nil
}

// executionLogs is where state machines log to, nil for nowhere.
func (s *settings) executionLogs() (executionlog.Sink, error) {
	var sinks []executionlog.Sink
	if s.logDir != "" {
		folder, err := executionlog.NewFolder(s.logDir)
		if err != nil {
			return nil, fmt.Errorf("--log-dir: %w", err)
		}
		sinks = append(sinks, folder)
	}
	if s.logOutput != nil {
		sinks = append(sinks, executionlog.NewStream(s.logOutput))
	}
	if len(sinks) == 0 {
		return nil, nil
	}
	return executionlog.Tee(sinks...), nil
}

func openStore(s settings) (store.Store, error) {
	if s.store == inMemory {
		return memstore.New(memstore.Options{ID: rand.Text()}), nil
	}
	onError := func(err error) { s.log.Error("store", "error", err) }
	durable, err := pebblestore.Open(s.store, pebblestore.Options{OnError: onError})
	switch {
	case errors.Is(err, store.ErrInUse):
		return nil, fmt.Errorf("%w; stop what uses it, or name another directory with --store", err)
	case errors.Is(err, store.ErrNewer):
		return nil, fmt.Errorf("%w; this is fermata %s, use the newer one", err, versionText())
	case err != nil:
		return nil, fmt.Errorf("--store: %w", err)
	}
	return durable, nil
}

// describe tells clients whom they talk to.
func (n *node) describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{
		"version": versionText(), "account": n.place.Account, "region": n.place.Region, "store": n.settings.store,
	})
}

// client calls the node without a network.
func (n *node) client() *client.Client { return client.InProcess(n.handler) }

func (n *node) arns() project.ARNs {
	return project.ARNs{Region: n.place.Region, Account: n.place.Account}
}

// Close drains the engines, ends the functions and closes the store.
func (n *node) Close() error {
	var problems []error
	if n.Fermata != nil {
		problems = append(problems, n.Fermata.Close())
	}
	problems = append(problems, n.functions.Close())
	if n.store != nil {
		problems = append(problems, n.store.Close())
	}
	return errors.Join(problems...)
}
