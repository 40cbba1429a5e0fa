// Package remote invokes functions at any endpoint that speaks the Lambda Invoke
// API: AWS itself, or whatever AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL names.
//
// Region, credentials and endpoint come from the standard AWS configuration
// (environment, shared files, instance roles), which is read when the first
// function is invoked: a project that invokes none needs none. If that fails the
// task fails with Lambda.SdkClientException, and the next call tries again.
//
// A call is tried again, at most twice, only when the function cannot have run:
// when no connection came about, or when Lambda refused the call for its rate.
package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// attempts is how often a call is tried in all.
const attempts = 3

// mostRoles is for how many roles a client is remembered: a state may compute the role.
const mostRoles = 1024

// Config of a Client. The zero value is the standard AWS configuration.
type Config struct {
	// Load reads the AWS configuration; nil for config.LoadDefaultConfig.
	Load func(ctx context.Context) (aws.Config, error)
	// MaxIdleConns is how many connections are kept open for later calls;
	// 1024 if zero.
	MaxIdleConns int
	// Endpoint is where all functions are, such as http://127.0.0.1:3001; empty
	// for where the AWS configuration says. With it, as with Step Functions Local,
	// the configuration is not read, credentials are made up and no role is
	// assumed.
	Endpoint string
	// Region that calls of the Endpoint are signed for.
	Region string
}

// Client is a lambda.Invoker. It may be used by any number of goroutines.
type Client struct {
	config Config

	mu     sync.Mutex // guards the fields below; never held during I/O
	loaded *aws.Config
	http   *http.Transport
	byRole map[string]*sdk.Client // "" is nobody's role
}

// New is a client. Nothing is read or connected yet.
func New(c Config) *Client {
	switch {
	case c.Endpoint != "":
		c.Load = func(context.Context) (aws.Config, error) { return fixed(c.Endpoint, c.Region), nil }
	case c.Load == nil:
		c.Load = func(ctx context.Context) (aws.Config, error) { return config.LoadDefaultConfig(ctx) }
	}
	if c.MaxIdleConns == 0 {
		c.MaxIdleConns = 1024
	}
	return &Client{config: c, byRole: map[string]*sdk.Client{}}
}

// fixed is the configuration for an endpoint that knows no accounts.
func fixed(endpoint, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
}

// Close drops the idle connections.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.http != nil {
		c.http.CloseIdleConnections()
	}
	return nil
}

// client is the SDK's client for calls under that role.
func (c *Client) client(ctx context.Context, role string) (*sdk.Client, error) {
	if c.config.Endpoint != "" {
		role = ""
	}
	c.mu.Lock()
	client, loaded := c.byRole[role], c.loaded
	c.mu.Unlock()
	if client != nil {
		return client, nil
	}
	if loaded == nil {
		fresh, err := c.config.Load(ctx)
		if err != nil {
			return nil, fmt.Errorf("the AWS configuration cannot be read: %w", err)
		}
		if fresh.Region == "" {
			return nil, errors.New("no AWS region is configured: set AWS_REGION, or define the function in the project")
		}
		loaded = &fresh
	}
	return c.keep(*loaded, role), nil
}

// keep makes the client for a role and remembers it; of several that were made
// at the same time the first stays.
func (c *Client) keep(loaded aws.Config, role string) *sdk.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded == nil {
		c.http = pooled(loaded.HTTPClient, c.config.MaxIdleConns)
		loaded.HTTPClient = &http.Client{Transport: plainBodies{c.http}, CheckRedirect: noRedirect}
		loaded.Retryer = newRetryer
		c.loaded = &loaded
	}
	if client := c.byRole[role]; client != nil {
		return client
	}
	cfg := *c.loaded
	if role != "" {
		provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), role)
		cfg.Credentials = aws.NewCredentialsCache(provider)
	}
	if len(c.byRole) >= mostRoles { // those that are still used come again
		clear(c.byRole)
	}
	client := sdk.NewFromConfig(cfg)
	c.byRole[role] = client
	return client
}

// pooled is a transport for many calls side by side, made from what the AWS
// configuration says about certificates. There is no time limit on the answer: a
// function may run for a quarter of an hour, and the context of the call is its
// limit. Idle connections are dropped before servers usually drop them, so that a
// call rarely meets one that has just been closed.
func pooled(configured aws.HTTPClient, idle int) *http.Transport {
	base, ok := configured.(*awshttp.BuildableClient)
	if !ok {
		base = awshttp.NewBuildableClient()
	}
	t := base.GetTransport() // a copy of our own
	t.MaxIdleConns = idle
	t.MaxIdleConnsPerHost = idle
	t.MaxConnsPerHost = 0
	t.IdleConnTimeout = 20 * time.Second
	t.DisableCompression = true
	t.ResponseHeaderTimeout = 0
	return t
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func newRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.MaxBackoff = 2 * time.Second
		o.Retryables = []retry.IsErrorRetryable{retry.IsErrorRetryableFunc(harmless)}
	})
}

// harmless says whether a call may be made again because the function has
// certainly not run.
func harmless(err error) aws.Ternary {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return aws.TrueTernary
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		switch api.ErrorCode() {
		case "TooManyRequestsException", "ThrottlingException", "Throttling":
			return aws.TrueTernary
		}
	}
	return aws.FalseTernary
}
