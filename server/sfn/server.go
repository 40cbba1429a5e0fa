package sfn

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/teststate"
)

// Engine is what the server needs of an engine. *engine.Engine is one.
type Engine interface {
	Wait(ctx context.Context, run store.RunID) (engine.Description, error)
	Stop(ctx context.Context, run store.RunID, errName, cause *string) (time.Time, error)
	Redrive(ctx context.Context, run store.RunID, token string) error
	Poll(ctx context.Context, queue, worker string) (*engine.WorkItem, error)
	CompleteTask(ctx context.Context, token string, output []byte) error
	FailTask(ctx context.Context, token string, errName, cause *string) error
	HeartbeatTask(ctx context.Context, token string) error
	CheckToken(token string) error
	Head(ctx context.Context, run store.RunID) (*store.Head, error)
	Describe(ctx context.Context, run store.RunID) (engine.Description, error)
	EntriesFrom(ctx context.Context, run store.RunID, from uint64, yield func(engine.Entry) bool) error
	Definition(ctx context.Context, run store.RunID) (*engine.Definition, error)
	ByName(ctx context.Context, machine uint64, name string) (store.RunID, error)
	List(ctx context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error)
	Resume(ctx context.Context, run store.RunID) error
	ResumeDeleted(ctx context.Context, run store.RunID) error
	View(ctx context.Context, run store.RunID, view func(interpreter.Run) any) (any, *store.Head, error)
	Update(ctx context.Context, run store.RunID, change []byte) error
	ParentOfName(name string) (run store.RunID, number int64, ok bool)
	Healthy() error
}

// Run is an execution that an engine knows.
type Run struct {
	ID         store.RunID
	Definition *engine.Definition
	Name       string // as the engine knows it
	Engine     Engine
}

// Config of a server. Engine, Catalog and Launcher are required.
type Config struct {
	// Engine runs Standard machines, Express the others; without Express they
	// are refused.
	Engine, Express Engine
	Catalog         *catalog.Catalog
	Launcher        *launch.Launcher
	Limits          Limits
	// Throttle slows the calls of AWS's operations down (default: nothing does).
	Throttle Throttle
	// Tester tests single states (default: one without connectors, for states that
	// call nothing).
	Tester *teststate.Tester
	// Logger is told of faults of the server's own (default: discards).
	Logger *slog.Logger
	// Now is the clock of the tokens of listings (default: the machine's).
	Now func() time.Time
}

// Limits of a server.
type Limits struct {
	// RequestBytes bounds the body of a request (default 8 MiB: a definition of
	// the greatest length fits, whatever it has escaped).
	RequestBytes int64
	// BodyTime is how long the body of a request may take to arrive (default 60 s).
	BodyTime time.Duration
	// PayloadBytes bounds the inputs and outputs that clients send (default
	// 262,144, as AWS has it; it should be that of the executions).
	PayloadBytes int
	// PollTime is how long GetActivityTask waits (default 60 s).
	PollTime time.Duration
	// Pollers bounds the calls of GetActivityTask that wait for one activity
	// (default 0: nothing does).
	Pollers int
	// TokenLife is how long a token of a listing can be used (default 0: for ever).
	TokenLife time.Duration
}

// Server answers the API. Make one with New.
type Server struct {
	cfg     Config
	mux     *http.ServeMux
	pollers pollers
	replays replays
	origins *http.CrossOriginProtection
}

// New makes a handler.
func New(cfg Config) (*Server, error) {
	if cfg.Engine == nil || cfg.Catalog == nil || cfg.Launcher == nil {
		return nil, errors.New("sfn: Config needs Engine, Catalog and Launcher")
	}
	if cfg.Limits.RequestBytes <= 0 {
		cfg.Limits.RequestBytes = 8 << 20
	}
	if cfg.Limits.BodyTime <= 0 {
		cfg.Limits.BodyTime = 60 * time.Second
	}
	if cfg.Limits.PayloadBytes <= 0 {
		cfg.Limits.PayloadBytes = 262144
	}
	if cfg.Limits.PollTime <= 0 {
		cfg.Limits.PollTime = 60 * time.Second
	}
	if cfg.Tester == nil {
		cfg.Tester = &teststate.Tester{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{cfg: cfg, mux: http.NewServeMux(), pollers: pollers{limit: cfg.Limits.Pollers}, origins: http.NewCrossOriginProtection()}
	s.mux.HandleFunc("/{$}", s.serveAPI)
	s.mux.HandleFunc("GET /healthz", s.serveHealth)
	s.mux.HandleFunc("GET /fermata/v1/stateMachines", s.serveMachines)
	s.mux.HandleFunc("GET /fermata/v1/executions", s.serveList)
	s.mux.HandleFunc("GET /fermata/v1/executions/{executionArn}", s.serveDescription)
	s.mux.HandleFunc("GET /fermata/v1/executions/{executionArn}/history", s.serveHistory)
	s.mux.HandleFunc("POST /fermata/v1/executions/stop", s.serveStop)
	s.mux.HandleFunc("POST /fermata/v1/executions/wait", s.serveWait)
	s.mux.HandleFunc("POST /fermata/v1/executions/run", s.serveRun)
	s.mux.HandleFunc("POST /fermata/v1/executions/resume", s.serveResume)
	return s, nil
}

// ServeHTTP answers one request. What a page of another origin has a browser send
// is refused: there is no authentication that would tell it from its user's own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := s.origins.Check(r); err != nil {
		s.exchange(w, r, "", func() ([]byte, error) {
			return nil, &failure{status: http.StatusForbidden, code: "AccessDeniedException", message: "The page that sends this request is of another origin than the server"}
		})
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) {
	err := s.cfg.Engine.Healthy()
	if err == nil && s.cfg.Express != nil {
		err = s.cfg.Express.Healthy()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}
