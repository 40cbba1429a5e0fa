package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/connector/mapio"
	"github.com/fermata-dev/fermata/mock"
	"github.com/fermata-dev/fermata/project"
	"github.com/fermata-dev/fermata/throttle"
)

// settings are what a node is made of, checked.
type settings struct {
	// store is a directory, or "memory".
	store     string
	limits    limits
	quotas    quotas
	throttle  *throttle.Rates // nil for none
	retention time.Duration   // negative for ever
	cache     int64
	mail      int64
	// heap is up to what size the heap is collected rarely.
	heap int64
	// Of Express executions: how long they are kept after their end, 0 for the
	// default, and how much memory they may take.
	expressHistory time.Duration
	expressMemory  int64
	// logDir is the folder of execution logs, logOutput where they are written as
	// lines; empty and nil for neither.
	logDir    string
	logOutput io.Writer
	place     catalog.Place
	// httpAnywhere lets HTTP tasks use plain http and private addresses.
	httpAnywhere bool
	// lambdaEndpoint is where functions are that the project has not; empty for
	// where the AWS configuration says.
	lambdaEndpoint string
	// ignoreKMS accepts keys of AWS KMS and encrypts nothing.
	ignoreKMS bool
	// mocks answer tasks of executions that are started as test cases; nil for
	// none.
	mocks *mock.File
	// mapRoots are the folders that stand for buckets.
	mapRoots  map[string]string
	mapLimits mapio.Limits
	log       *slog.Logger
}

const inMemory = "memory"

const logLevelUsage = "debug, info, warn or error; info shows what functions write"

// serverFlags are the flags of the commands that run a server.
type serverFlags struct {
	store, listen, limits, throttle, retention, cache, mail, heap, account, region, logLevel, logFormat, mocks string
	expressHistory, expressMemory, logDir                                                                      string
	insecure, httpAnywhere, ignoreKMS, logStdout                                                               bool
	mapRoots                                                                                                   []string
	local                                                                                                      localFlags
}

// add adds the flags to a command; logLevel is the default of --log-level.
func (f *serverFlags) add(cmd *cobra.Command, logLevel string) {
	flags := cmd.Flags()
	flags.StringVar(&f.store, "store", "./fermata-data", `directory of the embedded store, or "memory" for none`)
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8083", "address to listen on; port 0 takes a free one")
	flags.StringVar(&f.limits, "limits", "fermata", `limits of executions: "fermata", or "aws" for the quotas of AWS`)
	flags.StringVar(&f.throttle, "throttle", "off", `slow down calls of the API, state transitions, and how fast HTTP tasks and map runs begin: "off", or at the rates of "aws" or "aws-small", its smaller regions`)
	flags.BoolVar(&f.insecure, "insecure", false, "allow an address that other machines reach: there is no authentication yet")
	flags.BoolVar(&f.httpAnywhere, "http-anywhere", false, "let HTTP tasks use plain http and private addresses")
	flags.BoolVar(&f.ignoreKMS, "insecure-ignore-kms", false, "accept and show keys of AWS KMS, and encrypt nothing")
	flags.StringArrayVar(&f.mapRoots, "map-root", nil, mapRootUsage)
	flags.StringVar(&f.retention, "retention", "90d", `how long executions are kept after their end; "forever" for ever`)
	flags.StringVar(&f.cache, "cache", "64MiB", "memory for executions that have nothing to do at the moment")
	flags.StringVar(&f.mail, "mail", "32MiB", "memory for messages between executions that wait, such as results of children of distributed Maps; the others wait in the store")
	flags.StringVar(&f.heap, "heap", "256MiB", "size of the heap up to which it is collected rarely; no bound of what is in use")
	flags.StringVar(&f.mocks, "mock-config", os.Getenv("SFN_MOCK_CONFIG"), "mock configuration file of Step Functions Local, for executions started with ARN#TestCase (environment: SFN_MOCK_CONFIG)")
	flags.StringVar(&f.expressHistory, "express-history", "24h", "how long Express executions, which are in memory only, can be looked at after their end")
	flags.StringVar(&f.expressMemory, "express-memory", "128MiB", "memory for all Express executions; ended ones go before their time if need be")
	flags.StringVar(&f.logDir, "log-dir", "", "folder for what state machines log (loggingConfiguration), a file for each log group")
	flags.BoolVar(&f.logStdout, "log-stdout", false, "write what state machines log to standard output")
	f.local.add(cmd)
	flags.StringVar(&f.account, "account", defaultAccount(), "account in ARNs (environment: AWS_ACCOUNT_ID)")
	flags.StringVar(&f.region, "region", defaultRegion(), "region in ARNs (environment: AWS_REGION or AWS_DEFAULT_REGION)")
	flags.StringVar(&f.logLevel, "log-level", logLevel, logLevelUsage)
	flags.StringVar(&f.logFormat, "log-format", "text", "text or json")
}

var (
	accountID  = regexp.MustCompile(`^[0-9]{12}$`)
	regionName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
)

func notAnAccount(text string) error {
	return fmt.Errorf("%q is not an account; it must have 12 digits", text)
}

func notARegion(text string) error { return fmt.Errorf("%q is not a region such as us-east-1", text) }

// settings checks all flags and lists every problem.
func (f *serverFlags) settings(out streams) (settings, error) {
	var problems []error
	bad := func(flag string, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("--%s: %w", flag, err))
		}
	}
	s := settings{
		store: f.store, place: catalog.Place{Partition: "aws", Region: f.region, Account: f.account},
		httpAnywhere: f.httpAnywhere, ignoreKMS: f.ignoreKMS, logDir: f.logDir,
	}
	if f.logStdout {
		s.logOutput = out.out
	}
	if f.store == "" {
		bad("store", errors.New(`it is empty; name a directory, or "memory"`))
	}
	var err error
	s.limits, err = limitSet(f.limits)
	s.quotas = quotaSet(f.limits)
	bad("limits", err)
	s.throttle, err = throttleSet(f.throttle)
	bad("throttle", err)
	s.mapLimits = mapLimitSet(f.limits)
	s.mapRoots, err = parseMapRoots(f.mapRoots)
	bad("map-root", err)
	if f.retention == "forever" {
		s.retention = -1
	} else if s.retention, err = project.ParseDuration(f.retention); err == nil && s.retention <= 0 {
		err = errors.New(`it must be more than 0; "forever" keeps executions for ever`)
	}
	bad("retention", err)
	s.cache, err = parseBytes(f.cache)
	bad("cache", err)
	if s.mail, err = parseBytes(f.mail); err == nil && s.mail < 1<<20 {
		err = errors.New("it must be at least 1MiB")
	}
	bad("mail", err)
	if s.heap, err = parseBytes(f.heap); err == nil && s.heap < leastHeap {
		err = errors.New("it must be at least 32MiB")
	}
	bad("heap", err)
	if s.expressHistory, err = project.ParseDuration(f.expressHistory); err == nil && s.expressHistory <= 0 {
		err = errors.New("it must be more than 0")
	}
	bad("express-history", err)
	if s.expressMemory, err = parseBytes(f.expressMemory); err == nil && s.expressMemory < 1<<20 {
		err = errors.New("it must be at least 1MiB")
	}
	bad("express-memory", err)
	if !accountID.MatchString(f.account) {
		bad("account", notAnAccount(f.account))
	}
	if !regionName.MatchString(f.region) {
		bad("region", notARegion(f.region))
	}
	if err := f.local.apply(&s); err != nil {
		problems = append(problems, err)
	}
	if f.mocks != "" {
		s.mocks, err = mock.Open(f.mocks)
		bad("mock-config", err)
	}
	if s.log, err = newLogger(out.err, f.logLevel, f.logFormat); err != nil {
		problems = append(problems, err)
	}
	bad("listen", f.checkListen())
	return s, usage(errors.Join(problems...))
}

// checkListen refuses an address that other machines can reach.
func (f *serverFlags) checkListen() error {
	host, _, err := net.SplitHostPort(f.listen)
	if err != nil {
		return fmt.Errorf("%q is not an address such as 127.0.0.1:8083: %w", f.listen, err)
	}
	ip := net.ParseIP(host)
	if f.insecure || host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%s can be reached from other machines, and whoever reaches it can run workflows, since there is no authentication yet; listen on 127.0.0.1, or add --insecure", f.listen)
}

func newLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var options slog.HandlerOptions
	var threshold slog.Level
	if err := threshold.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level is %q; there are debug, info, warn and error", level)
	}
	options.Level = threshold
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, &options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &options)), nil
	}
	return nil, fmt.Errorf("--log-format is %q; there are text and json", format)
}
